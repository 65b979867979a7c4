// Text inside of XML, HTML and SVG. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace weir {

// Safe between tags and inside of quoted attributes; control characters and bytes that are not
// UTF-8 become U+FFFD.
std::string escape_xml(std::string_view text);

}  // namespace weir
