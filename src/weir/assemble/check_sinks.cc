#include "weir/assemble/check_sinks.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "weir/sink/sink_path.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// The key that has the path of a sink.
std::vector<std::string> path_key(const PipelineSpec& spec, std::size_t sink) {
  std::vector<std::string> key = {"sinks", std::to_string(sink)};
  if (const auto format = spec.sinks[sink].format()) key.emplace_back(name(*format));
  return key;
}

Error wrong(const PipelineSpec& spec, std::size_t sink, const std::string& what, std::string hint) {
  const std::vector<std::string> key = path_key(spec, sink);
  return Error(ErrorCode::kInvalidArgument, "'" + key.back() + "' " + what, spec.place(key),
               std::move(hint));
}

// The sources that it takes results of, as far as the file has them.
std::vector<std::string> sources_of(const PipelineSpec& spec, const SinkSpec& sink) {
  if (!sink.sources.empty()) return sink.sources;
  std::vector<std::string> names;
  for (const auto& [name, source] : spec.sources) names.push_back(name);
  return names;
}

// The same for every task but for its source: names of the other kinds stay as they are written.
std::string file_of(const PathTemplate& path, const std::string& source) {
  const std::string text = path.expand({{"source", source},
                                        {"seq", "{seq}"},
                                        {"stem", "{stem}"},
                                        {"id", "{id}"},
                                        {"step", "{step}"},
                                        {"label", "{label}"},
                                        {"track", "{track}"}});
  return fs::path(text).lexically_normal().string();
}

class PathCheck {
 public:
  explicit PathCheck(const PipelineSpec& spec) : spec_(spec) {}

  Status run() {
    for (std::size_t i = 0; i < spec_.sinks.size(); ++i) {
      auto path = sink_path(spec_.sinks[i]);
      if (!path) return misspelt(i, std::move(path).error());
      WEIR_TRY(check_streams(i, *path));
      WEIR_TRY(check_files(i, *path));
    }
    return {};
  }

 private:
  Error misspelt(std::size_t sink, Error error) const {
    error.code = ErrorCode::kInvalidArgument;
    return spec_.placed(std::move(error), path_key(spec_, sink));
  }

  Status check_streams(std::size_t number, const PathTemplate& path) const {
    const SinkSpec& sink = spec_.sinks[number];
    const std::vector<std::string> sources = sources_of(spec_, sink);
    if (!takes_one_stream(*sink.format()) || path.has("source") || sources.size() < 2) return {};
    const fs::path file = sink.path(*sink.format());
    const std::string each = (file.parent_path() / (file.stem().string() + "_{source}")).string() +
                             file.extension().string();
    return wrong(spec_, number,
                 "writes a file for each stream, and '" + sources[0] + "' and '" + sources[1] +
                     "' would share " + file.string(),
                 "write {source} in the path: '" + each + "'");
  }

  // Whether files of one name are none of the same: crops are of findings, each of which is of one
  // step.
  static bool are_apart(const SinkSpec& one, const SinkSpec& other, const PathTemplate& path) {
    if (!path.has("id") && !path.has("step")) return false;
    if (one.steps.empty() || other.steps.empty()) return false;
    return std::find_first_of(one.steps.begin(), one.steps.end(), other.steps.begin(),
                              other.steps.end()) == one.steps.end();
  }

  Status check_files(std::size_t number, const PathTemplate& path) {
    const SinkSpec& sink = spec_.sinks[number];
    const std::string& text = sink.path(*sink.format());
    // Terminals and pipes may have several writers.
    if (text == "-" || text.starts_with("/dev/")) return {};
    std::vector<std::string> sources = sources_of(spec_, sink);
    if (sources.empty()) sources.emplace_back("{source}");
    for (const std::string& source : sources) {
      const std::string file = file_of(path, source);
      std::vector<std::size_t>& writers = writers_[file];
      for (const std::size_t other : writers) {
        if (other == number || are_apart(spec_.sinks[other], sink, path)) continue;
        return wrong(
            spec_, number,
            "writes " + file + ", and so does the sink at " + spec_.place(path_key(spec_, other)),
            "give each a path of its own");
      }
      writers.push_back(number);
    }
    return {};
  }

  const PipelineSpec& spec_;
  std::map<std::string, std::vector<std::size_t>> writers_;  // by file
};

// What of findings a format writes, and in which words.
struct Wanted {
  const char* writes;
  std::function<bool(const Gives&)> fits;
};

std::optional<Wanted> wanted_by(SinkFormat format) {
  const auto box = [](const Gives& gives) { return gives.box; };
  switch (format) {
    case SinkFormat::kMot:
      return Wanted{"writes the boxes of tracks", box};
    case SinkFormat::kCrops:
      return Wanted{"cuts out boxes", box};
    case SinkFormat::kYolo:
      return Wanted{"writes boxes and their classes",
                    [](const Gives& gives) { return gives.box && gives.classes; }};
    case SinkFormat::kCoco:
      return Wanted{"writes boxes and masks",
                    [](const Gives& gives) { return gives.box || gives.mask; }};
    case SinkFormat::kJsonl:
    case SinkFormat::kCsv:
    case SinkFormat::kPictures:
    case SinkFormat::kVideo:
      return std::nullopt;
  }
  return std::nullopt;
}

class FindingCheck {
 public:
  FindingCheck(const PipelineSpec& spec, const KnownModels& models)
      : spec_(spec), gives_(gives_of(spec, models)) {}

  Status run() const {
    for (std::size_t i = 0; i < spec_.sinks.size(); ++i) {
      WEIR_ASSIGN(const SinkFormat format, spec_.sinks[i].format());
      if (format == SinkFormat::kMot) WEIR_TRY(check_tracks(i));
      const auto wanted = wanted_by(format);
      if (wanted) WEIR_TRY(check_gives(i, *wanted));
    }
    return {};
  }

 private:
  // Those whose findings it is given.
  std::vector<std::size_t> steps_of(const SinkSpec& sink) const {
    std::vector<std::size_t> steps;
    for (std::size_t i = 0; i < spec_.steps.size(); ++i) {
      const bool named =
          std::find(sink.steps.begin(), sink.steps.end(), spec_.steps[i].first) != sink.steps.end();
      if (sink.steps.empty() || named) steps.push_back(i);
    }
    return steps;
  }
  std::string listed(const std::vector<std::size_t>& steps) const {
    std::string names;
    for (const std::size_t step : steps) {
      names += (names.empty() ? "'" : ", '") + spec_.steps[step].first + "'";
    }
    return names;
  }

  Status check_tracks(std::size_t number) const {
    const std::vector<std::size_t> given = steps_of(spec_.sinks[number]);
    const auto tracks = [&](std::size_t step) {
      return has_tracks(spec_, spec_.steps[step].second);
    };
    if (std::any_of(given.begin(), given.end(), tracks)) return {};
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < spec_.steps.size(); ++i) {
      if (tracks(i)) others.push_back(i);
    }
    const std::string hint = others.empty() ? "make a step with 'track: bytetrack' on what detects"
                                            : "write it under 'steps': " + listed(others);
    const std::string none = given.size() == 1 ? listed(given) + " makes none"
                                               : "none of " + listed(given) + " makes any";
    return wrong(spec_, number, "writes tracks, and " + none, hint);
  }

  Status check_gives(std::size_t number, const Wanted& wanted) const {
    const std::vector<std::size_t> given = steps_of(spec_.sinks[number]);
    const auto may_fit = [&](std::size_t step) {
      return !gives_[step] || wanted.fits(*gives_[step]);
    };
    if (std::any_of(given.begin(), given.end(), may_fit)) return {};
    std::string found;
    for (const std::size_t step : given) {
      found += (found.empty() ? "'" : ", '") + spec_.steps[step].first + "' gives " +
               in_words(*gives_[step]);
    }
    return wrong(spec_, number, std::string(wanted.writes) + ", and " + found,
                 "'jsonl' writes whatever is found");
  }

  const PipelineSpec& spec_;
  const StepGives gives_;
};

}  // namespace

Status check_sink_paths(const PipelineSpec& spec) {
  return PathCheck(spec).run();
}

Status check_sink_findings(const PipelineSpec& spec, const KnownModels& models) {
  return FindingCheck(spec, models).run();
}

}  // namespace weir
