#include <algorithm>
#include <cmath>

#include "weir/base/json_text.h"
#include "weir/data/finding_json.h"

namespace weir {
namespace {

// Writes the fields of objects; the caller opens and closes them.
class Writer {
 public:
  Writer(std::string& out, const Task& task, const FindingJsonOptions& options)
      : out_(out), task_(task), options_(options) {}

  void write_task() {
    out_ += "{\"v\":1,\"stream\":";
    append_json_string(out_, task_.stream);
    integer(",\"seq\":", task_.seq);
    out_ += ",\"time_ms\":";
    append_json_number(out_, std::isfinite(task_.time_ms) ? task_.time_ms : 0.0);
    string(",\"outcome\":", name(task_.outcome));
    if (task_.error) write_error(*task_.error);
    out_ += ",\"findings\":[";
    for (const Finding& finding : task_.findings) {
      if (&finding != task_.findings.data()) out_ += ',';
      write_finding(finding);
    }
    out_ += "]}";
  }

 private:
  void integer(std::string_view key, int64_t value) {
    out_ += key;
    append_json_number(out_, value);
  }
  void string(std::string_view key, std::string_view value) {
    out_ += key;
    append_json_string(out_, value);
  }
  void optional_string(std::string_view key, std::string_view value) {
    if (!value.empty()) string(key, value);
  }
  // A field of a finding: the first one has no comma before it.
  void key(std::string_view text) {
    if (out_.back() != '{') out_ += ',';
    out_ += text;
  }
  template <class... Numbers>
  void list(Numbers... numbers) {
    out_ += '[';
    const char* separator = "";
    ((out_ += separator, append_json_number(out_, numbers), separator = ","), ...);
    out_ += ']';
  }

  // `start` is the key with its bracket. Nothing unless all of them are numbers.
  void write_floats(std::string_view start, const std::vector<float>& numbers) {
    const auto finite = [](float x) { return std::isfinite(x); };
    if (numbers.empty() || !std::all_of(numbers.begin(), numbers.end(), finite)) return;
    key(start);
    for (const float& x : numbers) {
      if (&x != numbers.data()) out_ += ',';
      append_json_number(out_, x);
    }
    out_ += ']';
  }

  void write_error(const Error& error) {
    string(",\"error\":{\"code\":", name(error.code));
    string(",\"message\":", error.message);
    optional_string(",\"where\":", error.where);
    optional_string(",\"hint\":", error.hint);
    out_ += '}';
  }

  void write_class(const Finding& finding, const ClassScore& score) {
    const std::string_view label = task_.label_name(finding, score);
    if (!label.empty()) key("\"label\":"), append_json_string(out_, label);
    if (score.label_id >= 0)
      key("\"label_id\":"), append_json_number(out_, int64_t{score.label_id});
    key("\"score\":"), append_json_number(out_, score.score);
  }

  void write_others(const Finding& finding) {
    const auto finite = [](const ClassScore& score) { return std::isfinite(score.score); };
    const auto& others = finding.others;
    if (others.empty() || !std::all_of(others.begin(), others.end(), finite)) return;
    key("\"others\":[");
    for (const ClassScore& score : others) {
      if (&score != others.data()) out_ += ',';
      out_ += '{';
      write_class(finding, score);
      out_ += '}';
    }
    out_ += ']';
  }

  void write_keypoints(const Finding& f) {
    const std::vector<Keypoint>& points = f.keypoints;
    const auto finite = [](const Keypoint& p) {
      return std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.score);
    };
    if (points.empty() || !std::all_of(points.begin(), points.end(), finite)) return;
    key("\"keypoints\":[");
    for (const Keypoint& point : points) {
      if (&point != points.data()) out_ += ',';
      list(point.x, point.y, point.score);
    }
    out_ += ']';
    if (f.depths.size() == points.size()) write_floats("\"depths\":[", f.depths);
  }

  void write_mask(const Mask& mask) {
    key("\"mask\":{\"size\":");
    list(int64_t{mask.height}, int64_t{mask.width});
    string(",\"counts\":", mask.to_text());
    out_ += '}';
  }

  void write_place(const Finding& f) {
    if (f.box && std::isfinite(f.box->x1) && std::isfinite(f.box->y1) && std::isfinite(f.box->x2) &&
        std::isfinite(f.box->y2)) {
      key("\"box\":"), list(f.box->x1, f.box->y1, f.box->x2, f.box->y2);
    }
    write_keypoints(f);
    if (f.mask && f.mask->check()) write_mask(*f.mask);
    if (f.track != Finding::kNone) key("\"track\":"), append_json_number(out_, f.track);
  }

  void write_finding(const Finding& f) {
    out_ += '{';
    if (f.id != Finding::kNone) key("\"id\":"), append_json_number(out_, int64_t{f.id});
    if (f.parent != Finding::kNone) key("\"parent\":"), append_json_number(out_, int64_t{f.parent});
    const std::string_view step = task_.step_name(f);
    if (!step.empty()) key("\"step\":"), append_json_string(out_, step);
    if (f.best && std::isfinite(f.best->score)) write_class(f, *f.best);
    write_others(f);
    write_place(f);
    if (!f.text.empty()) key("\"text\":"), append_json_string(out_, f.text);
    if (f.span && std::isfinite(f.span->start_ms) && std::isfinite(f.span->end_ms)) {
      key("\"span_ms\":"), list(f.span->start_ms, f.span->end_ms);
    }
    if (options_.embeddings) write_floats("\"embedding\":[", f.embedding);
    if (f.reused_from != Finding::kNone) {
      key("\"reused_from\":"), append_json_number(out_, f.reused_from);
    }
    out_ += '}';
  }

  std::string& out_;
  const Task& task_;
  const FindingJsonOptions& options_;
};

}  // namespace

void append_task_json(std::string& out, const Task& task, const FindingJsonOptions& options) {
  Writer(out, task, options).write_task();
}

}  // namespace weir
