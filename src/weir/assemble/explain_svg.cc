#include "weir/assemble/explain_svg.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

#include "weir/assemble/explain_chart.h"
#include "weir/assemble/explain_layout.h"
#include "weir/base/xml_text.h"

namespace weir {
namespace {

constexpr double kMargin = 20;
constexpr double kPadding = 12;
constexpr double kTitleHeight = 20;
constexpr double kLineHeight = 16;
constexpr double kLetter = 6.7;       // of the lines, on the average
constexpr double kTitleLetter = 7.8;  // of the titles, which are bold
constexpr double kFrame = 16;         // around the steps
constexpr double kFrameHead = 26;     // of one line
constexpr std::size_t kLineLetters = 30;

constexpr std::string_view kStyle =
    "<style>.weir-chart{--ink:#16212a;--soft:#51616c;--line:#9db0ba;--source:#e3f1e7;"
    "--source-edge:#1c7040;--step:#fff;--step-edge:#0b6e8a;--sink:#f6ecd9;--sink-edge:#8a5a0b;"
    "--frame:#0b6e8a10}"
    "@media(prefers-color-scheme:dark){.weir-chart{--ink:#e6edf1;--soft:#9fb0bb;--line:#526570;"
    "--source:#15291c;--source-edge:#74c997;--step:#182128;--step-edge:#6cc5df;--sink:#2c2415;"
    "--sink-edge:#e0b062;--frame:#6cc5df10}}"
    ".weir-chart text{font:12px system-ui,-apple-system,\"Segoe UI\",Roboto,Arial,sans-serif;"
    "fill:var(--soft)}"
    ".weir-chart .title{font-size:13.5px;font-weight:650;fill:var(--ink)}"
    ".weir-chart .queue{font-size:11px;font-style:italic}"
    ".weir-chart .source{fill:var(--source);stroke:var(--source-edge)}"
    ".weir-chart .step{fill:var(--step);stroke:var(--step-edge)}"
    ".weir-chart .sink{fill:var(--sink);stroke:var(--sink-edge)}"
    ".weir-chart .frame{fill:var(--frame);stroke:var(--step-edge);stroke-dasharray:5 4;"
    "stroke-opacity:.55}"
    ".weir-chart path.edge{fill:none;stroke:var(--line);stroke-width:1.6}"
    ".weir-chart .tip{fill:var(--line)}</style>";

std::string number(double value) {
  std::array<char, 32> text{};
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 1);
  return {text.data(), end};
}

// Characters, not bytes.
std::size_t letters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

// Broken between words, and after '/' and ',' where a word is longer than a line.
std::vector<std::string> wrapped(const std::string& text) {
  std::vector<std::string> lines(1);
  std::string word;
  const auto take = [&] {
    if (letters(lines.back()) + letters(word) > kLineLetters && !lines.back().empty()) {
      while (!lines.back().empty() && lines.back().back() == ' ') lines.back().pop_back();
      lines.emplace_back();
    }
    lines.back() += word;
    word.clear();
  };
  for (const char c : text) {
    word += c;
    if (c == ' ' || c == '/' || c == ',') take();
  }
  take();
  return lines;
}

struct Drawn {
  const ChartNode* node = nullptr;
  std::vector<std::string> lines;
  std::size_t queue = 0;  // the lines from here on say what waits behind it, or before it
  int box = 0;

  double height() const {
    return 2 * kPadding + kTitleHeight + kLineHeight * static_cast<double>(lines.size());
  }
  double width() const {
    double widest = kTitleLetter * static_cast<double>(letters(node->title));
    for (const std::string& line : lines) {
      widest = std::max(widest, kLetter * static_cast<double>(letters(line)));
    }
    return std::max(node->kind == ChartKind::kStep ? 180.0 : 96.0, widest + 2 * kPadding);
  }
};

class Drawing {
 public:
  explicit Drawing(const PipelineSpec& spec) : chart_(chart_of(spec)) {
    for (std::size_t i = 0; i < chart_.nodes.size(); ++i) {
      const ChartNode& node = chart_.nodes[i];
      Drawn drawn;
      drawn.node = &node;
      for (const std::string& line : node.lines) add_lines(drawn, without(node, line));
      drawn.queue = drawn.lines.size();
      const std::string queue = node.queue.empty() ? queue_behind(i) : node.queue;
      if (!queue.empty()) add_lines(drawn, "queue: " + queue);
      drawn.box = layout_.add_box(node.column, drawn.width(), drawn.height());
      drawn_.push_back(std::move(drawn));
    }
    for (const ChartEdge& edge : chart_.edges) {
      layout_.add_edge(drawn_[edge.from].box, drawn_[edge.to].box);
    }
    layout_.arrange();
  }

  std::string svg() {
    draw_frame();
    for (std::size_t i = 0; i < chart_.edges.size(); ++i) draw_edge(i);
    for (const Drawn& drawn : drawn_) draw_box(drawn);
    const double width = layout_.width() + 2 * kMargin;
    const double height = layout_.height() + 2 * kMargin + kFrame + head();
    return "<svg class=\"weir-chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " +
           number(width) + " " + number(height) + "\" width=\"" + number(width) + "\" height=\"" +
           number(height) + "\" role=\"img\" aria-label=\"" +
           escape_xml("The pipeline: " + std::to_string(chart_.nodes.size()) + " boxes") + "\">" +
           std::string(kStyle) + "\n" + body_ + "</svg>\n";
  }

 private:
  static void add_lines(Drawn& drawn, const std::string& words) {
    if (words.empty()) return;
    for (std::string& part : wrapped(words)) drawn.lines.push_back(std::move(part));
  }
  // A sink's words begin with its title.
  static std::string without(const ChartNode& node, const std::string& line) {
    return line.starts_with(node.title + " ") ? line.substr(node.title.size() + 1) : line;
  }
  std::string queue_behind(std::size_t node) const {
    for (const ChartEdge& edge : chart_.edges) {
      if (edge.from == node && !edge.label.empty()) return edge.label;
    }
    return {};
  }

  static double x(double of) { return of + kMargin; }
  double y(double of) const { return of + kMargin + head(); }
  // Of the frame, with a line for each executor.
  double head() const {
    return kFrameHead + kLineHeight * static_cast<double>(chart_.executors.size() - 1);
  }

  void text(double at_x, double at_y, const char* kind, const std::string& words) {
    body_ += "<text x=\"" + number(at_x) + "\" y=\"" + number(at_y) + "\" class=\"" + kind + "\">" +
             escape_xml(words) + "</text>\n";
  }
  void rectangle(const char* kind, double at_x, double at_y, double width, double height,
                 double corner) {
    body_ += "<rect class=\"" + std::string(kind) + "\" x=\"" + number(at_x) + "\" y=\"" +
             number(at_y) + "\" width=\"" + number(width) + "\" height=\"" + number(height) +
             "\" rx=\"" + number(corner) + "\"/>\n";
  }

  // Around all steps: the executors that they share.
  void draw_frame() {
    double left = 1e9;
    double top = 1e9;
    double right = 0;
    double bottom = 0;
    for (const Drawn& drawn : drawn_) {
      if (drawn.node->kind != ChartKind::kStep) continue;
      const ChartBox& box = layout_.box(drawn.box);
      left = std::min(left, box.x);
      right = std::max(right, box.x + box.width);
      top = std::min(top, box.y);
      bottom = std::max(bottom, box.y + box.height);
    }
    if (right <= left) return;
    rectangle("frame", x(left) - kFrame, y(top) - head(), right - left + 2 * kFrame,
              bottom - top + head() + kFrame, 12);
    double line = y(top) - head() + kFrameHead - 9;
    for (const std::string& executor : chart_.executors) {
      text(x(left), line, "queue", executor);
      line += kLineHeight;
    }
  }

  void draw_edge(std::size_t number_of) {
    const std::vector<ChartPoint> points = layout_.points(number_of);
    std::string path = "M" + number(x(points[0].x)) + " " + number(y(points[0].y));
    for (std::size_t i = 1; i < points.size(); ++i) {
      const ChartPoint& from = points[i - 1];
      const ChartPoint& to = points[i];
      const double bend = std::min(40.0, (to.x - from.x) / 2);
      path += " C" + number(x(from.x) + bend) + " " + number(y(from.y)) + " " +
              number(x(to.x) - bend) + " " + number(y(to.y)) + " " + number(x(to.x)) + " " +
              number(y(to.y));
    }
    body_ += "<path class=\"edge\" d=\"" + path + "\"/>\n";
    const double tip_x = x(points.back().x);
    const double tip_y = y(points.back().y);
    body_ +=
        "<path class=\"tip\" d=\"M" + number(tip_x) + " " + number(tip_y) + " l-8 -4 v8z\"/>\n";
  }

  void draw_box(const Drawn& drawn) {
    constexpr std::array<const char*, 3> kKinds = {"source", "step", "sink"};
    const ChartBox& box = layout_.box(drawn.box);
    const double corner = drawn.node->kind == ChartKind::kStep ? 8 : 18;
    rectangle(kKinds[static_cast<std::size_t>(drawn.node->kind)], x(box.x), y(box.y), box.width,
              box.height, corner);
    double line = y(box.y) + kPadding + 12;
    text(x(box.x) + kPadding, line, "title", drawn.node->title);
    line += 4;
    for (std::size_t i = 0; i < drawn.lines.size(); ++i) {
      line += kLineHeight;
      text(x(box.x) + kPadding, line, i < drawn.queue ? "line" : "queue", drawn.lines[i]);
    }
  }

  const ExplainChart chart_;
  ChartLayout layout_;
  std::vector<Drawn> drawn_;
  std::string body_;
};

}  // namespace

std::string to_svg(const PipelineSpec& spec) {
  return Drawing(spec).svg();
}

}  // namespace weir
