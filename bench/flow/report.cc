#include "bench/flow/report.h"

namespace weir::bench {
namespace {

std::string number(double value) {
  char text[32];
  const double size = value < 0 ? -value : value;
  std::snprintf(text, sizeof text, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.3f", value);
  return text;
}

std::string mark(const Row& row) {
  if (row.reached()) return "yes";
  return row.passes_gate() ? "short" : "NO";
}

void print_row(std::FILE* to, const Row& row) {
  const std::string ours = number(row.ours) + " " + row.unit;
  const std::string baseline =
      row.baseline_is.empty() ? "" : number(row.baseline) + " (" + row.baseline_is + ")";
  std::fprintf(to, "| %-46s | %14s | %-34s | %9s | %s %-6s | %-5s |%s%s\n", row.what.c_str(),
               ours.c_str(), baseline.c_str(), number(row.measure).c_str(),
               row.sense == Sense::kAtLeast ? ">=" : "<=", number(row.reach).c_str(),
               mark(row).c_str(), row.note.empty() ? "" : " ", row.note.c_str());
}

}  // namespace

void Report::add(Row row) {
  rows_.push_back(std::move(row));
}

void Report::print_table(std::FILE* to) const {
  std::fprintf(to, "| %-46s | %14s | %-34s | %9s | %-9s | %-5s |\n", "what", "weir", "baseline",
               "measure", "reach", "there");
  std::fputs("|---|---|---|---|---|---|\n", to);
  for (const Row& row : rows_) print_row(to, row);
}

void Report::print_json(std::FILE* to) const {
  std::fputs("[", to);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    std::fprintf(to,
                 "%s\n  {\"what\": \"%s\", \"unit\": \"%s\", \"ours\": %.6g, \"baseline\": %.6g, "
                 "\"baseline_is\": \"%s\", \"measure\": %.6g, \"%s\": %.6g, \"reached\": %s, "
                 "\"gated\": %s, \"passes\": %s}",
                 i == 0 ? "" : ",", row.what.c_str(), row.unit.c_str(), row.ours, row.baseline,
                 row.baseline_is.c_str(), row.measure,
                 row.sense == Sense::kAtLeast ? "at_least" : "at_most", row.reach,
                 row.reached() ? "true" : "false", row.gated ? "true" : "false",
                 row.passes_gate() ? "true" : "false");
  }
  std::fputs("\n]\n", to);
}

bool Report::passes_gate() const {
  for (const Row& row : rows_) {
    if (!row.passes_gate()) return false;
  }
  return true;
}

}  // namespace weir::bench
