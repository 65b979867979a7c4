#include "apps/cli/infer/outputs.h"

#include <unistd.h>

#include <filesystem>
#include <map>
#include <utility>

#include "apps/cli/text.h"
#include "weir/base/nearest_name.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

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
  if (equals != std::string::npos && equals + 1 == wanted.size()) {
    return Error(ErrorCode::kInvalidArgument, "'" + wanted + "' names no file", "--save",
                 "write " + format + ", or " + format + "=FILE");
  }
  SinkSpec spec;
  spec.*(known->second.path) = equals == std::string::npos
                                   ? (fs::path(folder) / known->second.file).string()
                                   : wanted.substr(equals + 1);
  return spec;
}

// Before the models are loaded: a folder that cannot be had would fail picture by picture.
Status make_folder(const std::string& folder, const std::string& option) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code || !fs::is_directory(folder, code)) {
    const std::string why = code ? code.message() : "there is a file of that name";
    return Error(ErrorCode::kUnavailable, "the folder '" + folder + "' cannot be made: " + why,
                 option, "name a folder that you may write to");
  }
  if (access(folder.c_str(), W_OK | X_OK) == 0) return {};
  return Error(ErrorCode::kUnavailable, "the folder '" + folder + "' cannot be written into",
               option, "name a folder that you may write to");
}

// Two of one path would write into each other.
Status check_once(const std::vector<SinkSpec>& specs, const std::string& path,
                  const std::string& wanted) {
  for (const SinkSpec& spec : specs) {
    WEIR_ASSIGN(const SinkFormat format, spec.format());
    if (fs::path(spec.path(format)).lexically_normal() != fs::path(path).lexically_normal())
      continue;
    return Error(ErrorCode::kInvalidArgument, "'" + path + "' is written twice", "--save " + wanted,
                 "name another file: " + wanted.substr(0, wanted.find('=')) + "=FILE");
  }
  return {};
}

// The file, or how many and where: names in braces would tell nobody where to look.
std::string where_it_went(const std::string& path, const Sink& sink) {
  const WrittenFiles* files = sink.files();
  if (files == nullptr) return path;
  if (files->count == 1) return files->last;
  const std::size_t brace = path.find('{');
  const fs::path plain = path.substr(0, brace);
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

Result<Outputs> Outputs::open(const OutputOptions& options, const InputFiles& inputs) {
  std::vector<SinkSpec> specs;
  if (!options.draw.empty()) {
    WEIR_TRY(make_folder(options.draw, "--draw"));
    specs.push_back({.pictures = (fs::path(options.draw) / "{stem}.jpg").string()});
  }
  if (!options.crop.empty()) {
    WEIR_TRY(make_folder(options.crop, "--crop"));
    specs.push_back({.crops = options.crop});
  }
  for (const std::string& wanted : options.save) {
    WEIR_ASSIGN(SinkSpec spec, saving(wanted, options.out));
    WEIR_ASSIGN(const SinkFormat format, spec.format());
    WEIR_TRY(check_once(specs, spec.path(format), wanted));
    specs.push_back(std::move(spec));
  }
  Outputs outputs;
  for (const SinkSpec& spec : specs) {
    WEIR_ASSIGN(const SinkFormat format, spec.format());
    WEIR_TRY(inputs.check_kept_by(spec));
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
