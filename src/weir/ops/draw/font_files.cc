#include "weir/ops/draw/font_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace weir {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Lower is better for labels.
int rank_of(const std::string& stem) {
  constexpr std::array<std::string_view, 8> kBest = {
      "dejavusans",     "notosans-regular", "liberationsans-regular",
      "roboto-regular", "opensans-regular", "freesans",
      "arial",          "ubuntu-r"};
  const auto best = std::find(kBest.begin(), kBest.end(), stem);
  if (best != kBest.end()) return static_cast<int>(best - kBest.begin());
  constexpr std::array<std::string_view, 8> kSlanted = {"bold",  "italic", "oblique",   "black",
                                                        "light", "thin",   "condensed", "math"};
  for (const std::string_view word : kSlanted) {
    if (contains(stem, word)) return 40;
  }
  if (contains(stem, "mono") || contains(stem, "serif")) return 30;
  // Those with many scripts stand in for what the first one lacks.
  for (const std::string_view word : {"fallback", "cjk", "unifont", "wqy", "noto"}) {
    if (contains(stem, word)) return 10;
  }
  return 20;
}

bool is_font(const fs::path& path) {
  const std::string extension = lower(path.extension().string());
  return extension == ".ttf" || extension == ".otf" || extension == ".ttc";
}

}  // namespace

std::vector<std::string> font_folders() {
  std::vector<std::string> folders;
  if (const char* home = std::getenv("HOME")) {
    folders.push_back(std::string(home) + "/.local/share/fonts");
    folders.push_back(std::string(home) + "/.fonts");
  }
  for (const char* folder : {"/usr/local/share/fonts", "/usr/share/fonts", "/usr/share/texmf/fonts",
                             "/System/Library/Fonts", "/Library/Fonts"}) {
    folders.emplace_back(folder);
  }
  return folders;
}

std::vector<std::string> find_fonts(const std::vector<std::string>& folders, int limit) {
  std::vector<std::pair<int, std::string>> found;
  for (const std::string& folder : folders) {
    std::error_code code;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied,
                                           code);
    for (; !code && entry != fs::recursive_directory_iterator() && limit > 0; --limit) {
      std::error_code ignored;
      if (entry.depth() > 8) entry.disable_recursion_pending();
      if (is_font(entry->path()) && entry->is_regular_file(ignored)) {
        found.emplace_back(rank_of(lower(entry->path().stem().string())), entry->path().string());
      }
      entry.increment(code);
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> files;
  for (auto& [rank, file] : found) files.push_back(std::move(file));
  return files;
}

}  // namespace weir
