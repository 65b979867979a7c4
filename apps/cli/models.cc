// weir models: what there is to run.
#include <memory>

#include "apps/cli/catalogue_table.h"
#include "apps/cli/command.h"
#include "weir/assemble/runtime.h"

namespace weir::cli {
namespace {

struct ModelsOptions {
  bool names = false;
};

Status run(const ModelsOptions& options, Context& context) {
  WEIR_ASSIGN(const auto runtime, Runtime::create({}));
  WEIR_ASSIGN(const catalogue::Catalogue* catalogue, runtime->catalogue());
  if (!options.names) return print_catalogue(*catalogue, CatalogueView::kModels, context);
  for (const catalogue::Entry& entry : catalogue->entries()) context.out << entry.name << '\n';
  return {};
}

}  // namespace

Command models_command() {
  auto o = std::make_shared<ModelsOptions>();
  return {.name = "models",
          .summary = "List the models of the catalogue, and whether they are here",
          .details =
              "The catalogue is the built-in one, then the user's own: catalogue.yaml in "
              "~/.config/weir,\nthe files of WEIR_CATALOGUE, and ./weir-catalogue.yaml.",
          .examples = {"weir models", "weir models --json"},
          .options = {{.flags = "--names",
                       .target = &o->names,
                       .help = "Only the names of everything, one a line (for completion)"}},
          .run = [o](Context& context) { return run(*o, context); }};
}

}  // namespace weir::cli
