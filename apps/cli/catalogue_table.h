// The catalogue as a table: name, task, size, licence, state.
#pragma once

#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/configured.h"
#include "weir/base/result.h"
#include "weir/catalogue/catalogue.h"

namespace weir::cli {

enum class CatalogueView { kEverything, kModels };

// `configured`: models of the user's own specs, which are listed after it.
Status print_catalogue(const catalogue::Catalogue& catalogue, CatalogueView view,
                       const std::vector<ConfiguredModel>& configured, Context& context);

}  // namespace weir::cli
