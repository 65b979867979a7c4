// The table that a benchmark of this folder prints: what was reached, beside its baseline of the
// same run and beside what is asked for.
//
//   report.add({.what = "stage hop, 1 worker", .unit = "ns", .ours = 61, .baseline = 77,
//               .baseline_is = "oneTBB", .measure = 0.79, .reach = 3.0, .sense = Sense::kAtMost});
//
// Only ratios, counts of wakes and allocations, and invariants are gated, at 0.8 of what is asked;
// absolute times are printed and never gated, because the machine's speed moves.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace weir::bench {

enum class Sense { kAtMost, kAtLeast };

struct Row {
  std::string what = {};
  std::string unit = {};
  double ours = 0;
  double baseline = 0;  // 0: there is none, because a count or a limit of arithmetic is asked for
  std::string baseline_is = {};
  double measure = 0;  // what is compared with `reach`: a ratio, a count or a time
  double reach = 0;
  Sense sense = Sense::kAtMost;
  bool gated = true;
  std::string note = {};

  bool reached() const { return holds(reach); }
  bool passes_gate() const {
    return !gated || holds(sense == Sense::kAtLeast ? 0.8 * reach : reach / 0.8);
  }

 private:
  bool holds(double bound) const {
    return sense == Sense::kAtLeast ? measure >= bound : measure <= bound;
  }
};

class Report {
 public:
  void add(Row row);
  void print_table(std::FILE* to) const;
  void print_json(std::FILE* to) const;
  bool passes_gate() const;

 private:
  std::vector<Row> rows_;
};

}  // namespace weir::bench
