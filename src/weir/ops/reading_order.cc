#include "weir/ops/reading_order.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <optional>
#include <string_view>

namespace weir {
namespace {

// Of a quad's height; boxes are larger than their text and may touch those of the next row.
constexpr double kCore = 0.7;
constexpr double kSameRow = 0.5;    // of the smaller height, that boxes of a row share at least
constexpr double kColumnGap = 1.0;  // an empty strip so many heights wide may part columns
constexpr std::size_t kColumnRows = 3;
constexpr double kColumnLine = 8;  // heights, that the lines of a column are wide
constexpr double kAlike = 2.5;     // times as high as each other, blocks of a row are at most
constexpr double kLevel = 0.7;     // the cosine of 45 degrees
constexpr double kGap = 1.8;       // times what is usual on the page, a gap between rows is
constexpr double kLoneGap = 3;     // heights, where there are only two rows to tell from

// A quad in the frame of the page, in which text runs level.
struct Block {
  std::size_t index = 0;
  double x1 = 0;
  double x2 = 0;
  double y = 0;  // of the centre
  double height = 0;

  double top() const { return y - height * kCore / 2; }
  double bottom() const { return y + height * kCore / 2; }
};
using Blocks = std::vector<Block>;

// The way in which most of the text runs: of the four quarters the one with the most of it, and in
// that the mean.
double page_angle(std::span<const TextQuad> quads) {
  constexpr double kQuarter = std::numbers::pi / 2;
  std::array<double, 4> weight{};
  std::array<Point, 4> sum{};
  for (const TextQuad& quad : quads) {
    const double angle = quad.angle();
    const auto quarter =
        static_cast<std::size_t>(static_cast<int>(std::lround(angle / kQuarter)) & 3);
    weight[quarter] += quad.width();
    sum[quarter].x += quad.width() * std::cos(angle);
    sum[quarter].y += quad.width() * std::sin(angle);
  }
  const auto most =
      static_cast<std::size_t>(std::max_element(weight.begin(), weight.end()) - weight.begin());
  return weight[most] > 0 ? std::atan2(sum[most].y, sum[most].x) : 0;
}

Block block_of(const TextQuad& quad, std::size_t index, double cosine, double sine) {
  std::array<Point, 4> turned;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point& p = quad.corners[i];
    turned[i] = {p.x * cosine + p.y * sine, p.y * cosine - p.x * sine};
  }
  const auto [left, right] = std::minmax_element(
      turned.begin(), turned.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(
      turned.begin(), turned.end(), [](const Point& a, const Point& b) { return a.y < b.y; });
  // The height of the line where it runs as the page does, or against it; else of all it covers.
  const double level = std::abs(std::cos(quad.angle()) * cosine + std::sin(quad.angle()) * sine);
  const double height = level > kLevel ? quad.height() : bottom->y - top->y;
  return {index, left->x, right->x, (top->y + bottom->y) / 2, height};
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double median_height(const Blocks& blocks) {
  std::vector<double> heights;
  for (const Block& block : blocks) heights.push_back(block.height);
  return median(std::move(heights));
}

struct Row {
  Blocks blocks;
  double y() const {
    double sum = 0;
    for (const Block& block : blocks) sum += block.y;
    return sum / static_cast<double>(blocks.size());
  }
  double top() const {
    double top = blocks.front().top();
    for (const Block& block : blocks) top = std::min(top, block.top());
    return top;
  }
  double bottom() const {
    double bottom = blocks.front().bottom();
    for (const Block& block : blocks) bottom = std::max(bottom, block.bottom());
    return bottom;
  }
};

// How much of the smaller of two blocks lies beside the other.
double shared(const Block& a, const Block& b) {
  const double both = std::min(a.bottom(), b.bottom()) - std::max(a.top(), b.top());
  const double least = std::min(a.height, b.height);
  if (std::max(a.height, b.height) > kAlike * least) return 0;
  return least > 0 ? both / (least * kCore) : 0;
}

// From left to right each block goes on with the row whose last block it lies beside, most of all.
std::vector<Row> rows_of(Blocks blocks) {
  std::sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) {
    return a.x1 != b.x1 ? a.x1 < b.x1 : a.y != b.y ? a.y < b.y : a.index < b.index;
  });
  std::vector<Row> rows;
  for (const Block& block : blocks) {
    Row* best = nullptr;
    double most = kSameRow;
    for (Row& row : rows) {
      const Block& last = row.blocks.back();
      const double overlap = std::min(last.x2, block.x2) - block.x1;
      if (overlap > (block.x2 - block.x1) / 2) continue;  // one over the other: two rows
      const double share = shared(last, block);
      if (share >= most) {
        best = &row;
        most = share;
      }
    }
    if (best == nullptr) best = &rows.emplace_back();
    best->blocks.push_back(block);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.y() < b.y(); });
  return rows;
}

// Cuts blocks in two where nothing lies, at the widest strip that is at least `least` wide.
struct Cut {
  Blocks first;
  Blocks second;
};

template <class Low, class High>
std::vector<double> strips(Blocks& blocks, const Low& low, const High& high, double least) {
  std::sort(blocks.begin(), blocks.end(), [&](const Block& a, const Block& b) {
    return low(a) != low(b) ? low(a) < low(b) : a.index < b.index;
  });
  std::vector<std::pair<double, double>> found;  // width, place
  double end = high(blocks.front());
  for (const Block& block : blocks) {
    if (low(block) - end >= least) found.emplace_back(low(block) - end, low(block));
    end = std::max(end, high(block));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<double> places;
  for (const auto& strip : found) places.push_back(strip.second);
  return places;
}

template <class Low>
Cut cut_at(const Blocks& blocks, const Low& low, double place) {
  Cut cut;
  for (const Block& block : blocks) (low(block) < place ? cut.first : cut.second).push_back(block);
  return cut;
}

// Whether these are the long lines of a column of prose.
bool is_prose(const Blocks& blocks, double height) {
  const std::vector<Row> rows = rows_of(blocks);
  if (rows.size() < kColumnRows) return false;
  std::vector<double> widths;
  for (const Row& row : rows) widths.push_back(row.blocks.back().x2 - row.blocks.front().x1);
  return median(std::move(widths)) >= kColumnLine * height;
}

std::optional<Cut> cut_columns(Blocks& blocks) {
  if (blocks.size() < 2 * kColumnRows) return std::nullopt;
  const double height = median_height(blocks);
  const auto low = [](const Block& block) { return block.x1; };
  const auto high = [](const Block& block) { return block.x2; };
  for (const double place : strips(blocks, low, high, kColumnGap * height)) {
    Cut cut = cut_at(blocks, low, place);
    if (is_prose(cut.first, height) && is_prose(cut.second, height)) return cut;
  }
  return std::nullopt;
}

std::optional<Cut> cut_rows(Blocks& blocks) {
  const auto low = [](const Block& block) { return block.top(); };
  const auto high = [](const Block& block) { return block.bottom(); };
  const std::vector<double> places = strips(blocks, low, high, 1e-9);
  if (places.empty()) return std::nullopt;
  return cut_at(blocks, low, places.front());
}

// Reads blocks: columns one after the other; else what is above the widest gap, then what is below
// it, for a column may begin under a heading; else row by row.
void read(Blocks blocks, std::vector<std::vector<Row>>& parts) {
  if (const auto columns = cut_columns(blocks)) {
    parts.emplace_back();
    read(columns->first, parts);
    parts.emplace_back();
    read(columns->second, parts);
    parts.emplace_back();
    return;
  }
  // Fewer cannot hold columns, however they are cut.
  if (blocks.size() > 2 * kColumnRows) {
    if (const auto rows = cut_rows(blocks)) {
      read(rows->first, parts);
      read(rows->second, parts);
      return;
    }
  }
  if (parts.empty()) parts.emplace_back();
  for (Row& row : rows_of(std::move(blocks))) parts.back().push_back(std::move(row));
}

double between(const Row& above, const Row& row) {
  return row.top() - above.bottom();
}

// How much has to be left empty between two rows of a part so that they are set apart.
double gap_of(const std::vector<Row>& part) {
  std::vector<double> gaps;
  std::vector<double> heights;
  for (std::size_t r = 0; r < part.size(); ++r) {
    heights.push_back(median_height(part[r].blocks));
    if (r > 0) gaps.push_back(between(part[r - 1], part[r]));
  }
  const double height = median(heights);
  if (gaps.size() < 2) return kLoneGap * height;
  std::sort(gaps.begin(), gaps.end());
  return std::max(height, kGap * gaps[(gaps.size() - 1) / 2]);
}

// Whether a character of `text` at its start or end is of a script without spaces: Chinese,
// Japanese, and their punctuation.
bool is_wide(std::string_view text, bool at_end) {
  std::size_t i = at_end ? text.size() - 1 : 0;
  while (at_end && i > 0 && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) --i;
  const auto first = static_cast<unsigned char>(text[i]);
  // Three bytes from U+3000 to U+9FFF and from U+F900, or four of them for U+20000 and on.
  return (first >= 0xE3 && first <= 0xE9) || first == 0xEF ||
         (first == 0xF0 && text.size() > i + 1 && static_cast<unsigned char>(text[i + 1]) >= 0xA0);
}

}  // namespace

std::vector<TextRow> reading_order(std::span<const TextQuad> quads) {
  if (quads.empty()) return {};
  const double angle = page_angle(quads);
  Blocks blocks;
  for (std::size_t i = 0; i < quads.size(); ++i) {
    blocks.push_back(block_of(quads[i], i, std::cos(angle), std::sin(angle)));
  }
  std::vector<std::vector<Row>> parts;
  read(std::move(blocks), parts);
  std::vector<TextRow> rows;
  for (const std::vector<Row>& part : parts) {
    if (part.empty()) continue;
    const double gap = gap_of(part);
    for (std::size_t r = 0; r < part.size(); ++r) {
      TextRow row;
      row.gap_before = !rows.empty() && (r == 0 || between(part[r - 1], part[r]) > gap);
      for (const Block& block : part[r].blocks) row.boxes.push_back(block.index);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::string join_rows(std::span<const TextRow> rows, std::span<const std::string> texts) {
  std::string page;
  bool gap = false;
  for (const TextRow& row : rows) {
    gap = gap || row.gap_before;
    std::string line;
    for (const std::size_t box : row.boxes) {
      const std::string& text = texts[box];
      if (text.empty()) continue;
      if (!line.empty() && !(is_wide(line, true) && is_wide(text, false))) line += ' ';
      line += text;
    }
    if (line.empty()) continue;
    if (!page.empty()) page += gap ? "\n\n" : "\n";
    page += line;
    gap = false;
  }
  return page;
}

}  // namespace weir
