// Small bodies, sources and sinks that the cases share, and how a flow of them is started.
#pragma once

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/flow/work.h"
#include "weir/flow/pipeline.h"

namespace weir::bench {

// A body made of a function that is always done.
class Call final : public flow::StageBody {
 public:
  explicit Call(std::function<void(flow::Slot&)> function) : function_(std::move(function)) {}
  flow::StageResult run(flow::Slot& slot, flow::StopToken) override {
    function_(slot);
    return flow::StageResult::done();
  }

 private:
  std::function<void(flow::Slot&)> function_;
};

class Empty final : public flow::StageBody {
 public:
  flow::StageResult run(flow::Slot&, flow::StopToken) override { return flow::StageResult::done(); }
};

// A body on a pretended device: it returns at once, its end is told by the device.
class OnDevice final : public flow::StageBody {
 public:
  OnDevice(int lanes, int64_t service_ns) : device_(lanes, service_ns) {}
  bool asynchronous() const override { return true; }
  flow::StageResult start(std::span<flow::Slot>, flow::Completion done) override {
    device_.submit([done] { done.finish(flow::StageResult::done()); });
    return flow::StageResult::pending();
  }
  flow::StageResult run(flow::Slot&, flow::StopToken) override {
    return flow::StageResult::pending();
  }

 private:
  PretendedDevice device_;
};

// Gives `count` empty inputs, as fast as it is asked.
class Numbers final : public flow::Source {
 public:
  explicit Numbers(int count) : left_(count) {}
  flow::Pulled pull(flow::Payload&, int64_t&) override {
    if (begin_ns_ == 0) begin_ns_ = now_ns();
    if (left_ == 0) {
      end_ns_ = now_ns();
      return flow::Pulled::kEnd;
    }
    --left_;
    return flow::Pulled::kInput;
  }
  // From the first pull to the last: neither the first wake nor the draining.
  int64_t pulling_ns() const { return end_ns_ - begin_ns_; }

 private:
  int left_;
  int64_t begin_ns_ = 0;
  int64_t end_ns_ = 0;
};

// Forgets what it is given; keeps the delays if it is to.
class Forget final : public flow::ResultSink {
 public:
  explicit Forget(std::size_t keep = 0) { delays_ns.reserve(keep); }
  void on_result(flow::Finished result) override {
    count.fetch_add(1, std::memory_order_relaxed);
    if (delays_ns.size() < delays_ns.capacity()) {
      delays_ns.push_back(result.finished_ns - result.birth_ns);
    }
  }
  std::atomic<int> count{0};
  std::vector<int64_t> delays_ns;  // of one stream, so of one call at a time
};

// The stages in a row, each after the one before.
inline std::vector<flow::StageSpec> in_a_row(
    const std::vector<std::shared_ptr<flow::StageBody>>& bodies) {
  std::vector<flow::StageSpec> stages;
  for (const auto& body : bodies) {
    flow::StageSpec stage;
    stage.name = "stage " + std::to_string(stages.size());
    if (!stages.empty()) stage.after = {stages.back().name};
    stage.body = body;
    stages.push_back(std::move(stage));
  }
  return stages;
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "bench_flow: %s\n", result.error().to_string().c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

inline std::unique_ptr<flow::Pipeline> start(flow::GraphSpec spec,
                                             flow::PipelineOptions options = {}) {
  return must(flow::Pipeline::start(must(flow::Graph::compile(std::move(spec))), options));
}

// One executor with so many threads.
inline std::unique_ptr<flow::Pipeline> start(
    int workers, const std::vector<std::shared_ptr<flow::StageBody>>& bodies,
    flow::PipelineOptions options = {}) {
  flow::GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = static_cast<uint32_t>(workers)}};
  spec.stages = in_a_row(bodies);
  return start(std::move(spec), options);
}

// Pulls `tasks` through the pipeline and waits for the last: seconds.
inline double run_pulled(flow::Pipeline& pipe, int tasks, uint32_t credits,
                         flow::ResultSink* sink) {
  Numbers numbers(tasks);
  const int64_t begin = now_ns();
  const flow::StreamId stream = must(
      pipe.open_stream({.credits = credits, .pulled = true, .source = &numbers, .sink = sink}));
  pipe.drain(stream);
  const double seconds = static_cast<double>(now_ns() - begin) * 1e-9;
  (void)pipe.close_stream(stream);
  return seconds;
}

}  // namespace weir::bench
