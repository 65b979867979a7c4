#include "weir/model/init_template.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "weir/config/fields.h"
#include "weir/config/template.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 10> kShared = {
    "backend", "device", "precision", "instances",     "batch",
    "threads", "cache",  "options",   "deterministic", "warm_up"};

// A comment must stay one: names in a model file may hold line feeds.
std::string comment(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return "# " + text + "\n";
}

std::string tensor_lines(const char* kind, const std::vector<IoTensor>& tensors) {
  std::string out;
  for (const IoTensor& tensor : tensors) {
    out += comment(std::string(kind) + " " + tensor.name + ": " + tensor.type + " " +
                   to_string(tensor.shape));
  }
  return out;
}

}  // namespace

std::string init_template(const ModelIo& io, const std::string& file, const InitOptions& options) {
  const ModelGuess guess = guess_model(io);
  std::string out = comment("A model spec, made by weir init from " + file + ".");
  out += tensor_lines("Input", io.inputs) + tensor_lines("Output", io.outputs);
  if (!guess.family.empty()) {
    out += comment("Taken for " + guess.family + ": " + guess.why + ". Please check.");
  }
  for (const std::string& note : guess.notes) out += comment(note);
  out += "\n";
  if (!options.include.empty()) {
    out += "# What this spec does not set is as there.\ninclude: " +
           config::yaml_string(options.include) + "\n\n";
  }
  ModelSpec spec;
  spec.file.path = file;
  spec.family = guess.family;
  spec.input = guess.input;
  return out + config::yaml_template(config::table_of<ModelSpec>(), config::write(spec));
}

std::string defaults_template() {
  config::TableDoc shared = config::table_of<ModelSpec>();
  std::erase_if(shared.fields, [](const config::FieldDoc& field) {
    return std::find(kShared.begin(), kShared.end(), field.name) == kShared.end();
  });
  return comment("What the models of this folder share: each of them includes this file.") + "\n" +
         config::yaml_template(shared);
}

}  // namespace weir
