// weir models: what there is to run.
#include <memory>

#include "apps/cli/catalogue_table.h"
#include "apps/cli/command.h"
#include "apps/cli/configured.h"
#include "apps/cli/model_trials.h"
#include "weir/assemble/runtime.h"

namespace weir::cli {
namespace {

struct ModelsOptions {
  bool names = false;
  bool test = false;
  std::string sample;
  std::vector<std::string> paths;  // of the user's own specs
};

Status run(const ModelsOptions& options, Context& context) {
  WEIR_ASSIGN(const auto runtime, Runtime::create({.take_turns = true}));
  WEIR_ASSIGN(const catalogue::Catalogue* catalogue, runtime->catalogue());
  if (!options.names) {
    WEIR_ASSIGN(const auto configured, configured_models(options.paths, *catalogue));
    if (options.test) {
      WEIR_ASSIGN(const std::vector<ModelTrial> trials,
                  try_models(*runtime, *catalogue, configured, options.sample, context));
      return print_trials(trials, context);
    }
    return print_catalogue(*catalogue, CatalogueView::kModels, configured, context);
  }
  for (const catalogue::Entry& entry : catalogue->entries()) context.out << entry.name << '\n';
  return {};
}

}  // namespace

Command models_command() {
  auto o = std::make_shared<ModelsOptions>();
  return {
      .name = "models",
      .summary = "List the models of the catalogue and of your specs, and whether they are here",
      .details =
          "The catalogue is the built-in one, then the user's own: catalogue.yaml in "
          "~/.config/weir,\nthe files of WEIR_CATALOGUE, and ./weir-catalogue.yaml. Specs that "
          "are named, or lie in a\nfolder that is named, are listed after it.",
      .examples = {"weir models", "weir models face.yaml specs/", "weir models --test",
                   "weir models --json"},
      .options = {{.flags = "specs",
                   .target = &o->paths,
                   .help = "Specs of your own, or folders of them, to list too",
                   .value = "FILE"},
                  {.flags = "--test",
                   .target = &o->test,
                   .help = "Run each that is here on its sample; fails if one of them fails"},
                  {.flags = "--sample",
                   .target = &o->sample,
                   .help = "Test them on this picture, or entry of the catalogue, instead",
                   .value = "FILE"},
                  {.flags = "--names",
                   .target = &o->names,
                   .help = "Only the names of everything, one a line (for completion)"}},
      .run = [o](Context& context) { return run(*o, context); }};
}

}  // namespace weir::cli
