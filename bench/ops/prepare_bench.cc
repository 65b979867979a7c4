// prepare_image and warp_image against OpenCV's best exact way of doing the same, and against the
// memory: one thread, in turns, medians. `--gate` exits with 1 if a case is below 0.8 of what is
// asked for; `--target=AVX2` does without better instructions; `--only=TEXT` picks cases.
//
// Warm: the same buffers five times in a row, then it is the other's turn. Cold: buffers in
// rotation, more than the caches hold, and turns of one run.
#define HWY_WANT_AVX3_DL
#include <hwy/highway.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/ops/opencv_chains.h"
#include "bench/support/paired.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/warp_image.h"

namespace weir::bench {
namespace {

constexpr std::size_t kColdBytes = std::size_t{320} << 20;  // more than a shared last level gives

template <class T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.error().to_string().c_str());
  std::exit(1);
}
void must(const Status& status) {
  if (status) return;
  std::fprintf(stderr, "%s\n", status.error().to_string().c_str());
  std::exit(1);
}

// Whose planes lie one after the other.
Image noise(PixelFormat format, int width, int height) {
  const std::size_t rows = static_cast<std::size_t>(height);
  const auto row = static_cast<std::size_t>(width);
  const std::size_t bytes = is_yuv(format) ? row * rows * 3 / 2 : 3 * row * rows;
  const auto pixels = std::make_shared<std::vector<uint8_t>>(bytes + 64);
  std::mt19937 random(7);
  for (uint8_t& byte : *pixels) byte = static_cast<uint8_t>(random());
  ImageView view;
  view.format = format;
  view.width = width;
  view.height = height;
  uint8_t* const data = pixels->data();
  const std::ptrdiff_t stride = is_yuv(format) ? width : 3 * width;
  view.planes[0] = {data, stride};
  if (format == PixelFormat::kNv12) view.planes[1] = {data + row * rows, stride};
  if (format == PixelFormat::kI420) {
    view.planes[1] = {data + row * rows, stride / 2};
    view.planes[2] = {data + row * rows * 5 / 4, stride / 2};
  }
  return must(Image::shared(view, pixels));
}

struct Case {
  std::string name;
  int calls = 5;      // in a row, so that warm means one's own buffers
  double asked;       // times faster than OpenCV, with AVX-512
  double asked_avx2;  // and with AVX2
  std::function<void()> opencv, ours, memory;
  std::vector<std::pair<std::string, std::function<void()>>> others;
};

// Buffers of one kind, taken in turns by each who runs.
struct Buffers {
  std::vector<Image> images;
  std::vector<Tensor> tensors;
  std::size_t count() const { return images.size(); }
};

std::shared_ptr<Buffers> make_buffers(PixelFormat format, int width, int height, DType dtype,
                                      const Shape& shape, bool cold) {
  auto buffers = std::make_shared<Buffers>();
  const Image image = noise(format, width, height);
  const Tensor first = must(Tensor::allocate(dtype, shape));
  const std::size_t one = first.view().bytes() + static_cast<std::size_t>(width) *
                                                     static_cast<std::size_t>(height) *
                                                     (is_yuv(format) ? 3 : 6) / 2;
  const std::size_t count = cold ? kColdBytes / one + 1 : 1;
  for (std::size_t i = 0; i < count; ++i) {
    buffers->images.push_back(i == 0 ? image : noise(format, width, height));
    buffers->tensors.push_back(i == 0 ? first : must(Tensor::allocate(dtype, shape)));
  }
  return buffers;
}

// Calls `run` with the next of the buffers.
template <class Run>
std::function<void()> in_turns(std::shared_ptr<Buffers> buffers, Run run) {
  auto next = std::make_shared<std::size_t>(0);
  return [buffers, run, next] {
    const std::size_t i = (*next)++ % buffers->count();
    run(buffers->images[i].view(), buffers->tensors[i].view());
  };
}

// What no way of doing it can undercut: every byte of the source once, every byte of the input
// once.
void touch(const ImageView& image, const TensorView& out) {
  volatile uint64_t sink = 0;
  uint64_t sum = 0;
  for (int plane = 0; plane < plane_count(image.format); ++plane) {
    const std::size_t words = image.row_bytes(plane) / 8;
    for (int y = 0; y < image.plane_rows(plane); ++y) {
      const uint8_t* const row = image.row(plane, y);
      for (std::size_t i = 0; i < words; i += 8) {
        uint64_t word;
        std::memcpy(&word, row + 8 * i, 8);
        sum += word;
      }
    }
  }
  sink = sink + sum;
  std::memset(out.data, 114, out.bytes());
}

struct Asked {
  double avx512;
  double avx2;
};

int opencv_filter(ResizeFilter filter) {
  if (filter == ResizeFilter::kArea) return cv::INTER_AREA;
  return filter == ResizeFilter::kBicubic ? cv::INTER_CUBIC : cv::INTER_LINEAR;
}

Case letterbox(PixelFormat format, int width, int height, DType dtype, bool cold, Asked asked,
               ResizeFilter filter) {
  const ResizePlan plan =
      must(plan_resize(ResizePolicy::kLetterboxCentered, width, height, 640, 640));
  const auto buffers = make_buffers(format, width, height, dtype, {1, 3, 640, 640}, cold);
  PrepareSpec spec{.filter = filter};
  const bool floats = dtype == DType::kFloat32;
  if (floats) spec.scale = 1 / 255.0F;
  const auto chain = std::make_shared<OpenCvChain>(format, plan, dtype, floats ? 1 / 255.0 : 1, 114,
                                                   opencv_filter(filter));
  Case made;
  made.name = std::string(name(format)) + " " + std::to_string(width) + "x" +
              std::to_string(height) + " -> " + (floats ? "f32" : "u8") + (cold ? ", cold" : "");
  if (filter != ResizeFilter::kBilinear) made.name += ", " + std::string(name(filter));
  made.asked = asked.avx512;
  made.asked_avx2 = asked.avx2;
  if (cold) made.calls = 1;
  made.opencv = in_turns(
      buffers, [chain](const ImageView& image, const TensorView& out) { chain->run(image, out); });
  made.ours = in_turns(buffers, [plan, spec](const ImageView& image, const TensorView& out) {
    must(prepare_image(image, plan, spec, out));
  });
  made.memory = in_turns(buffers, touch);
  if (filter != ResizeFilter::kBilinear) return made;
  if (format == PixelFormat::kBgr && !cold && floats) {
    made.others.emplace_back(
        "with cvtColor", in_turns(buffers, [chain](const ImageView& image, const TensorView& out) {
          chain->run_with_colour_swap(image, out);
        }));
  }
  if (format == PixelFormat::kI420 && !cold && floats && plan.inner_height % 2 == 0) {
    made.others.emplace_back(
        "by planes", in_turns(buffers, [chain](const ImageView& image, const TensorView& out) {
          chain->run_by_planes(image, out);
        }));
  }
  return made;
}

Case warp(const std::string& name, const Affine& map, int width, int height, Asked asked) {
  const auto buffers =
      make_buffers(PixelFormat::kBgr, 1280, 720, DType::kFloat32, {1, 3, height, width}, false);
  const auto chain = std::make_shared<OpenCvWarp>(map, width, height, 1 / 128.0);
  PrepareSpec spec{.scale = 1 / 128.0F, .pad = {0, 0, 0}};
  Case made;
  made.name = name;
  made.asked = asked.avx512;
  made.asked_avx2 = asked.avx2;
  made.opencv = in_turns(
      buffers, [chain](const ImageView& image, const TensorView& out) { chain->run(image, out); });
  made.ours = in_turns(buffers, [map, spec](const ImageView& image, const TensorView& out) {
    must(warp_image(image, map, spec, out));
  });
  return made;
}

bool measure(const Case& c, bool avx512) {
  const PairedOptions options{.rounds = 201, .calls = c.calls, .max_seconds = 4};
  const PairedResult result = measure_paired(c.opencv, c.ours, options);
  const double asked = avx512 ? c.asked : c.asked_avx2;
  const double times = result.baseline_us / result.ours_us;
  std::printf("| %-32s | %8.1f | %8.1f | %5.2f x | %4.1f x | %-5s |", c.name.c_str(),
              result.baseline_us, result.ours_us, times, asked,
              times >= asked         ? "ok"
              : times >= 0.8 * asked ? "near"
                                     : "BELOW");
  if (c.memory) {
    const PairedResult limit = measure_paired(c.memory, c.ours, options);
    std::printf(" memory %.1f, %.2f of it;", limit.baseline_us, limit.ours_us / limit.baseline_us);
  }
  for (const auto& [other, run] : c.others) {
    const PairedResult against = measure_paired(run, c.ours, options);
    std::printf(" OpenCV %s %.1f, %.2f x;", other.c_str(), against.baseline_us,
                against.baseline_us / against.ours_us);
  }
  std::printf("\n");
  std::fflush(stdout);
  return times >= 0.8 * asked;
}

using MakeCase = std::function<Case()>;

std::vector<MakeCase> cases() {
  std::vector<MakeCase> all;
  const auto add = [&](PixelFormat format, int width, int height, DType dtype, bool cold,
                       Asked asked, ResizeFilter filter = ResizeFilter::kBilinear) {
    all.push_back([=] { return letterbox(format, width, height, dtype, cold, asked, filter); });
  };
  using P = PixelFormat;
  add(P::kBgr, 1280, 720, DType::kFloat32, false, {2.5, 2});
  add(P::kBgr, 1366, 768, DType::kFloat32, false, {2.5, 2});
  add(P::kBgr, 1920, 1080, DType::kFloat32, false, {5, 2.8});
  add(P::kI420, 1280, 720, DType::kFloat32, false, {8, 6});
  add(P::kNv12, 1280, 720, DType::kFloat32, false, {7, 5});
  add(P::kI420, 1366, 768, DType::kFloat32, false, {0, 0});
  add(P::kBgr, 1280, 720, DType::kUInt8, false, {2.5, 2});
  add(P::kI420, 1280, 720, DType::kUInt8, false, {14, 10});
  add(P::kBgr, 1280, 720, DType::kFloat32, true, {2, 2});
  add(P::kI420, 1280, 720, DType::kFloat32, true, {5, 5});
  add(P::kNv12, 1280, 720, DType::kFloat32, true, {5, 5});
  for (const ResizeFilter filter : {ResizeFilter::kArea, ResizeFilter::kBicubic}) {
    add(P::kBgr, 1280, 720, DType::kFloat32, false, {0.5, 0.5}, filter);
    add(P::kBgr, 1366, 768, DType::kFloat32, false, {0.5, 0.5}, filter);
    add(P::kBgr, 1920, 1080, DType::kFloat32, false, {0.5, 0.5}, filter);
    add(P::kI420, 1280, 720, DType::kFloat32, false, {0.5, 0.5}, filter);
  }
  all.push_back([] {
    return warp("face, 112x112", rectangle({640, 360}, 180, 180, 0.3, 112, 112), 112, 112, {2, 2});
  });
  all.push_back([] {
    return warp("line of text, 320x48", rectangle({640, 360}, 420, 60, -0.1, 320, 48), 320, 48,
                {2, 2});
  });
  return all;
}

int run_all(int argc, char** argv) {
  bool gate = false;
  std::string only;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    gate |= argument == "--gate";
    if (argument.substr(0, 7) == "--only=") only = argument.substr(7);
    if (argument == "--target=AVX2") hwy::DisableTargets(HWY_AVX3 | HWY_AVX3_DL);
    if (argument == "--target=AVX3") hwy::DisableTargets(HWY_AVX3_DL);
  }
  cv::setNumThreads(1);
  const int64_t best = hwy::SupportedTargets() & -hwy::SupportedTargets();
  hwy::GetChosenTarget().DeInit();  // the question above has chosen, from all there are
  std::printf("vector instructions: %s\n\n", hwy::TargetName(best));
  std::printf("| case | OpenCV, µs | weir, µs | ratio | asked | |\n|---|---|---|---|---|---|\n");
  bool good = true;
  for (const MakeCase& make : cases()) {
    const Case c = make();
    if (c.name.find(only) == c.name.npos) continue;
    good &= measure(c, best < HWY_AVX2);
  }
  return gate && !good ? 1 : 0;
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run_all(argc, argv);
}
