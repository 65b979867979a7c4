// Watches a run, so that a page can be made of it.
//
//   RunRecorder recorder(*pipe);
//   options.progress = [&](const RunProgress&) { recorder.sample(); };
//   options.on_task = [&](const Task& task) { recorder.see(task); };
//   WEIR_ASSIGN(RunReport report, run_pipeline(*pipe, options));
//   write(run_page(recorder.finish(std::move(report))));
//
// sample() and see() may come from different threads; each by one at a time. Memory is bounded: the
// samples of a long run become longer.
#pragma once

#include <cstdint>

#include "apps/cli/report/frame_picker.h"
#include "apps/cli/report/run_record.h"

namespace weir::cli {

class RunRecorder {
 public:
  explicit RunRecorder(Pipeline& pipeline, std::size_t shots_per_stream = 6);

  void sample();
  void see(const Task& task) { frames_.see(task); }
  // Draws the frames that it kept.
  RunRecord finish(RunReport report);

 private:
  void add(const flow::FlowStats& stats);
  void thin_out();

  Pipeline& pipeline_;
  flow::MeterCursor cursor_;
  int64_t begin_ns_;
  int64_t next_ns_;
  int64_t every_ns_;
  std::vector<std::string> stages_;
  std::vector<RunSample> samples_;
  FramePicker frames_;
};

// What was found in a task, a line a kind: "people: 4 Person", "words: “EXIT”".
std::vector<std::string> found_in(const Task& task);

}  // namespace weir::cli
