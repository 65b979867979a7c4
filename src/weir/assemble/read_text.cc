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
    WEIR_ASSIGN(lines, look(*direction_, picture, lines, times_.direction));
  }
  WEIR_ASSIGN(lines, look(*recogniser_, picture, lines, times_.recognise));
  return page_of(std::move(lines));
}

Result<std::vector<Finding>> TextReader::look(Lane& lane, const ImageView& picture,
                                              std::span<const Finding> lines, Lane::Times& times) {
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
  std::vector<Finding> all;
  for (std::vector<Finding>& of : found) {
    for (Finding& finding : of) all.push_back(std::move(finding));
  }
  return all;
}

}  // namespace weir
