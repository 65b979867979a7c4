#include "apps/cli/infer/print_findings.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "apps/cli/text.h"

namespace weir::cli {
namespace {

constexpr std::size_t kMaxOthers = 4;

std::string class_text(const Task& task, const Finding& finding, const ClassScore& score) {
  std::string label(task.label_name(finding, score));
  if (label.empty() && score.label_id >= 0) label = "class " + std::to_string(score.label_id);
  return label + (label.empty() ? "" : " ") + fixed(score.score, 2);
}

std::string box_text(const Box& box) {
  const auto whole = [](float value) { return std::to_string(std::lround(value)); };
  return "[" + whole(box.x1) + ", " + whole(box.y1) + ", " + whole(box.x2) + ", " + whole(box.y2) +
         "]";
}

std::string mask_text(const Mask& mask) {
  const double pixels = static_cast<double>(mask.width) * mask.height;
  const double share = pixels > 0 ? 100 * static_cast<double>(mask.area()) / pixels : 0;
  return "mask of " + fixed(share, 1) + " %";
}

void add(std::string& text, const std::string& part) {
  if (part.empty()) return;
  text += (text.empty() ? "" : ", ") + part;
}

void print_below(std::ostream& out, const Terminal& terminal, const Task& task, int32_t parent,
                 std::size_t depth) {
  for (const Finding& finding : task.findings) {
    if (finding.parent != parent) continue;
    std::string line(2 + 2 * depth, ' ');
    if (task.steps && task.steps->size() > 1) {
      line += terminal.dim(std::string(task.step_name(finding)) + ":") + " ";
    }
    line += describe_finding(task, finding);
    if (finding.box) line += "  " + terminal.dim(box_text(*finding.box));
    out << line << '\n';
    // An id that names itself as its parent would never end.
    if (finding.id > parent) print_below(out, terminal, task, finding.id, depth + 1);
  }
}

}  // namespace

std::string describe_finding(const Task& task, const Finding& finding) {
  std::string text;
  if (!finding.text.empty()) add(text, "“" + finding.text + "”");
  if (finding.best) {
    const std::string best = class_text(task, finding, *finding.best);
    text += (text.empty() ? "" : " ") + best;
  }
  for (std::size_t i = 0; i < std::min(kMaxOthers, finding.others.size()); ++i) {
    add(text, class_text(task, finding, finding.others[i]));
  }
  if (!finding.keypoints.empty()) add(text, std::to_string(finding.keypoints.size()) + " points");
  if (finding.mask) add(text, mask_text(*finding.mask));
  if (!finding.embedding.empty()) {
    add(text, "embedding of " + std::to_string(finding.embedding.size()));
  }
  if (finding.track != Finding::kNone) add(text, "track " + std::to_string(finding.track));
  return text.empty() ? "found" : text;
}

std::string error_line(const Task& task) {
  const std::string text = task.error->to_string();
  return on_one_line(text.starts_with(task.stream + ":") ? text : task.stream + ": " + text);
}

void print_task(std::ostream& out, const Terminal& terminal, const Task& task) {
  out << terminal.bold(on_one_line(task.stream));
  if (const Image* image = task.image()) out << "  " << image->width() << "x" << image->height();
  if (task.error) {
    out << "  " << terminal.red("failed: ") << task.error->to_string() << '\n';
    return;
  }
  out << "  " << task.findings.size() << " found\n";
  print_below(out, terminal, task, Finding::kNone, 0);
}

}  // namespace weir::cli
