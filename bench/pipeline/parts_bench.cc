// bench_pipeline_parts [VIDEO MODEL [THREADS]]
//
// The parts of a pipeline, as the measure of the whole: the model's bare run, then decoding and
// encoding a video, on as many threads as there are cores. All cores are busy, as in a run of the
// whole: a core whose neighbour idles is faster. Prints one line of JSON with the CPU time of a
// frame in each, and what the model alone reaches. Used by compare.py.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "weir/assemble/runtime.h"
#include "weir/base/cpu.h"
#include "weir/base/stopwatch.h"
#include "weir/media/video_reader.h"
#include "weir/media/video_writer.h"

namespace weir {
namespace {

constexpr int kModelRuns = 300;
constexpr int kWarmUp = 10;

double cpu_ms(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct ModelCost {
  double cpu_ms = 0;  // of a run
  double fps = 0;     // of all sessions together
};

void fill(Session& session) {
  const TensorView& input = session.input(0);
  uint32_t state = 1;
  const auto count = static_cast<int64_t>(input.bytes() / sizeof(float));
  for (int64_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    input.as<float>()[i] = static_cast<float>(state >> 24);
  }
}

Result<ModelCost> model_cost(const std::string& file, int threads) {
  WEIR_ASSIGN(const auto runtime, Runtime::create({.may_pull = false}));
  OpenRequest request;
  request.model = file;
  request.spec.intra_op_threads = 1;
  WEIR_ASSIGN(const auto model, runtime->open_model(request));
  std::vector<std::unique_ptr<Session>> sessions;
  for (int i = 0; i < threads; ++i) {
    WEIR_ASSIGN(auto session, model->make_session());
    fill(*session);
    WEIR_TRY(session->warm_up(kWarmUp));
    sessions.push_back(std::move(session));
  }
  const double before_ms = cpu_ms(CLOCK_PROCESS_CPUTIME_ID);
  const Stopwatch watch;
  std::vector<Status> ended(sessions.size());
  {
    std::vector<std::jthread> lanes;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      lanes.emplace_back([&, i] {
        for (int n = 0; n < kModelRuns && ended[i]; ++n) ended[i] = sessions[i]->run();
      });
    }
  }
  const double wall_ms = watch.elapsed_ms();
  for (const Status& status : ended) WEIR_TRY(status);
  const double runs = static_cast<double>(kModelRuns) * threads;
  return ModelCost{(cpu_ms(CLOCK_PROCESS_CPUTIME_ID) - before_ms) / runs, runs / wall_ms * 1e3};
}

struct VideoCost {
  double decode_ms = 0;
  double encode_ms = 0;
};

// Frame by frame, so that no more than one is in memory; only the calls themselves are timed.
Result<VideoCost> video_cost(const std::string& file, const std::string& out) {
  WEIR_ASSIGN(VideoReader reader, VideoReader::open(file));
  const VideoInfo& info = reader.info();
  WEIR_ASSIGN(VideoWriter writer,
              VideoWriter::open(out, info.width, info.height, {.fps = info.fps}));
  VideoCost cost;
  int frames = 0;
  while (true) {
    const double start_ms = cpu_ms(CLOCK_THREAD_CPUTIME_ID);
    WEIR_ASSIGN(const std::optional<VideoFrame> frame, reader.read());
    const double read_ms = cpu_ms(CLOCK_THREAD_CPUTIME_ID);
    cost.decode_ms += read_ms - start_ms;
    if (!frame) break;
    WEIR_TRY(writer.write(frame->image.view(), frame->time_ms));
    cost.encode_ms += cpu_ms(CLOCK_THREAD_CPUTIME_ID) - read_ms;
    ++frames;
  }
  WEIR_TRY(writer.close());
  std::filesystem::remove(out);
  if (frames == 0) return Error(ErrorCode::kCorrupt, "no frames", file);
  return VideoCost{cost.decode_ms / frames, cost.encode_ms / frames};
}

// The mean of one video on each core.
Result<VideoCost> video_cost_on_all(const std::string& file, int threads) {
  const std::string out =
      (std::filesystem::temp_directory_path() / ("weir_parts_" + std::to_string(::getpid()) + "_"))
          .string();
  std::vector<std::optional<Result<VideoCost>>> costs(static_cast<std::size_t>(threads));
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < costs.size(); ++i) {
      workers.emplace_back(
          [&, i] { costs[i] = video_cost(file, out + std::to_string(i) + ".mp4"); });
    }
  }
  VideoCost mean;
  for (std::optional<Result<VideoCost>>& each : costs) {
    WEIR_ASSIGN(const VideoCost cost, std::move(*each));
    mean.decode_ms += cost.decode_ms / threads;
    mean.encode_ms += cost.encode_ms / threads;
  }
  return mean;
}

Status run(const std::string& video, const std::string& model, int threads) {
  WEIR_ASSIGN(const ModelCost run, model_cost(model, threads));
  WEIR_ASSIGN(const VideoCost frame, video_cost_on_all(video, threads));
  std::printf(
      "{\"threads\": %d, \"model_cpu_ms\": %.4f, \"model_fps\": %.3f, \"decode_cpu_ms\": %.4f, "
      "\"encode_cpu_ms\": %.4f}\n",
      threads, run.cpu_ms, run.fps, frame.decode_ms, frame.encode_ms);
  return {};
}

}  // namespace
}  // namespace weir

int main(int argc, char** argv) {
  const std::string assets = WEIR_SOURCE_DIR "/../shared/assets/";
  const std::string video = argc > 2 ? argv[1] : assets + "videos/vtest.avi";
  const std::string model = argc > 2 ? argv[2] : assets + "models/detection/yolox_nano_416.onnx";
  if (!std::filesystem::exists(video) || !std::filesystem::exists(model)) {
    std::fprintf(stderr, "skipped: %s or %s is not there\n", video.c_str(), model.c_str());
    return 0;
  }
  const int threads = argc > 3 ? std::stoi(argv[3]) : weir::usable_cores();
  const weir::Status status = weir::run(video, model, threads);
  if (status) return 0;
  std::fprintf(stderr, "bench_pipeline_parts: %s\n", status.error().to_string().c_str());
  return 1;
}
