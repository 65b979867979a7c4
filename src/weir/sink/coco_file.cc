#include "weir/sink/coco_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <type_traits>
#include <utility>

#include "weir/base/json_text.h"
#include "weir/ops/box.h"
#include "weir/sink/path_template.h"

namespace weir {
namespace {

void append_field(std::string& out, std::string_view key, std::string_view text) {
  out += key;
  append_json_string(out, text);
}

template <class Number>
requires std::is_arithmetic_v<Number>
void append_field(std::string& out, std::string_view key, Number number) {
  out += key;
  append_json_number(out, number);
}

bool is_finite(const std::vector<Keypoint>& points) {
  for (const Keypoint& point : points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) return false;
  }
  return true;
}

// x, y and how it is seen: 0 not at all, 2 well.
void append_keypoints(std::string& out, const std::vector<Keypoint>& points) {
  out += ",\"keypoints\":[";
  int64_t seen = 0;
  for (const Keypoint& point : points) {
    if (&point != points.data()) out += ',';
    append_json_number(out, point.x);
    append_json_number(out += ',', point.y);
    const bool visible = point.score > 0;
    seen += visible ? 1 : 0;
    out += visible ? ",2" : ",0";
  }
  append_field(out, "],\"num_keypoints\":", seen);
}

void append_mask(std::string& out, const Mask& mask) {
  append_field(out, ",\"segmentation\":{\"size\":[", int64_t{mask.height});
  append_field(out, ",", int64_t{mask.width});
  append_field(out, "],\"counts\":", mask.to_text());
  out += '}';
}

// The least rectangle around the pixels of a mask.
Box box_around(const Mask& mask) {
  int64_t at = 0;
  int64_t left = mask.width;
  int64_t right = -1;
  int64_t top = mask.height;
  int64_t bottom = -1;
  for (std::size_t i = 0; i < mask.counts.size(); at += mask.counts[i], ++i) {
    if (i % 2 == 0 || mask.counts[i] == 0) continue;
    const int64_t last = at + mask.counts[i] - 1;
    left = std::min(left, at / mask.height);
    right = std::max(right, last / mask.height);
    const bool one_column = at / mask.height == last / mask.height;
    top = std::min(top, one_column ? at % mask.height : 0);
    bottom = std::max(bottom, one_column ? last % mask.height : mask.height - 1);
  }
  if (right < 0) return {};
  return {static_cast<float>(left), static_cast<float>(top), static_cast<float>(right + 1),
          static_cast<float>(bottom + 1)};
}

std::string image_line(const Task& task, int64_t id) {
  std::string line;
  append_field(line, "{\"id\":", id);
  const std::string file = file_of(task);
  append_field(line, ",\"file_name\":", file.empty() ? stem_of(task) + ".jpg" : file);
  if (const Image* image = task.image()) {
    append_field(line, ",\"width\":", int64_t{image->width()});
    append_field(line, ",\"height\":", int64_t{image->height()});
  }
  append_field(line, ",\"stream\":", task.stream);
  append_field(line, ",\"seq\":", task.seq);
  return line + "}\n";
}

Status append_lines(OutFile& out, const std::string& from) {
  std::ifstream lines(from, std::ios::binary);
  std::string line;
  for (bool first = true; std::getline(lines, line); first = false) {
    if (!first) line.insert(0, ",\n");
    WEIR_TRY(out.append(line));
  }
  if (lines.bad()) return Error(ErrorCode::kUnavailable, "the file cannot be read", from);
  return {};
}

}  // namespace

Result<CocoFile> CocoFile::open(const std::string& path) {
  WEIR_ASSIGN(OutFile images, OutFile::create(path + ".images.part"));
  WEIR_ASSIGN(OutFile annotations, OutFile::create(path + ".annotations.part"));
  return CocoFile(path, std::move(images), std::move(annotations));
}

CocoFile::CocoFile(std::string path, OutFile images, OutFile annotations)
    : path_(std::move(path)), images_(std::move(images)), annotations_(std::move(annotations)) {}

Status CocoFile::write(const Task& task) {
  if (task.image() == nullptr && task.findings.empty()) return {};
  const int64_t image_id = image_count_ + 1;
  std::string lines;
  int64_t count = annotation_count_;
  for (const Finding& finding : task.findings) {
    if (append_annotation(lines, task, finding, image_id, count + 1)) ++count;
  }
  const int64_t before = annotations_.size();
  WEIR_TRY(annotations_.append(lines));
  if (Status image = images_.append(image_line(task, image_id)); !image) {
    // They would be those of the next image.
    annotations_.cut(before);
    return image;
  }
  annotation_count_ = count;
  image_count_ = image_id;
  return {};
}

Status CocoFile::finish() {
  if (finished_) return {};
  WEIR_TRY(images_.close());
  WEIR_TRY(annotations_.close());
  const std::string aside = path_ + ".part";
  Status joined = join(aside);
  if (joined && std::rename(aside.c_str(), path_.c_str()) != 0) {
    joined = file_error(errno, path_);
  }
  if (!joined) {
    std::remove(aside.c_str());
    return joined;
  }
  std::remove(images_.path().c_str());
  std::remove(annotations_.path().c_str());
  finished_ = true;
  return {};
}

// False for what has no place, or no finite one.
bool CocoFile::append_annotation(std::string& out, const Task& task, const Finding& finding,
                                 int64_t image_id, int64_t id) {
  const bool masked = finding.mask && finding.mask->check();
  if (!finding.box && !masked) return false;
  const Box box = finding.box ? *finding.box : box_around(*finding.mask);
  if (!weir::is_finite(box) || !std::isfinite(box.area())) return false;
  append_field(out, "{\"id\":", id);
  append_field(out, ",\"image_id\":", image_id);
  const int category = categories_.of(task, finding);
  append_field(out, ",\"category_id\":", int64_t{category} + 1);
  nameless_ = nameless_ || category == Categories::kNone;
  append_field(out, ",\"bbox\":[", box.x1);
  for (const float side : {box.y1, box.width(), box.height()}) append_field(out, ",", side);
  append_field(
      out, "],\"area\":",
      masked ? static_cast<double>(finding.mask->area()) : static_cast<double>(box.area()));
  out += ",\"iscrowd\":0";
  if (finding.best && std::isfinite(finding.best->score)) {
    append_field(out, ",\"score\":", finding.best->score);
  }
  if (masked) append_mask(out, *finding.mask);
  if (!finding.keypoints.empty() && is_finite(finding.keypoints)) {
    append_keypoints(out, finding.keypoints);
  }
  if (finding.track >= 0) append_field(out, ",\"track_id\":", finding.track);
  if (!finding.text.empty()) append_field(out, ",\"text\":", finding.text);
  out += "}\n";
  return true;
}

std::string CocoFile::categories_json() const {
  std::string out;
  // What has a place and no class.
  if (nameless_) out = "{\"id\":0,\"name\":\"object\",\"supercategory\":\"\"}";
  int64_t id = 0;
  for (const Categories::Category& category : categories_.all()) {
    append_field(out += out.empty() ? "" : ",\n", "{\"id\":", ++id);
    append_field(out, ",\"name\":", category.name);
    append_field(out, ",\"supercategory\":", category.step);
    out += '}';
  }
  return out;
}

Status CocoFile::join(const std::string& aside) const {
  WEIR_ASSIGN(OutFile out, OutFile::create(aside));
  WEIR_TRY(out.append("{\"info\":{\"description\":\"written by weir\"},\n\"images\":[\n"));
  WEIR_TRY(append_lines(out, images_.path()));
  WEIR_TRY(out.append("\n],\n\"annotations\":[\n"));
  WEIR_TRY(append_lines(out, annotations_.path()));
  WEIR_TRY(out.append("\n],\n\"categories\":[\n" + categories_json() + "\n]}\n"));
  return out.close();
}

}  // namespace weir
