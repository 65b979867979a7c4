// Small bodies and builders that the tests of the flow share.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "weir/flow/pipeline.h"

namespace weir::flow {

// A body made of a function.
class FunctionBody final : public StageBody {
 public:
  using Function = std::function<StageResult(Slot&, StopToken)>;
  explicit FunctionBody(Function function) : function_(std::move(function)) {}
  StageResult run(Slot& slot, StopToken stop) override { return function_(slot, stop); }

 private:
  Function function_;
};

inline std::shared_ptr<StageBody> body(std::function<StageResult(Slot&)> function) {
  return std::make_shared<FunctionBody>(
      [function](Slot& slot, StopToken) { return function(slot); });
}
inline std::shared_ptr<StageBody> body(std::function<void()> function = [] {}) {
  return std::make_shared<FunctionBody>([function](Slot&, StopToken) {
    function();
    return StageResult::done();
  });
}

// Holds threads until it is opened; counts who came.
class Barrier {
 public:
  void pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_ || tickets_ > 0; });
    if (!open_) --tickets_;
  }
  void open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void let_one_pass() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++tickets_;
    changed_.notify_all();
  }
  void await_arrivals(int count) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }
  int arrived() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return arrived_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  int tickets_ = 0;
  bool open_ = false;
};

inline Payload number(int value) {
  return Payload::own(std::make_unique<int>(value));
}
inline int number_of(const Finished& finished) {
  return *finished.payload.as<int>();
}

inline StageSpec stage(std::string name, std::vector<std::string> after,
                       std::shared_ptr<StageBody> what) {
  StageSpec spec;
  spec.name = std::move(name);
  spec.after = std::move(after);
  spec.body = std::move(what);
  return spec;
}

inline std::unique_ptr<Pipeline> start(GraphSpec spec, PipelineOptions options = {}) {
  if (spec.executors.empty()) spec.executors = {{.name = "cpu", .workers = 2}};
  auto graph = Graph::compile(std::move(spec));
  EXPECT_TRUE(graph.has_value()) << graph.error().to_string();
  auto pipe = Pipeline::start(*graph, options);
  EXPECT_TRUE(pipe.has_value());
  return std::move(*pipe);
}

inline StreamId open(Pipeline& pipe, const StreamOptions& options = {}) {
  auto stream = pipe.open_stream(options);
  EXPECT_TRUE(stream.has_value()) << stream.error().to_string();
  return *stream;
}

}  // namespace weir::flow
