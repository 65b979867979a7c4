// Small charts as SVG inside of a page; their colours are the page's. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/flow/stats.h"

namespace weir::cli {

inline constexpr int kChartColours = 8;

struct ChartSeries {
  std::string name;
  std::vector<double> values;  // one for each point in time
};

// How long things took: bars of equal width, up to where 99.5 % are, with the median and p95.
std::string delay_chart(const flow::StreamStats& stream);
// One on top of the other over time, against a line at `most`.
std::string stacked_chart(const std::vector<double>& seconds,
                          const std::vector<ChartSeries>& series, double most,
                          const std::string& alt);
// Beside each other over time.
std::string line_chart(const std::vector<double>& seconds, const std::vector<ChartSeries>& series,
                       const std::string& alt);
// The names with their colours, each with a word behind it.
std::string chart_legend(const std::vector<std::string>& names,
                         const std::vector<std::string>& words);

}  // namespace weir::cli
