// bench_flow [--only=TEXT] [--json] [--gate] [--list]
//
// Prints one table (or JSON) of what the flow reaches beside its baselines, measured in turns in
// the same run. --gate exits with 1 when a gated ratio or count is worse than 0.8 of what is asked
// for.
#include <cstdio>
#include <cstring>
#include <string>

#include "bench/flow/cases.h"

namespace {

using weir::bench::Case;

constexpr Case kCases[] = {
    {"meter", weir::bench::meter_cost},
    {"hop", weir::bench::hop},
    {"meters-on-off", weir::bench::meters_on_and_off},
    {"wakes", weir::bench::wakes},
    {"round-trip", weir::bench::round_trip},
    {"allocations", weir::bench::allocations},
    {"device", weir::bench::device_stages},
    {"cpu", weir::bench::cpu_stages},
    {"order", weir::bench::order},
    {"single-frame", weir::bench::single_frame},
    {"chained", weir::bench::chained},
    {"live", weir::bench::live},
    {"scale", weir::bench::scale},
};

}  // namespace

int main(int argc, char** argv) {
  std::string only;
  bool json = false;
  bool gate = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.rfind("--only=", 0) == 0) {
      only = argument.substr(7);
    } else if (argument == "--json") {
      json = true;
    } else if (argument == "--gate") {
      gate = true;
    } else if (argument == "--list") {
      for (const Case& one : kCases) std::puts(one.name);
      return 0;
    } else {
      std::fprintf(stderr,
                   "bench_flow: unknown argument '%s'\nusage: bench_flow [--only=TEXT] "
                   "[--json] [--gate] [--list]\n",
                   argument.c_str());
      return 2;
    }
  }
  weir::bench::Report report;
  for (const Case& one : kCases) {
    if (std::strstr(one.name, only.c_str()) == nullptr) continue;
    std::fprintf(stderr, "%s …\n", one.name);
    one.run(report);
  }
  json ? report.print_json(stdout) : report.print_table(stdout);
  return gate && !report.passes_gate() ? 1 : 0;
}
