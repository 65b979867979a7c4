#include "weir/assemble/run_sources.h"

#include <algorithm>
#include <chrono>

#include "weir/base/log.h"
#include "weir/source/pacer.h"

namespace weir {

// Counts what workers fetch, so that the last result of a stream is known as such.
class RunSources::Counted final : public Source {
 public:
  Counted(RunSources& of, Opened& opened, std::unique_ptr<Source> source)
      : of_(of), opened_(opened), source_(std::move(source)) {}

  std::optional<SourceInput> next() override {
    std::optional<SourceInput> input = source_->next();
    if (input) {
      ++opened_.left;
    } else if (!std::exchange(ended_, true)) {
      of_.one_less(opened_);
    }
    return input;
  }
  int64_t expected() const override { return source_->expected(); }

 private:
  RunSources& of_;
  Opened& opened_;
  const std::unique_ptr<Source> source_;
  bool ended_ = false;
};

RunSources::RunSources(Pipeline& pipeline, SourceControl* control, Calls calls)
    : pipeline_(pipeline), control_(control), calls_(std::move(calls)) {}

RunSources::~RunSources() {
  if (control_ != nullptr) control_->detach();
  join_feeders();
  // A run that was stopped leaves their streams in the flow, which reads no more.
  const MutexLock lock(mutex_);
  for (const auto& opened : running_) opened->source.reset();
}

Status RunSources::open() {
  const PipelineSpec& spec = pipeline_.spec();
  if (spec.sources.empty()) {
    return Error(ErrorCode::kInvalidArgument, "the pipeline has no sources",
                 spec.place({"sources"}), "write 'sources: {photos: {pictures: folder/}}'");
  }
  // What the budget leaves is shared with those that are still to be opened.
  auto sharing = static_cast<int>(spec.sources.size());
  for (const auto& [name, source] : spec.sources) {
    std::optional<Error> wrong = open(name, source, sharing--);
    if (wrong) failed_.push_back({name, spec.placed(std::move(*wrong), {"sources", name})});
  }
  if (waiting_.empty()) return failed_.front().error;
  // Now, since the run may be a long one; its report tells it again.
  for (const SourceFailure& of : failed_) {
    log("run").warn("runs without the source '", of.name, "': ", of.error.to_string());
  }
  return {};
}

std::optional<Error> RunSources::open(const std::string& name, const SourceSpec& source,
                                      int sharing) {
  auto opened =
      open_source(source, {.name = name, .budget = &pipeline_.threads(), .sharing = sharing});
  if (!opened) return std::move(opened).error();
  note(**opened);
  auto watched = std::move(opened).value();
  if (control_ != nullptr) watched = control_->watch(name, std::move(watched));
  waiting_.push_back(std::make_shared<Opened>(name, source, std::move(watched), false));
  return std::nullopt;
}

Status RunSources::start() {
  Status started;
  for (const auto& opened : waiting_) {
    started = start(opened);
    if (!started) break;
  }
  waiting_.clear();
  if (started) {
    if (control_ == nullptr) return {};
    control_->attach(
        [this](const std::string& name, const SourceSpec& spec, std::unique_ptr<Source> source) {
          note(*source);
          return start(std::make_shared<Opened>(name, spec, std::move(source), true));
        },
        pipeline_.threads());
    return {};
  }
  // Those that have started read from their sources until the flow has ended.
  pipeline_.flow().stop();
  stop();
  join_feeders();
  pipeline_.flow().drain();
  return started;
}

Status RunSources::start(const std::shared_ptr<Opened>& opened) {
  Opened& one = *opened;
  const SourceSpec& spec = one.of.spec;
  const bool paced = spec.live || spec.pace == SourceSpec::Pace::kReal;
  Pipeline::StreamSpec stream;
  if (!spec.steps.empty()) {
    WEIR_ASSIGN(stream.steps, pipeline_.step_set(spec.steps));
  }
  const StepSet steps = stream.steps;
  if (!paced) {
    one.source = std::make_unique<Counted>(*this, one, std::move(one.source));
    stream.source = one.source.get();
  }
  if (spec.live) stream.mailbox = flow::MailboxPolicy::kLatest;
  stream.on_done = [this, opened, paced](Task task, flow::StreamId id) {
    calls_.result(std::move(task), id, opened->of);
    if (!paced) one_less(*opened);
  };
  {
    // Workers may read from it before open_stream() returns.
    const MutexLock lock(mutex_);
    stream.name = one.of.stream = names_.next(one.of.name);
    running_.push_back(opened);
  }
  WEIR_ASSIGN(one.id, pipeline_.open_stream(std::move(stream)));
  if (!paced) {
    one_less(one);
    return {};
  }
  const MutexLock lock(mutex_);
  std::erase_if(feeders_, [](const Feeder& feeder) { return feeder.of->fed.load(); });
  feeders_.push_back({opened, std::jthread([this, opened, steps] {
                        feed(*opened, steps);
                        opened->fed = true;
                      })});
  return {};
}

void RunSources::one_less(Opened& opened) {
  if (--opened.left == 0) over(opened);
}

// All its results were told. Called from inside its stream, its feeder or start(), who hold it.
void RunSources::over(Opened& opened) {
  calls_.end(opened.of);
  if (!opened.added) return;
  const Result<flow::TaskCounts> counts = pipeline_.flow().counts(opened.id);
  // An Error says that the pipeline has stopped, which closes it too.
  static_cast<void>(pipeline_.flow().close_stream(opened.id));
  const MutexLock lock(mutex_);
  GoneSources& gone = gone_[opened.of.name];
  gone.name = opened.of.name;
  ++gone.times;
  if (counts) gone.counts += *counts;
  std::erase_if(running_, [&](const auto& running) { return running.get() == &opened; });
}

std::vector<GoneSources> RunSources::gone() const {
  const MutexLock lock(mutex_);
  std::vector<GoneSources> list;
  for (const auto& [name, gone] : gone_) list.push_back(gone);
  return list;
}

// A source with a pace of its own: each frame is handed in when its time has come.
void RunSources::feed(Opened& opened, StepSet steps) {
  Pacer pacer;
  flow::PostOptions post;
  post.steps = steps;
  while (std::optional<SourceInput> input = opened.source->next()) {
    if (!wait_until(pacer.due_ns(input->time_ms))) break;
    const int64_t number = input->number;
    Task task = task_of(std::move(*input));
    if (opened.of.spec.live) {
      pipeline_.offer(opened.id, std::move(task), number);
    } else if (!pipeline_.post(opened.id, std::move(task), post, number)) {
      break;  // the pipeline stopped
    }
  }
  opened.source.reset();
  // What a live source's mailbox drops has no result that could be counted.
  pipeline_.flow().drain(opened.id);
  over(opened);
}

// False: the run is to end.
bool RunSources::wait_until(int64_t due_ns) {
  const std::chrono::steady_clock::time_point due{std::chrono::nanoseconds(due_ns)};
  const MutexLock lock(mutex_);
  while (!stopped_) {
    if (std::chrono::steady_clock::now() >= due) return true;
    changed_.wait_until(mutex_, due);
  }
  return false;
}

void RunSources::join_feeders() {
  std::vector<Feeder> feeders;
  {
    const MutexLock lock(mutex_);
    feeders.swap(feeders_);
  }
  for (Feeder& feeder : feeders) feeder.thread.join();
}

// Whoever is added meanwhile is waited for, too.
void RunSources::wait() {
  while (true) {
    const uint64_t seen = control_ != nullptr ? control_->added() : 0;
    join_feeders();
    pipeline_.flow().drain();
    if (control_ == nullptr || control_->detach(seen)) return;
  }
}

void RunSources::stop() {
  const MutexLock lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

void RunSources::note(const Source& source) {
  const int64_t expected = source.expected();
  const MutexLock lock(mutex_);
  all_known_ = all_known_ && expected > 0;
  expected_ += static_cast<uint64_t>(std::max<int64_t>(0, expected));
}

uint64_t RunSources::expected() const {
  const MutexLock lock(mutex_);
  return all_known_ ? expected_ : 0;
}

}  // namespace weir
