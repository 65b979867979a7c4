#include "apps/cli/catalogue_table.h"

#include "apps/cli/json.h"
#include "apps/cli/table.h"
#include "apps/cli/text.h"
#include "weir/catalogue/cache.h"

namespace weir::cli {
namespace {

std::string kind_text(catalogue::EntryKind kind) {
  switch (kind) {
    case catalogue::EntryKind::kModel:
      return "model";
    case catalogue::EntryKind::kMedia:
      return "media";
    case catalogue::EntryKind::kLabels:
      return "labels";
  }
  return "";
}

std::string origin_text(const catalogue::Entry& entry) {
  if (entry.package) return entry.package->to_string();
  return entry.url.empty() ? entry.path : entry.url;
}

bool is_shown(const catalogue::Entry& entry, CatalogueView view) {
  return view == CatalogueView::kEverything || entry.kind == catalogue::EntryKind::kModel;
}

std::string state_text(const Terminal& terminal, catalogue::EntryState state) {
  if (state == catalogue::EntryState::kPresent) return terminal.green("here");
  if (state == catalogue::EntryState::kCorrupt) return terminal.red("damaged");
  return terminal.dim("not here");
}

Json entry_json(const catalogue::Entry& entry, const catalogue::Cache& cache) {
  const catalogue::EntryState state = cache.state(entry);
  Json files = Json::array();
  for (const catalogue::EntryFile& file : entry.files) {
    files.push_back({{"file", cache.file(entry, file).string()},
                     {"bytes", file.bytes},
                     {"sha256", file.sha256}});
  }
  return {{"name", entry.name},     {"kind", kind_text(entry.kind)}, {"task", entry.task},
          {"about", entry.about},   {"bytes", cache.bytes(entry)},   {"licence", entry.licence},
          {"source", entry.source}, {"family", entry.family},        {"from", origin_text(entry)},
          {"state", name(state)},   {"defined_in", entry.origin},    {"files", files}};
}

}  // namespace

Status print_catalogue(const catalogue::Catalogue& catalogue, CatalogueView view,
                       const std::vector<ConfiguredModel>& configured, Context& context) {
  const catalogue::Cache cache = catalogue::Cache::of_user();
  if (context.json) {
    Json entries = Json::array();
    for (const catalogue::Entry& entry : catalogue.entries()) {
      if (is_shown(entry, view)) entries.push_back(entry_json(entry, cache));
    }
    context.out << print({{"cache", cache.root().string()},
                          {"entries", entries},
                          {"configured", configured_json(configured)}});
    return {};
  }
  Table table({{"name"}, {"task"}, {"size", Align::kRight}, {"licence"}, {"state"}, {"from"}});
  for (const catalogue::Entry& entry : catalogue.entries()) {
    if (!is_shown(entry, view)) continue;
    const int64_t bytes = cache.bytes(entry);
    table.row({entry.name, entry.task.empty() ? kind_text(entry.kind) : entry.task,
               bytes > 0 ? format_bytes(static_cast<uint64_t>(bytes)) : "?", entry.licence,
               state_text(context.terminal, cache.state(entry)), origin_text(entry)});
  }
  context.out << table.render(context.terminal);
  if (configured.empty()) return {};
  context.out << '\n';
  print_configured(configured, context);
  return {};
}

}  // namespace weir::cli
