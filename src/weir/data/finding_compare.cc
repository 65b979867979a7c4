#include "weir/data/finding_compare.h"

#include <cmath>
#include <map>
#include <string_view>

#include "weir/base/json_text.h"

namespace weir {
namespace {

using Difference = std::optional<std::string>;

std::string show(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}
template <class T>
requires std::is_arithmetic_v<T> std::string show(T value) {
  std::string out;
  if constexpr (std::is_integral_v<T>) {
    append_json_number(out, static_cast<int64_t>(value));
  } else {
    append_json_number(out, value);
  }
  return out;
}
std::string show(const Box& box) {
  return "[" + show(box.x1) + "," + show(box.y1) + "," + show(box.x2) + "," + show(box.y2) + "]";
}
std::string show(const TimeSpan& span) {
  return "[" + show(span.start_ms) + "," + show(span.end_ms) + "]";
}
std::string show(const Keypoint& p) {
  return "[" + show(p.x) + "," + show(p.y) + "," + show(p.score) + "]";
}
std::string show(const Mask& mask) {
  return std::to_string(mask.width) + "x" + std::to_string(mask.height) + " with " +
         std::to_string(mask.area()) + " pixels";
}

template <class T>
std::string is_not(const T& expected, const T& actual) {
  return " is " + show(actual) + ", expected " + show(expected);
}

template <class T>
bool near(T a, T b, T tolerance) {
  return a == b || std::abs(a - b) <= tolerance || (std::isnan(a) && std::isnan(b));
}

// Compares one expected finding with one actual one; says what differs, or nothing.
class Pair {
 public:
  Pair(const Task& expected_task, const Finding& expected, const Task& actual_task,
       const Finding& actual, const FindingTolerance& tolerance)
      : expected_task_(expected_task),
        actual_task_(actual_task),
        e_(expected),
        a_(actual),
        tolerance_(tolerance) {}

  Difference compare() const {
    Difference found = equal(".step", expected_task_.step_name(e_), actual_task_.step_name(a_));
    if (!found) found = compare_classes();
    if (!found) found = compare_box();
    if (!found) found = compare_points();
    if (!found) found = compare_mask();
    if (!found) found = equal(".track", e_.track, a_.track);
    if (!found) found = equal(".text", std::string_view(e_.text), std::string_view(a_.text));
    if (!found) found = compare_span();
    if (!found) {
      found = compare_floats(".embedding", e_.embedding, a_.embedding, tolerance_.embedding);
    }
    if (!found) found = equal(".reused_from", e_.reused_from, a_.reused_from);
    return found;
  }

 private:
  template <class T>
  static Difference equal(std::string_view field, const T& expected, const T& actual) {
    if (expected == actual) return {};
    return std::string(field) + is_not(expected, actual);
  }
  // One has it and the other not.
  static Difference present(std::string_view field, bool expected, bool actual) {
    if (expected == actual) return {};
    return std::string(field) + (actual ? " is there, expected none" : " is missing");
  }

  Difference compare_class(const std::string& field, const ClassScore& e,
                           const ClassScore& a) const {
    Difference found =
        equal(field + "label", expected_task_.label_name(e_, e), actual_task_.label_name(a_, a));
    if (!found) found = equal(field + "label_id", e.label_id, a.label_id);
    if (!found && !near(e.score, a.score, tolerance_.score)) {
      found = field + "score" + is_not(e.score, a.score);
    }
    return found;
  }

  Difference compare_classes() const {
    Difference found = present(".score", e_.best.has_value(), a_.best.has_value());
    if (!found && e_.best) found = compare_class(".", *e_.best, *a_.best);
    if (!found) found = equal(".others: their number", e_.others.size(), a_.others.size());
    for (std::size_t i = 0; !found && i < e_.others.size(); ++i) {
      found = compare_class(".others[" + std::to_string(i) + "].", e_.others[i], a_.others[i]);
    }
    return found;
  }

  Difference compare_box() const {
    Difference found = present(".box", e_.box.has_value(), a_.box.has_value());
    if (found || !e_.box) return found;
    const float px = tolerance_.box_px;
    if (near(e_.box->x1, a_.box->x1, px) && near(e_.box->y1, a_.box->y1, px) &&
        near(e_.box->x2, a_.box->x2, px) && near(e_.box->y2, a_.box->y2, px)) {
      return {};
    }
    return ".box" + is_not(*e_.box, *a_.box);
  }

  Difference compare_points() const {
    Difference found = equal(".keypoints: their number", e_.keypoints.size(), a_.keypoints.size());
    for (std::size_t i = 0; !found && i < e_.keypoints.size(); ++i) {
      const Keypoint& e = e_.keypoints[i];
      const Keypoint& a = a_.keypoints[i];
      if (near(e.x, a.x, tolerance_.box_px) && near(e.y, a.y, tolerance_.box_px) &&
          near(e.score, a.score, tolerance_.score)) {
        continue;
      }
      found = ".keypoints[" + std::to_string(i) + "]" + is_not(e, a);
    }
    if (!found) found = compare_floats(".depths", e_.depths, a_.depths, tolerance_.box_px);
    return found;
  }

  Difference compare_mask() const {
    Difference found = present(".mask", e_.mask.has_value(), a_.mask.has_value());
    if (found || !e_.mask || *e_.mask == *a_.mask) return found;
    const double overlap = iou(*e_.mask, *a_.mask);
    if (tolerance_.mask_iou < 1 && overlap >= tolerance_.mask_iou) return {};
    return ".mask" + is_not(*e_.mask, *a_.mask) + ", IoU " + show(overlap);
  }

  Difference compare_span() const {
    Difference found = present(".span_ms", e_.span.has_value(), a_.span.has_value());
    if (found || !e_.span) return found;
    if (near(e_.span->start_ms, a_.span->start_ms, tolerance_.time_ms) &&
        near(e_.span->end_ms, a_.span->end_ms, tolerance_.time_ms)) {
      return {};
    }
    return ".span_ms" + is_not(*e_.span, *a_.span);
  }

  static Difference compare_floats(const std::string& field, const std::vector<float>& expected,
                                   const std::vector<float>& actual, float tolerance) {
    Difference found = equal(field + ": its length", expected.size(), actual.size());
    for (std::size_t i = 0; !found && i < expected.size(); ++i) {
      if (near(expected[i], actual[i], tolerance)) continue;
      found = field + "[" + std::to_string(i) + "]" + is_not(expected[i], actual[i]);
    }
    return found;
  }

  const Task& expected_task_;
  const Task& actual_task_;
  const Finding& e_;
  const Finding& a_;
  const FindingTolerance& tolerance_;
};

std::string at(std::size_t i) {
  return "findings[" + std::to_string(i) + "]";
}

Difference compare_in_order(const Task& expected, const Task& actual,
                            const FindingTolerance& tolerance) {
  for (std::size_t i = 0; i < expected.findings.size(); ++i) {
    const Finding& e = expected.findings[i];
    const Finding& a = actual.findings[i];
    if (e.id != a.id) return at(i) + ".id" + is_not(e.id, a.id);
    if (e.parent != a.parent) return at(i) + ".parent" + is_not(e.parent, a.parent);
    const Difference found = Pair(expected, e, actual, a, tolerance).compare();
    if (found) return at(i) + *found;
  }
  return {};
}

// Takes for each expected finding the first actual one that fits and is not taken. That is enough
// where tolerances are smaller than the distance between findings.
Difference compare_any_order(const Task& expected, const Task& actual,
                             const FindingTolerance& tolerance) {
  std::vector<bool> taken(actual.findings.size(), false);
  std::map<int32_t, int32_t> partner{{Finding::kNone, Finding::kNone}};
  for (std::size_t i = 0; i < expected.findings.size(); ++i) {
    const Finding& e = expected.findings[i];
    Difference nearest;
    bool matched = false;
    for (std::size_t j = 0; j < taken.size() && !matched; ++j) {
      const Finding& a = actual.findings[j];
      if (taken[j]) continue;
      const auto parent = partner.find(e.parent);
      Difference found;
      if (parent != partner.end() && parent->second != a.parent) found = ".parent is another";
      if (!found) found = Pair(expected, e, actual, a, tolerance).compare();
      if (found && !nearest) nearest = found;
      matched = !found;
      if (!matched) continue;
      taken[j] = true;
      if (e.id != Finding::kNone) partner[e.id] = a.id;
    }
    if (!matched) return at(i) + " is found nowhere; of the first one left" + nearest.value_or("");
  }
  return {};
}

Difference compare_error(const Task& expected, const Task& actual) {
  const auto text = [](const Task& task) {
    return task.error ? std::string(name(task.error->code)) + ": " + task.error->to_string()
                      : std::string("none");
  };
  if (expected.error == actual.error) return {};
  return "error" + is_not(std::string_view(text(expected)), std::string_view(text(actual)));
}

Difference compare_task(const Task& expected, const Task& actual,
                        const FindingTolerance& tolerance) {
  if (expected.stream != actual.stream) {
    return "stream" + is_not(std::string_view(expected.stream), std::string_view(actual.stream));
  }
  if (expected.seq != actual.seq) return "seq" + is_not(expected.seq, actual.seq);
  if (!near(expected.time_ms, actual.time_ms, tolerance.time_ms)) {
    return "time_ms" + is_not(expected.time_ms, actual.time_ms);
  }
  if (expected.outcome != actual.outcome) {
    return "outcome" + is_not(name(expected.outcome), name(actual.outcome));
  }
  if (Difference found = compare_error(expected, actual)) return found;
  if (expected.findings.size() != actual.findings.size()) {
    return "the number of findings" + is_not(expected.findings.size(), actual.findings.size());
  }
  return tolerance.any_order ? compare_any_order(expected, actual, tolerance)
                             : compare_in_order(expected, actual, tolerance);
}

}  // namespace

std::optional<std::string> first_difference(const Task& expected, const Task& actual,
                                            const FindingTolerance& tolerance) {
  Difference found = compare_task(expected, actual, tolerance);
  if (found) found->insert(0, expected.stream + " " + std::to_string(expected.seq) + ": ");
  return found;
}

std::optional<std::string> first_difference(const std::vector<Task>& expected,
                                            const std::vector<Task>& actual,
                                            const FindingTolerance& tolerance) {
  for (std::size_t i = 0; i < expected.size() && i < actual.size(); ++i) {
    if (Difference found = first_difference(expected[i], actual[i], tolerance)) return found;
  }
  if (expected.size() == actual.size()) return {};
  return "the number of tasks" + is_not(expected.size(), actual.size());
}

}  // namespace weir
