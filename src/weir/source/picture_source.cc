#include "weir/source/picture_source.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "weir/media/picture.h"
#include "weir/source/frame_gate.h"
#include "weir/source/picture_files.h"
#include "weir/source/sequence_files.h"

namespace weir {
namespace {

class PictureSource final : public Source {
 public:
  PictureSource(std::vector<PictureFile> files, const SourceSpec& spec)
      : spec_(spec), rounds_left_(spec.loop == 0 ? -1 : spec.loop) {
    // What is not taken is never looked at, so it is left out of the list; each round is the same.
    FrameGate gate(spec);
    if (!files.empty()) round_length_ = files.back().number + 1;
    for (PictureFile& file : files) {
      // A gap of a sequence is told in any case: it may be longer than what is passed over.
      const bool gap = file.error && !spec.sequence.empty();
      if (gap || gate.takes(file.number, time_of(file.number))) files_.push_back(std::move(file));
    }
  }

  std::optional<SourceInput> next() override {
    if (next_ >= files_.size() && !go_round()) return std::nullopt;
    const PictureFile& file = files_[next_++];
    SourceInput input;
    input.number = round_ * round_length_ + file.number;
    input.time_ms = time_of(input.number);
    input.file = file.path;
    if (file.error) {
      input.error = file.error;
      return input;
    }
    auto picture = read_picture(file.path);
    if (picture) {
      input.input = std::move(picture).value();
    } else {
      input.error = std::move(picture).error();
    }
    return input;
  }

  int64_t expected() const override {
    return rounds_left_ < 0 ? 0 : static_cast<int64_t>(files_.size()) * rounds_left_;
  }

 private:
  double time_of(int64_t number) const {
    return spec_.rate > 0 ? 1000.0 * static_cast<double>(number) / spec_.rate : 0;
  }

  bool go_round() {
    if (files_.empty() || rounds_left_ == 1) return false;
    if (rounds_left_ > 0) --rounds_left_;
    next_ = 0;
    ++round_;
    return true;
  }

  const SourceSpec spec_;
  std::vector<PictureFile> files_;
  int64_t round_length_ = 0;
  int32_t rounds_left_;  // -1: for ever
  std::size_t next_ = 0;
  int64_t round_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> open_picture_source(const SourceSpec& spec) {
  std::vector<PictureFile> files;
  if (!spec.sequence.empty()) {
    WEIR_ASSIGN(files, expand_sequence(spec.sequence.path, spec.first));
  } else {
    std::vector<std::string> names;
    for (const config::FilePath& path : spec.pictures) names.push_back(path.path);
    files = expand_pictures(names);
  }
  return std::unique_ptr<Source>(std::make_unique<PictureSource>(std::move(files), spec));
}

}  // namespace weir
