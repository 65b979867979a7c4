// The small change of writing HTML. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apps/cli/page/shot.h"

namespace weir::cli::html {

std::string base64(const std::vector<uint8_t>& bytes);
// <name>escaped text</name>; `attributes` go in as they are.
std::string element(std::string_view name, std::string_view text, std::string_view attributes = {});

// A line of the grid of facts at the top of a page, inside of <dl class="facts">.
std::string fact(std::string_view title, std::string_view value, bool big = false);
// The picture inside of the page, with its caption.
std::string figure(const Shot& shot);
std::string list(const std::vector<std::string>& found);
// The whole document around what stands in the body.
std::string document(std::string_view title, std::string_view body);

}  // namespace weir::cli::html
