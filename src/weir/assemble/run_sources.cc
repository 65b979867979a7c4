#include "weir/assemble/run_sources.h"

#include <algorithm>
#include <chrono>

#include "weir/base/log.h"
#include "weir/source/pacer.h"

namespace weir {

RunSources::RunSources(Pipeline& pipeline, SourceControl* control, OnDone on_done)
    : pipeline_(pipeline), control_(control), on_done_(std::move(on_done)) {}

RunSources::~RunSources() {
  if (control_ != nullptr) control_->detach();
  join_feeders();
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
  waiting_.push_back(std::make_unique<Opened>(Opened{name, source, std::move(watched)}));
  return std::nullopt;
}

Status RunSources::start() {
  Status started;
  for (auto& opened : waiting_) {
    started = start(std::move(opened));
    if (!started) break;
  }
  waiting_.clear();
  if (started) {
    if (control_ == nullptr) return {};
    control_->attach(
        [this](const std::string& name, const SourceSpec& spec, std::unique_ptr<Source> source) {
          note(*source);
          return start(std::make_unique<Opened>(Opened{name, spec, std::move(source)}));
        });
    return {};
  }
  // Those that have started read from their sources until the flow has ended.
  pipeline_.flow().stop();
  stop();
  join_feeders();
  pipeline_.flow().drain();
  return started;
}

Status RunSources::start(std::unique_ptr<Opened> opened) {
  const Opened& of = *opened;
  const bool paced = of.spec.live || of.spec.pace == SourceSpec::Pace::kReal;
  Pipeline::StreamSpec stream;
  stream.name = of.name;
  if (!of.spec.steps.empty()) {
    WEIR_ASSIGN(stream.steps, pipeline_.step_set(of.spec.steps));
  }
  const StepSet steps = stream.steps;
  if (!paced) stream.source = of.source.get();
  if (of.spec.live) stream.mailbox = flow::MailboxPolicy::kLatest;
  stream.on_done = [this, &of](Task task, flow::StreamId id) {
    on_done_(std::move(task), id, of.spec);
  };
  {
    // Workers may read from it before open_stream() returns.
    const MutexLock lock(mutex_);
    running_.push_back(std::move(opened));
  }
  WEIR_ASSIGN(const flow::StreamId id, pipeline_.open_stream(std::move(stream)));
  if (!paced) return {};
  const MutexLock lock(mutex_);
  feeders_.emplace_back([this, &of, id, steps] { feed(of, id, steps); });
  return {};
}

// A source with a pace of its own: each frame is handed in when its time has come.
void RunSources::feed(const Opened& of, flow::StreamId stream, StepSet steps) {
  Pacer pacer;
  flow::PostOptions post;
  post.steps = steps;
  while (std::optional<SourceInput> input = of.source->next()) {
    if (!wait_until(pacer.due_ns(input->time_ms))) break;
    const int64_t number = input->number;
    Task task = task_of(std::move(*input));
    if (of.spec.live) {
      pipeline_.offer(stream, std::move(task), number);
    } else if (!pipeline_.post(stream, std::move(task), post, number)) {
      break;  // the pipeline stopped
    }
  }
  // An Error says that the pipeline has stopped, which closes it too.
  static_cast<void>(pipeline_.flow().close_stream(stream));
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
  std::vector<std::jthread> feeders;
  {
    const MutexLock lock(mutex_);
    feeders.swap(feeders_);
  }
  for (std::jthread& feeder : feeders) feeder.join();
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

std::vector<std::string> RunSources::names() const {
  const MutexLock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& opened : running_) names.push_back(opened->name);
  return names;
}

}  // namespace weir
