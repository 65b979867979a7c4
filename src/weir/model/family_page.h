// The families as a page of docs: what each takes, gives, and can be told. Pure; any thread.
#pragma once

#include <string>

#include "weir/model/family_registry.h"

namespace weir {

// Markdown: a table of all, then a section for each, in the order of their names.
std::string family_page(const FamilyRegistry& families);

}  // namespace weir
