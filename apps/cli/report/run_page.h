// A run as a page: one HTML file that needs nothing else, readable on a phone, in the dark and by a
// screen reader. Pure functions.
#pragma once

#include <string>

#include "apps/cli/report/run_record.h"

namespace weir::cli {

// Writes a page (or any text) to a file, whose folder is made.
Status write_page(const std::string& path, const std::string& text);

// The whole page of `weir run --report`.
std::string run_page(const RunRecord& record);
// Its parts, for a page that shows more: figures and verdict; frames; charts, tables and the
// pipeline itself.
std::string run_facts(const RunRecord& record);
std::string run_frames(const RunRecord& record);
std::string run_details(const RunRecord& record);

}  // namespace weir::cli
