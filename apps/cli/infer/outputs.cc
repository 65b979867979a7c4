#include "apps/cli/infer/outputs.h"

#include <filesystem>
#include <map>
#include <utility>

#include "apps/cli/text.h"
#include "weir/base/nearest_name.h"

namespace weir::cli {
namespace {

struct Format {
  std::string SinkSpec::*path;
  const char* file;  // in the folder of results
};

const std::map<std::string, Format>& formats() {
  static const std::map<std::string, Format> known = {
      {"jsonl", {&SinkSpec::jsonl, "results.jsonl"}},
      {"csv", {&SinkSpec::csv, "results.csv"}},
      {"coco", {&SinkSpec::coco, "coco.json"}},
      {"yolo", {&SinkSpec::yolo, "labels"}}};
  return known;
}

// "csv" or "csv=here.csv".
Result<SinkSpec> saving(const std::string& wanted, const std::string& folder) {
  const std::size_t equals = wanted.find('=');
  const std::string format = wanted.substr(0, equals);
  const auto known = formats().find(format);
  if (known == formats().end()) {
    std::vector<std::string> names;
    for (const auto& [name, row] : formats()) names.push_back(name);
    return Error(ErrorCode::kInvalidArgument, "no format '" + format + "'", "--save",
                 hint_for_name(format, names));
  }
  SinkSpec spec;
  spec.*(known->second.path) =
      equals == std::string::npos ? folder + "/" + known->second.file : wanted.substr(equals + 1);
  return spec;
}

// The file, or how many and where: names in braces would tell nobody where to look.
std::string where_it_went(const std::string& path, const Sink& sink) {
  const WrittenFiles* files = sink.files();
  if (files == nullptr) return path;
  if (files->count == 1) return files->last;
  const std::size_t brace = path.find('{');
  const std::filesystem::path plain = path.substr(0, brace);
  const std::string folder = (brace == std::string::npos ? plain : plain.parent_path()).string();
  return (files->count == 0 ? "nothing" : with_commas(files->count) + " files") + " in " +
         (folder.empty() ? "." : folder);
}

}  // namespace

std::vector<Option> OutputOptions::table() {
  return {{.flags = "--draw",
           .target = &draw,
           .help = "Draw the findings into copies of the pictures, in this folder",
           .value = "FOLDER"},
          {.flags = "--crop",
           .target = &crop,
           .help = "Cut every finding out of its picture, into this folder",
           .value = "FOLDER"},
          {.flags = "--save",
           .target = &save,
           .help = "Write results as jsonl, csv, coco or yolo; FORMAT=PATH says where",
           .value = "FORMAT"},
          {.flags = "-o,--out",
           .target = &out,
           .help = "The folder of what --save gives no path; default: out",
           .value = "FOLDER"}};
}

Result<Outputs> Outputs::open(const OutputOptions& options) {
  std::vector<SinkSpec> specs;
  if (!options.draw.empty()) specs.push_back({.pictures = options.draw + "/{stem}.jpg"});
  if (!options.crop.empty()) specs.push_back({.crops = options.crop});
  for (const std::string& wanted : options.save) {
    WEIR_ASSIGN(SinkSpec spec, saving(wanted, options.out));
    specs.push_back(std::move(spec));
  }
  Outputs outputs;
  for (const SinkSpec& spec : specs) {
    WEIR_ASSIGN(const SinkFormat format, spec.format());
    WEIR_ASSIGN(auto sink, open_sink(spec));
    outputs.outputs_.push_back({spec.path(format), std::move(sink)});
  }
  return outputs;
}

Status Outputs::write(const Task& task) {
  Status first;
  for (Output& output : outputs_) {
    Status written = output.sink->write(task);
    if (first.has_value()) first = std::move(written);
  }
  return first;
}

Status Outputs::finish(const Context& context) {
  Status first;
  for (Output& output : outputs_) {
    Status finished = output.sink->finish();
    if (finished.has_value()) {
      context.note("written: " + where_it_went(output.path, *output.sink));
    } else if (first.has_value()) {
      first = std::move(finished);
    }
  }
  return first;
}

}  // namespace weir::cli
