// Arbitrary tensors through the decodes of text and masks: the first byte picks the decode, the
// next ones sizes and thresholds, the rest is what the tensor holds. Whatever it holds, scores are
// finite and falling, boxes inside of the source, masks whole, and every line is read once.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "weir/ops/ctc_decode.h"
#include "weir/ops/dbnet_decode.h"
#include "weir/ops/reading_order.h"
#include "weir/ops/segment_decode.h"

namespace {

using weir::Finding;
using weir::Shape;
using weir::TensorView;

void require(bool holds) {
  if (!holds) std::abort();
}

// Takes bytes from the front; zeros when there are none left.
class Bytes {
 public:
  Bytes(const uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  int next(int limit) {
    const int value = at_ < size_ ? data_[at_] : 0;
    ++at_;
    return value % limit;
  }
  // Any bits, or small numbers: both have their own troubles.
  void fill(std::vector<float>& values) {
    const bool bits = next(2) == 1;
    for (float& value : values) {
      if (at_ >= size_) at_ = size_ / 2;  // again, rather than only zeros
      if (bits) {
        uint8_t raw[sizeof(float)];
        for (uint8_t& byte : raw) byte = static_cast<uint8_t>(next(256));
        std::memcpy(&value, raw, sizeof(float));
      } else {
        value = static_cast<float>(next(256) - 64) / 128;
      }
    }
  }

 private:
  const uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

TensorView floats(Bytes& bytes, const Shape& shape, std::vector<float>& memory) {
  memory.resize(static_cast<std::size_t>(shape.elements().value()));
  bytes.fill(memory);
  return {memory.data(), weir::DType::kFloat32, shape, {}, {}};
}

void check(const std::vector<Finding>& found, int width, int height) {
  float last = INFINITY;
  for (const Finding& finding : found) {
    const weir::Box& box = *finding.box;
    require(std::isfinite(finding.best->score) && finding.best->score <= last);
    require(box.x1 >= 0 && box.y1 >= 0 && box.x2 > box.x1 && box.y2 > box.y1);
    require(box.x2 <= static_cast<float>(width) && box.y2 <= static_cast<float>(height));
    if (finding.mask) {
      require(finding.mask->check().has_value() && finding.mask->area() > 0);
      require(finding.mask->width == width && finding.mask->height == height);
    }
    last = finding.best->score;
  }
}

void read(const std::vector<Finding>& found) {
  std::vector<weir::TextQuad> quads;
  for (const Finding& finding : found) {
    const auto quad = weir::text_quad(finding);
    require(quad.has_value());
    quads.push_back(*quad);
  }
  std::size_t boxes = 0;
  const auto rows = weir::reading_order(quads);
  for (const weir::TextRow& row : rows) boxes += row.boxes.size();
  require(boxes == quads.size());
  weir::join_rows(rows, std::vector<std::string>(quads.size(), "\xE4\xB8\xAD"));
}

void find_text(Bytes& bytes) {
  weir::DbnetDecodeSpec spec;
  spec.bin = static_cast<float>(bytes.next(5)) / 4;
  spec.score = static_cast<float>(bytes.next(5)) / 4;
  spec.unclip = static_cast<float>(bytes.next(12)) / 4;
  spec.min_side = static_cast<float>(bytes.next(5));
  spec.max_count = static_cast<std::size_t>(bytes.next(12));
  const weir::Affine map{1.0 + bytes.next(4), 0, 0, 0, 1.0 + bytes.next(4), 0};
  std::vector<float> memory;
  const Shape shape{1, 1, 1 + bytes.next(40), 1 + bytes.next(60)};
  const int side = 1 + bytes.next(256);
  const auto found = weir::dbnet_decode(floats(bytes, shape, memory), spec, map, side, side);
  require(found.has_value() && found->size() <= spec.max_count);
  check(*found, side, side);
  read(*found);
}

void read_line(Bytes& bytes) {
  weir::CtcAlphabet alphabet(
      std::vector<std::string>(static_cast<std::size_t>(bytes.next(40)), "x"));
  const weir::CtcDecodeSpec spec{.logits = bytes.next(2) == 1, .trim = bytes.next(2) == 1};
  std::vector<float> memory;
  const Shape shape{1, bytes.next(30), static_cast<int64_t>(alphabet.classes())};
  const auto line = weir::ctc_decode(floats(bytes, shape, memory), alphabet, spec);
  require(line.has_value() && line->text.size() == line->scores.size());
  require(line->score >= 0 && line->score <= 1);
}

void segment(Bytes& bytes) {
  weir::SegmentDecodeSpec spec;
  spec.layout = static_cast<weir::SegmentLayout>(bytes.next(3));
  spec.upscale = static_cast<weir::Upscale>(bytes.next(3));
  spec.align_corners = bytes.next(2) == 1;
  spec.scores = static_cast<weir::ScoreKind>(bytes.next(3));
  spec.background = bytes.next(4) - 1;
  const auto policy = static_cast<weir::ResizePolicy>(bytes.next(3));
  const int width = 1 + bytes.next(80);
  const int height = 1 + bytes.next(80);
  const auto plan =
      weir::plan_resize(policy, width, height, 1 + bytes.next(64), 1 + bytes.next(64)).value();
  Shape shape{1, 1 + bytes.next(12), 1 + bytes.next(12), 1 + bytes.next(12)};
  if (spec.layout == weir::SegmentLayout::kLabels) shape = {1, shape[1], shape[2]};
  std::vector<float> memory;
  const auto found = weir::segment_decode(floats(bytes, shape, memory), spec, plan);
  require(found.has_value());
  check(*found, width, height);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  switch (bytes.next(3)) {
    case 0:
      find_text(bytes);
      break;
    case 1:
      read_line(bytes);
      break;
    default:
      segment(bytes);
  }
  return 0;
}
