#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "weir/data/finding_json.h"
#include "weir/data/json_value.h"

namespace weir {
namespace {

using json::Kind;
using json::Value;

constexpr int kErrorCodeCount = static_cast<int>(ErrorCode::kInternal) + 1;

Error wrong(const std::string& path, std::string_view expected, Kind found) {
  return Error(ErrorCode::kCorrupt, path + ": " + std::string(expected) + " is expected, not " +
                                        std::string(json::describe(found)));
}

Status expect(const Value& value, Kind kind, const std::string& path) {
  if (value.kind != kind) return wrong(path, json::describe(kind), value.kind);
  return {};
}

Status read_into(const Value& value, const std::string& path, std::string& out) {
  WEIR_TRY(expect(value, Kind::kString, path));
  out = value.text;
  return {};
}

template <class T>
Status read_number(const Value& value, const std::string& path, T& out) {
  WEIR_TRY(expect(value, Kind::kNumber, path));
  const char* const end = value.text.data() + value.text.size();
  const auto [stop, code] = std::from_chars(value.text.data(), end, out);
  if (code == std::errc() && stop == end) return {};
  if constexpr (std::is_floating_point_v<T>) {
    // Out of range: far too small is 0, far too large is an error.
    if (std::abs(std::strtod(value.text.c_str(), nullptr)) < 1) return out = 0, Status();
    return Error(ErrorCode::kCorrupt, path + ": " + value.text + " is too large");
  }
  return Error(ErrorCode::kCorrupt, path + ": " + value.text + " is not an integer of " +
                                        std::to_string(8 * sizeof(T)) + " bits");
}

Status read_into(const Value& value, const std::string& path, float& out) {
  return read_number(value, path, out);
}
Status read_into(const Value& value, const std::string& path, double& out) {
  return read_number(value, path, out);
}

// Ids, numbers of tasks and tracks count from 0; below that a field says "none" by being absent.
template <class T>
requires std::is_integral_v<T> Status read_into(const Value& value, const std::string& path,
                                                T& out) {
  WEIR_TRY(read_number(value, path, out));
  if (out < 0) return Error(ErrorCode::kCorrupt, path + ": " + value.text + " is below 0");
  return {};
}

// A list of exactly as many numbers as there are places.
template <class... T>
Status read_list(const Value& value, const std::string& path, T&... out) {
  WEIR_TRY(expect(value, Kind::kArray, path));
  if (value.items.size() != sizeof...(out)) {
    return Error(ErrorCode::kCorrupt, path + ": " + std::to_string(sizeof...(out)) +
                                          " numbers are expected, not " +
                                          std::to_string(value.items.size()));
  }
  Status status;
  std::size_t i = 0;
  const auto read = [&](auto& place) {
    status = read_into(value.items[i], path + "[" + std::to_string(i) + "]", place);
    ++i;
    return status.has_value();
  };
  (void)(read(out) && ...);
  return status;
}

template <class T>
Status read_field(const Value& object, const std::string& path, std::string_view key, T& out) {
  const Value* const value = object.find(key);
  const std::string inner = path.empty() ? std::string(key) : path + "." + std::string(key);
  if (value == nullptr) return Error(ErrorCode::kCorrupt, inner + " is missing");
  return read_into(*value, inner, out);
}

template <class T>
Status read_optional(const Value& object, const std::string& path, std::string_view key, T& out) {
  return object.find(key) == nullptr ? Status() : read_field(object, path, key, out);
}

// Collects the names of steps and labels of one line.
class Names {
 public:
  Result<int32_t> step(const std::string& name, const std::string& path) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (steps_[i].name == name) return static_cast<int32_t>(i);
    }
    if (name.empty()) return Error(ErrorCode::kCorrupt, path + " is empty");
    if (steps_.size() == StepSet::kMaxSteps) {
      return Error(ErrorCode::kCorrupt, path + ": more than 64 steps");
    }
    steps_.push_back({name, {}});
    return static_cast<int32_t>(steps_.size()) - 1;
  }

  Status label(int32_t step, int32_t id, const std::string& name, const std::string& path) {
    if (step == Finding::kNone || id < 0) {
      return Error(ErrorCode::kCorrupt, path + " has a name but no number", "",
                   "write step and label_id with it");
    }
    if (name.empty()) return Error(ErrorCode::kCorrupt, path + " is empty");
    const auto [found, added] = steps_[static_cast<std::size_t>(step)].labels.emplace(id, name);
    if (added || found->second == name) return {};
    return Error(ErrorCode::kCorrupt, path + ": label " + std::to_string(id) + " is both '" +
                                          found->second + "' and '" + name + "'");
  }

  std::shared_ptr<const StepTable> table() {
    std::vector<StepEntry> entries;
    for (Step& step : steps_) {
      std::vector<std::pair<int32_t, std::string>> labels(step.labels.begin(), step.labels.end());
      entries.push_back({std::move(step.name), nullptr});
      if (!labels.empty()) {
        entries.back().labels = std::make_shared<const LabelSet>(std::move(labels));
      }
    }
    return std::make_shared<const StepTable>(std::move(entries));
  }

 private:
  struct Step {
    std::string name;
    std::map<int32_t, std::string> labels;
  };
  std::vector<Step> steps_;
};

// Reads one finding, which is an object at `path`.
class FindingReader {
 public:
  FindingReader(const Value& object, std::string path, Names& names)
      : object_(object), path_(std::move(path)), names_(names) {}

  Result<Finding> read() {
    WEIR_TRY(expect(object_, Kind::kObject, path_));
    WEIR_TRY(read_optional(object_, path_, "id", finding_.id));
    WEIR_TRY(read_optional(object_, path_, "parent", finding_.parent));
    WEIR_TRY(read_optional(object_, path_, "track", finding_.track));
    WEIR_TRY(read_optional(object_, path_, "reused_from", finding_.reused_from));
    WEIR_TRY(read_optional(object_, path_, "text", finding_.text));
    WEIR_TRY(read_step());
    WEIR_TRY(read_classes());
    WEIR_TRY(read_shape());
    WEIR_TRY(read_mask());
    WEIR_TRY(read_depths());
    WEIR_TRY(read_floats("embedding", finding_.embedding));
    return std::move(finding_);
  }

 private:
  std::string at(std::string_view key) const { return path_ + "." + std::string(key); }

  Status read_step() {
    if (object_.find("step") == nullptr) return {};
    std::string name;
    WEIR_TRY(read_field(object_, path_, "step", name));
    WEIR_ASSIGN(finding_.step, names_.step(name, at("step")));
    return {};
  }

  Status read_class(const Value& object, const std::string& path, ClassScore& out) {
    WEIR_TRY(expect(object, Kind::kObject, path));
    WEIR_TRY(read_field(object, path, "score", out.score));
    WEIR_TRY(read_optional(object, path, "label_id", out.label_id));
    if (object.find("label") == nullptr) return {};
    std::string label;
    WEIR_TRY(read_field(object, path, "label", label));
    return names_.label(finding_.step, out.label_id, label, path + ".label");
  }

  Status read_classes() {
    for (const std::string_view key : {"label", "label_id", "score"}) {
      if (object_.find(key) == nullptr) continue;
      WEIR_TRY(read_class(object_, path_, finding_.best.emplace()));
      break;
    }
    return each("others", [this](const Value& item, const std::string& path) {
      return read_class(item, path, finding_.others.emplace_back());
    });
  }

  Status read_shape() {
    if (const Value* const box = object_.find("box")) {
      Box& b = finding_.box.emplace();
      WEIR_TRY(read_list(*box, at("box"), b.x1, b.y1, b.x2, b.y2));
    }
    if (const Value* const span = object_.find("span_ms")) {
      TimeSpan& s = finding_.span.emplace();
      WEIR_TRY(read_list(*span, at("span_ms"), s.start_ms, s.end_ms));
    }
    return each("keypoints", [this](const Value& item, const std::string& path) {
      Keypoint& point = finding_.keypoints.emplace_back();
      return read_list(item, path, point.x, point.y, point.score);
    });
  }

  Status read_mask() {
    const Value* const object = object_.find("mask");
    if (object == nullptr) return {};
    WEIR_TRY(expect(*object, Kind::kObject, at("mask")));
    std::string counts;
    WEIR_TRY(read_field(*object, at("mask"), "counts", counts));
    const Value* const size = object->find("size");
    if (size == nullptr) return Error(ErrorCode::kCorrupt, at("mask.size") + " is missing");
    int32_t width = 0;
    int32_t height = 0;
    WEIR_TRY(read_list(*size, at("mask.size"), height, width));
    Result<Mask> mask = Mask::from_text(width, height, counts);
    if (!mask) return Error(ErrorCode::kCorrupt, at("mask") + ": " + mask.error().message);
    finding_.mask = *std::move(mask);
    return {};
  }

  Status read_depths() {
    WEIR_TRY(read_floats("depths", finding_.depths));
    const std::size_t points = finding_.keypoints.size();
    if (finding_.depths.empty() || finding_.depths.size() == points) return {};
    return Error(ErrorCode::kCorrupt, at("depths") + ": " + std::to_string(points) +
                                          " numbers are expected, one for each keypoint, not " +
                                          std::to_string(finding_.depths.size()));
  }

  Status read_floats(std::string_view key, std::vector<float>& out) {
    return each(key, [&out](const Value& item, const std::string& path) {
      return read_into(item, path, out.emplace_back());
    });
  }

  // Calls `read` for every item of the list `key`, if there is one.
  template <class Read>
  Status each(std::string_view key, const Read& read) {
    const Value* const list = object_.find(key);
    if (list == nullptr) return {};
    WEIR_TRY(expect(*list, Kind::kArray, at(key)));
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      WEIR_TRY(read(list->items[i], at(key) + "[" + std::to_string(i) + "]"));
    }
    return {};
  }

  const Value& object_;
  const std::string path_;
  Names& names_;
  Finding finding_;
};

Status read_outcome(const Value& object, Outcome& out) {
  std::string text;
  WEIR_TRY(read_field(object, "", "outcome", text));
  for (int i = 0; i < kOutcomeCount; ++i) {
    if (name(static_cast<Outcome>(i)) != text) continue;
    out = static_cast<Outcome>(i);
    return {};
  }
  return Error(ErrorCode::kCorrupt, "outcome: '" + text + "' is none");
}

Status read_error(const Value& object, Error& out) {
  WEIR_TRY(expect(object, Kind::kObject, "error"));
  std::string code;
  WEIR_TRY(read_field(object, "error", "code", code));
  WEIR_TRY(read_field(object, "error", "message", out.message));
  WEIR_TRY(read_optional(object, "error", "where", out.where));
  WEIR_TRY(read_optional(object, "error", "hint", out.hint));
  for (int i = 0; i < kErrorCodeCount; ++i) {
    if (name(static_cast<ErrorCode>(i)) != code) continue;
    out.code = static_cast<ErrorCode>(i);
    return {};
  }
  return Error(ErrorCode::kCorrupt, "error.code: '" + code + "' is none");
}

Status check_version(const Value& object) {
  int64_t version = 0;
  WEIR_TRY(read_field(object, "", "v", version));
  if (version == 1) return {};
  return Error(ErrorCode::kUnsupported, "findings of version " + std::to_string(version), "",
               "this build reads version 1");
}

Result<Task> read_task(const Value& object) {
  WEIR_TRY(expect(object, Kind::kObject, "the line"));
  WEIR_TRY(check_version(object));
  Task task;
  WEIR_TRY(read_field(object, "", "stream", task.stream));
  WEIR_TRY(read_field(object, "", "seq", task.seq));
  WEIR_TRY(read_field(object, "", "time_ms", task.time_ms));
  WEIR_TRY(read_outcome(object, task.outcome));
  if (const Value* const error = object.find("error")) {
    WEIR_TRY(read_error(*error, task.error.emplace()));
  }
  const Value* const findings = object.find("findings");
  if (findings == nullptr) return Error(ErrorCode::kCorrupt, "findings is missing");
  WEIR_TRY(expect(*findings, Kind::kArray, "findings"));
  Names names;
  for (std::size_t i = 0; i < findings->items.size(); ++i) {
    FindingReader reader(findings->items[i], "findings[" + std::to_string(i) + "]", names);
    WEIR_ASSIGN(Finding finding, reader.read());
    task.findings.push_back(std::move(finding));
  }
  task.steps = names.table();
  return task;
}

}  // namespace

Result<Task> read_task_json(std::string_view line) {
  WEIR_ASSIGN(const Value object, json::parse(line));
  return read_task(object);
}

Result<std::vector<Task>> read_task_lines(std::string_view text, const std::string& where) {
  std::vector<Task> tasks;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string place = where + ":" + std::to_string(number);
    Result<Value> object = json::parse(line);
    if (!object) return std::move(object).error().at(place);
    if (object->find("event") != nullptr) continue;
    Result<Task> task = read_task(*object);
    if (!task) return std::move(task).error().at(place);
    tasks.push_back(*std::move(task));
  }
  return tasks;
}

}  // namespace weir
