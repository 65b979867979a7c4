#include "weir/model/family_page.h"

#include <algorithm>
#include <vector>

#include "weir/config/fields.h"
#include "weir/config/write.h"

namespace weir {
namespace {

// A table's cell may hold no bar of its own.
std::string cell(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '|') safe += '\\';
    safe += c;
  }
  return safe;
}

void add_row(std::string& page, const std::string& what, const std::string& text) {
  if (!text.empty()) page += "| " + what + " | " + cell(text) + " |\n";
}

// What a spec leaves open, as it would be written in one.
std::string in_yaml(const config::Node& node) {
  const std::string text = config::to_flow_yaml(node);
  return text == "{}" || text == "null" || text.empty() ? std::string() : "`" + text + "`";
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

std::string needed(const Needs& needs) {
  if (needs.box) return "the whole picture, or what has a box";
  if (needs.points.empty()) return {};
  return "the whole picture, or what has " + points_in_words(needs.points) + "; with `" +
         needs.points_option + ": false` anything";
}

void add_section(std::string& page, const FamilyInfo& info) {
  page += "\n## " + info.name + "\n\n" + info.about + "\n\n| | |\n|---|---|\n";
  add_row(page, "also read as", listed(info.aliases));
  add_row(page, "inputs", info.inputs);
  add_row(page, "outputs", info.outputs);
  if (info.gives) add_row(page, "a finding may have", in_words(*info.gives));
  add_row(page, "is used on", needed(info.needs));
  add_row(page, "input, if the spec does not say", in_yaml(config::write(info.input)));
  add_row(page, "thresholds, if the spec does not say", in_yaml(config::write(info.thresholds)));
  add_row(page, "labels, if the spec has none",
          in_yaml(config::Codec<LabelSpec>::write(info.labels)));
  for (const OptionInfo& option : info.options) {
    add_row(page, "option `" + option.name + "`", option.help);
  }
  add_row(page, "tested with", info.tested);
}

}  // namespace

std::string family_page(const FamilyRegistry& families) {
  std::vector<const FamilyInfo*> sorted;
  for (const auto& family : families.all()) sorted.push_back(family.get());
  std::sort(sorted.begin(), sorted.end(),
            [](const FamilyInfo* a, const FamilyInfo* b) { return a->name < b->name; });
  std::string page = "| family | task | |\n|---|---|---|\n";
  for (const FamilyInfo* info : sorted) {
    page += "| [" + info->name + "](#" + info->name + ") | " + cell(info->task) + " | " +
            cell(info->about) + " |\n";
  }
  for (const FamilyInfo* info : sorted) add_section(page, *info);
  return page;
}

}  // namespace weir
