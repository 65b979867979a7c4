#include "apps/cli/report/charts.h"

#include <algorithm>
#include <cmath>

#include "apps/cli/page/html.h"
#include "apps/cli/text.h"
#include "weir/base/xml_text.h"

namespace weir::cli {
namespace {

constexpr double kWidth = 560;
constexpr double kHeight = 230;
constexpr double kLeft = 46;
constexpr double kRight = 28;
constexpr double kTop = 14;
constexpr double kBottom = 30;
constexpr int kBars = 36;

std::string number(double value) {
  return fixed(value, 1);
}

std::string colour(std::size_t series) {
  return "c" + std::to_string(series % kChartColours);
}

// A step of 1, 2 or 5 times a power of ten, so that some five of them make `whole`.
double nice_step(double whole) {
  if (!(whole > 0)) return 1;
  const double rough = whole / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

std::string tick(double value, double step) {
  return fixed(value, step >= 1 ? 0 : step >= 0.1 ? 1 : 2);
}

// The frame of a chart: axes with their numbers, and where a point lies.
class Axes {
 public:
  Axes(double most_x, double most_y)
      : most_x_(std::max(most_x, 1e-9)), most_y_(std::max(most_y, 1e-9)) {}

  double x(double value) const { return kLeft + value / most_x_ * (kWidth - kLeft - kRight); }
  double y(double value) const {
    return kHeight - kBottom - value / most_y_ * (kHeight - kTop - kBottom);
  }

  std::string begin(const std::string& alt) const {
    return "<svg class=\"plot\" viewBox=\"0 0 " + number(kWidth) + " " + number(kHeight) +
           "\" role=\"img\" aria-label=\"" + escape_xml(alt) + "\">\n";
  }
  std::string lines(const char* unit_x) const {
    std::string svg;
    const double step_y = nice_step(most_y_);
    for (int i = 0; i * step_y <= most_y_ * 1.0001; ++i) {
      const double value = i * step_y;
      svg += "<line class=\"grid\" x1=\"" + number(kLeft) + "\" x2=\"" + number(kWidth - kRight) +
             "\" y1=\"" + number(y(value)) + "\" y2=\"" + number(y(value)) + "\"/><text x=\"" +
             number(kLeft - 6) + "\" y=\"" + number(y(value) + 4) + "\" text-anchor=\"end\">" +
             tick(value, step_y) + "</text>\n";
    }
    const double step_x = nice_step(most_x_);
    for (int i = 0; i * step_x <= most_x_ * 1.0001; ++i) {
      const double value = i * step_x;
      svg += "<text x=\"" + number(x(value)) + "\" y=\"" + number(kHeight - 10) +
             "\" text-anchor=\"middle\">" + tick(value, step_x) + unit_x + "</text>\n";
    }
    return svg;
  }

 private:
  double most_x_;
  double most_y_;
};

// A mark across the chart with its words beside it.
std::string mark(const Axes& axes, double value, double most, const std::string& words,
                 double line) {
  const double x = axes.x(std::min(value, most));
  const bool left = x > kWidth * 0.7;
  return "<line class=\"mark\" x1=\"" + number(x) + "\" x2=\"" + number(x) + "\" y1=\"" +
         number(kTop) + "\" y2=\"" + number(kHeight - kBottom) + "\"/><text class=\"strong\" x=\"" +
         number(x + (left ? -5 : 5)) + "\" y=\"" + number(kTop + line) + "\" text-anchor=\"" +
         (left ? "end" : "start") + "\">" + escape_xml(words) + "</text>\n";
}

struct Bars {
  std::vector<double> counts = std::vector<double>(kBars, 0);
  double most_ms = 1;
};

// Buckets that grow are shared out over bars that do not.
Bars bars_of(const flow::StreamStats& stream) {
  uint64_t total = 0;
  for (const flow::TimeBucket& bucket : stream.delays) total += bucket.count;
  Bars bars;
  uint64_t seen = 0;
  for (const flow::TimeBucket& bucket : stream.delays) {
    seen += bucket.count;
    bars.most_ms = static_cast<double>(bucket.to_ns) / 1e6;
    if (static_cast<double>(seen) >= 0.995 * static_cast<double>(total)) break;
  }
  bars.most_ms *= 1.04;
  const double width = bars.most_ms / kBars;
  for (const flow::TimeBucket& bucket : stream.delays) {
    const double from = static_cast<double>(bucket.from_ns) / 1e6;
    const double to = std::max(static_cast<double>(bucket.to_ns) / 1e6, from + 1e-6);
    for (int i = 0; i < kBars; ++i) {
      const double overlap = std::min(to, (i + 1) * width) - std::max(from, i * width);
      if (overlap <= 0) continue;
      bars.counts[static_cast<std::size_t>(i)] +=
          static_cast<double>(bucket.count) * overlap / (to - from);
    }
  }
  return bars;
}

double largest(const std::vector<ChartSeries>& series) {
  double most = 0;
  for (const ChartSeries& one : series) {
    for (const double value : one.values) most = std::max(most, value);
  }
  return most;
}

}  // namespace

std::string delay_chart(const flow::StreamStats& stream) {
  const Bars bars = bars_of(stream);
  const double most = *std::max_element(bars.counts.begin(), bars.counts.end());
  const Axes axes(bars.most_ms, most * 1.08);
  const double p50 = static_cast<double>(stream.delay_from_admission.p50_ns) / 1e6;
  const double p95 = static_cast<double>(stream.delay_from_admission.p95_ns) / 1e6;
  std::string svg = axes.begin("Delays of " + stream.name + ": half are below " + format_ms(p50) +
                               ", 95 % below " + format_ms(p95)) +
                    axes.lines(" ms");
  const double width = bars.most_ms / kBars;
  for (int i = 0; i < kBars; ++i) {
    const double count = bars.counts[static_cast<std::size_t>(i)];
    if (count <= 0) continue;
    const double left = axes.x(i * width) + 0.8;
    svg += "<rect class=\"c0\" x=\"" + number(left) + "\" y=\"" + number(axes.y(count)) +
           "\" width=\"" + number(axes.x((i + 1) * width) - left - 0.8) + "\" height=\"" +
           number(axes.y(0) - axes.y(count)) + "\" rx=\"1.5\"/>\n";
  }
  return svg + mark(axes, p50, bars.most_ms, "median " + format_ms(p50), 10) +
         mark(axes, p95, bars.most_ms, "95 % below " + format_ms(p95), 26) + "</svg>\n";
}

std::string stacked_chart(const std::vector<double>& seconds,
                          const std::vector<ChartSeries>& series, double most,
                          const std::string& alt) {
  std::vector<double> below(seconds.size(), 0);
  std::string areas;
  double top = most;
  for (const ChartSeries& one : series) {
    for (std::size_t i = 0; i < below.size(); ++i) below[i] += one.values[i];
  }
  for (const double sum : below) top = std::max(top, sum);
  const Axes axes(seconds.empty() ? 1 : seconds.back(), top * 1.06);
  std::fill(below.begin(), below.end(), 0);
  for (std::size_t s = 0; s < series.size(); ++s) {
    std::string forth;
    std::string back;
    for (std::size_t i = 0; i < seconds.size(); ++i) {
      const double above = below[i] + series[s].values[i];
      // A piece of time is flat from its beginning to its end.
      const double from = i == 0 ? 0 : seconds[i - 1];
      forth += (i == 0 ? "M" : "L") + number(axes.x(from)) + " " + number(axes.y(above)) + "L" +
               number(axes.x(seconds[i])) + " " + number(axes.y(above));
      back.insert(0, "L" + number(axes.x(seconds[i])) + " " + number(axes.y(below[i])) + "L" +
                         number(axes.x(from)) + " " + number(axes.y(below[i])));
      below[i] = above;
    }
    if (!seconds.empty())
      areas += "<path class=\"" + colour(s) + "\" d=\"" + forth + back + "Z\"/>\n";
  }
  return axes.begin(alt) + areas + axes.lines(" s") + "<line class=\"mark\" x1=\"" + number(kLeft) +
         "\" x2=\"" + number(kWidth - kRight) + "\" y1=\"" + number(axes.y(most)) + "\" y2=\"" +
         number(axes.y(most)) + "\"/></svg>\n";
}

std::string line_chart(const std::vector<double>& seconds, const std::vector<ChartSeries>& series,
                       const std::string& alt) {
  const Axes axes(seconds.empty() ? 1 : seconds.back(), largest(series) * 1.08);
  std::string svg = axes.begin(alt) + axes.lines(" s");
  for (std::size_t s = 0; s < series.size(); ++s) {
    std::string path;
    for (std::size_t i = 0; i < seconds.size(); ++i) {
      const double middle = (seconds[i] + (i == 0 ? 0 : seconds[i - 1])) / 2;
      path +=
          (i == 0 ? "M" : "L") + number(axes.x(middle)) + " " + number(axes.y(series[s].values[i]));
    }
    if (!path.empty()) svg += "<path class=\"line " + colour(s) + "\" d=\"" + path + "\"/>\n";
  }
  return svg + "</svg>\n";
}

std::string chart_legend(const std::vector<std::string>& names,
                         const std::vector<std::string>& words) {
  std::string html = "<ul class=\"legend\">\n";
  for (std::size_t i = 0; i < names.size(); ++i) {
    html += "<li><i class=\"" + colour(i) + "\"></i>" + escape_xml(names[i]);
    if (i < words.size() && !words[i].empty()) html += " " + html::element("b", words[i]);
    html += "</li>\n";
  }
  return html + "</ul>\n";
}

}  // namespace weir::cli
