#include "weir/step/parts_pool.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "weir/model/batch_part.h"

namespace weir {
namespace {

// Of models whose sizes are open: inputs of so many shapes are kept.
constexpr std::size_t kFreeInputs = 64;

bool has_shapes(const PartsPool::Input& input, std::span<const Shape> shapes) {
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (!(input.views[i].shape == shapes[i])) return false;
  }
  return true;
}

bool has_memory(const Session& session) {
  for (std::size_t i = 0; i < session.input_count(); ++i) {
    if (session.input(i).data == nullptr) return false;
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<PartsPool>> PartsPool::make(std::shared_ptr<const Model> model,
                                                   uint32_t sessions) {
  std::unique_ptr<PartsPool> pool(new PartsPool(std::move(model)));
  const MutexLock lock(pool->mutex_);
  for (uint32_t i = 0; i < sessions; ++i) {
    WEIR_ASSIGN(auto run, pool->make_run());
    pool->runs_.push_back(std::move(run));
  }
  return pool;
}

decltype(ModelUse::prepare) PartsPool::maker(uint32_t sessions) {
  return [sessions](const std::shared_ptr<const Model>& model) -> Result<std::shared_ptr<void>> {
    WEIR_ASSIGN(std::shared_ptr<PartsPool> pool, make(model, sessions));
    return std::shared_ptr<void>(std::move(pool));
  };
}

Result<std::unique_ptr<PartsPool::Run>> PartsPool::make_run() const {
  auto run = std::make_unique<Run>();
  for (const auto& part : model_->parts()) {
    WEIR_ASSIGN(auto session, part->make_session());
    run->borrowed.push_back(session.get());
    run->sessions.push_back(std::move(session));
  }
  if (run->sessions.size() == 1 && has_memory(*run->sessions.front())) {
    WEIR_TRY(run->sessions.front()->warm_up(model_->spec().warm_up));
  }
  return run;
}

Result<PartsPool::InputLease> PartsPool::prepare(const ItemSource& item) {
  thread_local std::vector<Shape> shapes;
  shapes.assign(model_->parts().front()->inputs().size(), Shape{});
  WEIR_TRY(model_->family().shape_for(item, shapes));
  WEIR_ASSIGN(InputLease input, take_input(shapes));
  WEIR_TRY(model_->family().prepare(item, input->views, input->plan));
  return input;
}

Result<PartsPool::InputLease> PartsPool::take_input(std::span<const Shape> shapes) {
  uint32_t kind = 0;
  {
    const MutexLock lock(mutex_);
    for (auto free = inputs_.rbegin(); free != inputs_.rend(); ++free) {
      if (!has_shapes(**free, shapes)) continue;
      InputLease lease(free->release(), GiveInput{this});
      inputs_.erase(std::next(free).base());
      return lease;
    }
    while (kind < kinds_.size() && !std::equal(shapes.begin(), shapes.end(), kinds_[kind].begin()))
      ++kind;
    if (kind == kinds_.size()) kinds_.emplace_back(shapes.begin(), shapes.end());
  }
  WEIR_ASSIGN(auto input, make_input(shapes, kind));
  return InputLease(input.release(), GiveInput{this});
}

Result<std::unique_ptr<PartsPool::Input>> PartsPool::make_input(std::span<const Shape> shapes,
                                                                uint32_t kind) const {
  auto input = std::make_unique<Input>();
  input->kind = kind;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const DType dtype = model_->parts().front()->inputs()[i].dtype;
    WEIR_ASSIGN(Tensor memory, Tensor::allocate(dtype, shapes[i]));
    std::memset(memory.view().data, 0, memory.view().bytes());
    input->views.push_back(memory.view());
    input->memory.push_back(std::move(memory));
  }
  return input;
}

Result<std::unique_ptr<PartsPool::Run>> PartsPool::take_run() {
  {
    const MutexLock lock(mutex_);
    if (!runs_.empty()) {
      std::unique_ptr<Run> run = std::move(runs_.back());
      runs_.pop_back();
      return run;
    }
  }
  return make_run();
}

// One item is read where it was prepared; several are gathered by one copy.
Status PartsPool::bind(Session& session, std::span<const Input* const> inputs) {
  const std::size_t count = inputs.size();
  for (std::size_t i = 0; i < session.input_count(); ++i) {
    if (count == 1) {
      WEIR_TRY(session.bind_input(i, inputs[0]->views[i]));
      continue;
    }
    Shape shape = inputs[0]->views[i].shape;
    shape[0] = static_cast<int64_t>(count);
    WEIR_TRY(session.set_input_shape(i, shape));
    for (std::size_t n = 0; n < count; ++n) {
      const TensorView& from = inputs[n]->views[i];
      std::memcpy(batch_part(session.input(i), n, count).data, from.data, from.bytes());
    }
  }
  return {};
}

Status PartsPool::check_outputs(const Run& run) const {
  const Session& session = *run.sessions.back();
  for (std::size_t i = 0; i < session.output_count(); ++i) {
    const TensorView& output = session.output(i);
    if (holds_batch(output, run.items)) continue;
    return Error(ErrorCode::kUnsupported,
                 "the output '" + session.model().outputs()[i].name + "' is " +
                     to_string(output.shape) + " for " + std::to_string(run.items) + " items",
                 model_->name(), "write batch: 1");
  }
  return {};
}

Status PartsPool::bind(std::span<const Input* const> inputs, std::span<RunShare> shares) {
  WEIR_ASSIGN(std::unique_ptr<Run> run, take_run());
  Status bound = bind(*run->sessions.front(), inputs);
  if (!bound.has_value()) {
    give_back(std::move(run));
    return bound;
  }
  run->items = inputs.size();
  run->unread = inputs.size();
  Run* shared = run.release();
  for (RunShare& share : shares) share = RunShare(shared, EndShare{this});
  return {};
}

Status PartsPool::infer(Run& run) {
  WEIR_TRY(model_->family().infer(run.borrowed));
  return check_outputs(run);
}

Status PartsPool::start(Run& run, Starter& starter) {
  if (model_->family().own_infer() != nullptr) {
    return Error(ErrorCode::kUnsupported, "its family runs it in parts", model_->name());
  }
  // As small as it is, it lies inside of the function.
  struct End {
    Run* run;
    Starter* starter;
    void operator()(Status status) const { starter->ended(*run, std::move(status)); }
  };
  return run.sessions.front()->start(End{&run, &starter});
}

Status PartsPool::interpret(const Run& run, std::size_t place, const ItemSource& item,
                            const ItemPlan& plan, std::vector<Finding>& found) const {
  const Session& session = *run.sessions.back();
  thread_local std::vector<TensorView> views;
  views.clear();
  for (std::size_t i = 0; i < session.output_count(); ++i) {
    views.push_back(batch_part(session.output(i), place, run.items));
  }
  return model_->family().interpret(views, item, plan, found);
}

void PartsPool::give_back(std::unique_ptr<Input> input) {
  const MutexLock lock(mutex_);
  if (inputs_.size() >= kFreeInputs) inputs_.erase(inputs_.begin());
  inputs_.push_back(std::move(input));
}

void PartsPool::give_back(std::unique_ptr<Run> run) {
  const MutexLock lock(mutex_);
  runs_.push_back(std::move(run));
}

}  // namespace weir
