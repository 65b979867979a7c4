#include "weir/assemble/read_text.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "weir/ops/reading_order.h"
#include "weir/ops/text_quad.h"

namespace weir {
namespace {

Result<std::unique_ptr<Lane>> open_lane(Runtime& runtime, const ModelSpec& spec,
                                        const std::string& name,
                                        const catalogue::PullOptions& pull) {
  WEIR_ASSIGN(const auto model, runtime.load_model(spec, name, pull));
  return model->make_lane();
}

// How long a line is for its height: what hangs together with the width of a recogniser's input.
double aspect_of(const Finding& line) {
  const auto quad = text_quad(line);
  return quad ? quad->width() / quad->height() : 0;
}

// Lines of similar shape follow each other, so that they can share a run.
std::vector<std::size_t> by_aspect(std::span<const Finding> lines) {
  std::vector<double> aspects;
  for (const Finding& line : lines) aspects.push_back(aspect_of(line));
  std::vector<std::size_t> order(lines.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return aspects[a] < aspects[b]; });
  return order;
}

// Of text that stands on its head recognisers are less sure than this, of text that does not they
// are seldom.
constexpr double kSure = 0.9;

double sureness_of(const std::vector<Finding>& text) {
  return text.empty() || !text[0].best ? 0 : double{text[0].best->score};
}

Result<Finding> turned_over(const Finding& line, const ImageView& picture) {
  WEIR_ASSIGN(const TextQuad quad, text_quad(line));
  Finding turned = line;
  set_quad(turned, quad.turned(2), picture.upright_width(), picture.upright_height());
  return turned;
}

std::vector<Finding> all_of(std::vector<std::vector<Finding>> found) {
  std::vector<Finding> all;
  for (std::vector<Finding>& of : found) {
    for (Finding& finding : of) all.push_back(std::move(finding));
  }
  return all;
}

void add(const Lane::Times& more, Lane::Times& times) {
  times.prepare_ms += more.prepare_ms;
  times.infer_ms += more.infer_ms;
  times.interpret_ms += more.interpret_ms;
}

Result<TextPage> page_of(std::vector<Finding> lines) {
  std::vector<TextQuad> quads;
  std::vector<std::string> texts;
  for (const Finding& line : lines) {
    WEIR_ASSIGN(quads.emplace_back(), text_quad(line));
    texts.push_back(line.text);
  }
  const std::vector<TextRow> rows = reading_order(quads);
  TextPage page;
  page.text = join_rows(rows, texts);
  for (const TextRow& row : rows) {
    for (const std::size_t box : row.boxes) page.lines.push_back(std::move(lines[box]));
  }
  return page;
}

}  // namespace

ModelSpec catalogue_model(const std::string& name) {
  ModelSpec spec;
  spec.use = name;
  return spec;
}

Result<std::unique_ptr<TextReader>> TextReader::make(Runtime& runtime, const TextReaderSpec& spec,
                                                     const catalogue::PullOptions& pull) {
  std::unique_ptr<TextReader> reader(new TextReader);
  WEIR_ASSIGN(reader->detector_, open_lane(runtime, spec.detector, "detector", pull));
  if (spec.direction) {
    WEIR_ASSIGN(reader->direction_, open_lane(runtime, *spec.direction, "direction", pull));
  }
  WEIR_ASSIGN(reader->recogniser_, open_lane(runtime, spec.recogniser, "recogniser", pull));
  return reader;
}

Result<TextPage> TextReader::read(const ImageView& picture) {
  times_ = {};
  std::vector<Finding> lines;
  WEIR_TRY(detector_->run({.picture = &picture}, lines));
  times_.detect = detector_->times();
  times_.lines = lines.size();
  if (direction_) {
    WEIR_ASSIGN(auto turned, look(*direction_, picture, lines, times_.direction));
    lines = all_of(std::move(turned));
  }
  WEIR_ASSIGN(auto texts, look(*recogniser_, picture, lines, times_.recognise));
  if (direction_) WEIR_TRY(turn_doubtful(picture, lines, texts));
  return page_of(all_of(std::move(texts)));
}

Status TextReader::turn_doubtful(const ImageView& picture, std::span<const Finding> lines,
                                 std::vector<std::vector<Finding>>& texts) {
  std::vector<Finding> turned;
  std::vector<std::size_t> of_line;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (sureness_of(texts[i]) >= kSure) continue;
    WEIR_ASSIGN(turned.emplace_back(), turned_over(lines[i], picture));
    of_line.push_back(i);
  }
  if (turned.empty()) return {};
  Lane::Times more;
  WEIR_ASSIGN(auto found, look(*recogniser_, picture, turned, more));
  add(more, times_.recognise);
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::vector<Finding>& text = texts[of_line[i]];
    if (sureness_of(found[i]) > sureness_of(text)) text = std::move(found[i]);
  }
  return {};
}

Result<std::vector<std::vector<Finding>>> TextReader::look(Lane& lane, const ImageView& picture,
                                                           std::span<const Finding> lines,
                                                           Lane::Times& times) {
  const std::vector<std::size_t> order = by_aspect(lines);
  std::vector<ItemSource> items;
  items.reserve(order.size());
  for (const std::size_t i : order) items.push_back({.picture = &picture, .on = &lines[i]});
  std::vector<ItemResult> results(items.size());
  lane.run(items, results);
  times = lane.times();
  std::vector<std::vector<Finding>> found(lines.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i].status.has_value()) {
      return std::move(results[i].status).error().at(lane.model().name());
    }
    found[order[i]] = std::move(results[i].findings);
  }
  return found;
}

}  // namespace weir
