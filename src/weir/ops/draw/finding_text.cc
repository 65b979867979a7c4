#include "weir/ops/draw/finding_text.h"

#include <cmath>
#include <cstdio>
#include <unordered_map>

namespace weir {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

void add_word(std::string& text, std::string_view word) {
  if (word.empty()) return;
  if (!text.empty()) text += ' ';
  text += word;
}

std::string class_text(const Task& task, const Finding& finding, const ClassScore& said,
                       bool score) {
  std::string text;
  const std::string_view label = task.label_name(finding, said);
  if (!label.empty()) {
    text = label;
  } else if (said.label_id >= 0) {
    text = "class " + std::to_string(said.label_id);
  }
  if (score && std::isfinite(said.score)) {
    char number[32];
    std::snprintf(number, sizeof(number), "%.2f", static_cast<double>(said.score));
    add_word(text, number);
  }
  return text;
}

// Up the parents to the first finding that has a place.
class Places {
 public:
  explicit Places(const Task& task) : task_(task) {
    for (std::size_t i = 0; i < task.findings.size(); ++i) {
      by_id_.emplace(task.findings[i].id, i);
    }
  }

  std::size_t of(std::size_t finding) const {
    for (std::size_t steps = 0; steps <= task_.findings.size(); ++steps) {
      if (has_place(task_.findings[finding]) && !repeats(finding)) return finding;
      finding = parent_of(finding);
      if (finding == kNowhere) return kNowhere;
    }
    return kNowhere;  // they are each other's parents
  }

  // The corners may be told from another one: those of a line that is upside down.
  bool repeats(std::size_t finding) const {
    const std::size_t parent = parent_of(finding);
    if (parent == kNowhere || parent == finding) return false;
    const Finding& own = task_.findings[finding];
    const Finding& other = task_.findings[parent];
    return is_quad(own) && is_quad(other) && own.box && other.box && *own.box == *other.box;
  }

 private:
  std::size_t parent_of(std::size_t finding) const {
    const int32_t id = task_.findings[finding].parent;
    const auto parent = by_id_.find(id);
    return id == Finding::kNone || parent == by_id_.end() ? kNowhere : parent->second;
  }

  const Task& task_;
  std::unordered_map<int32_t, std::size_t> by_id_;
};

}  // namespace

bool is_quad(const Finding& finding) {
  return finding.keypoints.size() == 4;
}

bool has_place(const Finding& finding) {
  return finding.box.has_value() || !finding.keypoints.empty();
}

std::vector<bool> repeated_quads(const Task& task) {
  const Places places(task);
  std::vector<bool> repeated(task.findings.size());
  for (std::size_t i = 0; i < repeated.size(); ++i) repeated[i] = places.repeats(i);
  return repeated;
}

std::string text_of(const Task& task, const Finding& finding, bool score) {
  std::string text;
  if (finding.track != Finding::kNone) text = "#" + std::to_string(finding.track);
  add_word(text, finding.text);
  if (finding.best) add_word(text, class_text(task, finding, *finding.best, score));
  return text;
}

std::vector<Caption> captions_of(const Task& task, bool scores) {
  const Places places(task);
  std::vector<Caption> captions;
  std::vector<std::size_t> caption_of(task.findings.size(), kNowhere);
  for (std::size_t i = 0; i < task.findings.size(); ++i) {
    if (places.of(i) != i) continue;
    caption_of[i] = captions.size();
    captions.push_back({i, text_of(task, task.findings[i], scores)});
  }
  for (std::size_t i = 0; i < task.findings.size(); ++i) {
    const std::size_t place = places.of(i);
    if (place == kNowhere || place == i) continue;
    const Finding& finding = task.findings[i];
    std::string& text = captions[caption_of[place]].text;
    const std::string more = text_of(task, finding, scores);
    if (more.empty()) continue;
    // A line of text says what was read, not that it is a line of text.
    if (text.empty() || (!finding.text.empty() && is_quad(task.findings[place]))) {
      text = more;
    } else {
      text += " \u00B7 " + more;
    }
  }
  return captions;
}

std::vector<Caption> legend_of(const Task& task, bool scores) {
  const Places places(task);
  std::vector<Caption> lines;
  for (std::size_t i = 0; i < task.findings.size(); ++i) {
    if (places.of(i) != kNowhere) continue;
    const Finding& finding = task.findings[i];
    if (std::string text = text_of(task, finding, scores); !text.empty()) {
      lines.push_back({i, std::move(text)});
    }
    for (const ClassScore& other : finding.others) {
      if (std::string text = class_text(task, finding, other, scores); !text.empty()) {
        lines.push_back({i, std::move(text)});
      }
    }
  }
  return lines;
}

}  // namespace weir
