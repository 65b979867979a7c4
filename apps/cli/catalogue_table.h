// The catalogue as a table: name, task, size, licence, state.
#pragma once

#include "apps/cli/command.h"
#include "weir/base/result.h"
#include "weir/catalogue/catalogue.h"

namespace weir::cli {

enum class CatalogueView { kEverything, kModels };

Status print_catalogue(const catalogue::Catalogue& catalogue, CatalogueView view, Context& context);

}  // namespace weir::cli
