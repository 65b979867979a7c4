#include "weir/sink/path_template.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "weir/base/json_text.h"
#include "weir/base/nearest_name.h"

namespace weir {
namespace {

constexpr std::size_t kMaxName = 120;

Error wrong(std::string_view text, const std::string& what,
            const std::vector<std::string_view>& names, std::string_view written = {}) {
  std::string list;
  for (const std::string_view name : names) {
    list += (list.empty() ? "{" : ", {") + std::string(name) + "}";
  }
  const auto near = nearest_name(written, {names.begin(), names.end()});
  std::string hint = list.empty() ? "this path takes no names in braces" : "it may hold " + list;
  if (near) hint = "did you mean {" + *near + "}?";
  return Error(ErrorCode::kInvalidArgument, what + " in the path '" + std::string(text) + "'", "",
               std::move(hint));
}

// `pieces` from `at` on, against what is left of a path. A value is no slash and not empty.
template <typename Piece>
bool fits(const std::vector<Piece>& pieces, std::size_t at, std::string_view path) {
  if (at == pieces.size()) return path.empty();
  const Piece& piece = pieces[at];
  if (!piece.is_name) {
    return path.starts_with(piece.text) && fits(pieces, at + 1, path.substr(piece.text.size()));
  }
  const std::size_t most = std::min(path.find('/'), path.size());
  for (std::size_t length = 1; length <= most; ++length) {
    if (fits(pieces, at + 1, path.substr(length))) return true;
  }
  return false;
}

}  // namespace

Result<PathTemplate> PathTemplate::parse(std::string_view text,
                                         const std::vector<std::string_view>& names) {
  PathTemplate path;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t open = std::min(rest.find_first_of("{}"), rest.size());
    if (open > 0) path.pieces_.push_back({false, std::string(rest.substr(0, open))});
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const std::size_t close = rest.find('}');
    if (rest.front() == '}' || close == std::string_view::npos) {
      return wrong(text, "a brace without its other half", names);
    }
    const std::string_view name = rest.substr(1, close - 1);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      return wrong(text, "an unknown name {" + std::string(name) + "}", names, name);
    }
    path.pieces_.push_back({true, std::string(name)});
    rest.remove_prefix(close + 1);
  }
  if (path.pieces_.empty()) return wrong(text, "nothing", names);
  return path;
}

bool PathTemplate::has(std::string_view name) const {
  return std::any_of(pieces_.begin(), pieces_.end(),
                     [&](const Piece& piece) { return piece.is_name && piece.text == name; });
}

bool PathTemplate::has_names() const {
  return std::any_of(pieces_.begin(), pieces_.end(),
                     [](const Piece& piece) { return piece.is_name; });
}

PathTemplate PathTemplate::with(std::string_view name, std::string_view value) const {
  PathTemplate filled;
  for (const Piece& piece : pieces_) {
    const bool here = piece.is_name && piece.text == name;
    filled.pieces_.push_back(here ? Piece{false, as_file_name(value)} : piece);
  }
  return filled;
}

std::string PathTemplate::folder() const {
  std::string text;
  for (const Piece& piece : pieces_) {
    if (piece.is_name) break;
    text += piece.text;
  }
  return text.substr(0, text.rfind('/') + 1);
}

bool PathTemplate::could_be(std::string_view path) const {
  return fits(pieces_, 0, path);
}

std::string PathTemplate::text() const {
  std::string text;
  for (const Piece& piece : pieces_) text += piece.is_name ? "{" + piece.text + "}" : piece.text;
  return text;
}

std::string PathTemplate::expand(Values values) const {
  std::string path;
  for (const Piece& piece : pieces_) {
    if (!piece.is_name) {
      path += piece.text;
      continue;
    }
    const auto* value = std::find_if(values.begin(), values.end(),
                                     [&](const auto& entry) { return entry.first == piece.text; });
    path += as_file_name(value == values.end() ? std::string_view() : value->second);
  }
  return path;
}

std::string as_file_name(std::string_view text) {
  std::string name;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    const bool plain =
        length > 0 && first >= 0x20 && first != 0x7F && first != '/' && first != '\\';
    if (name.size() + std::max<std::size_t>(length, 1) > kMaxName) break;
    name += plain ? text.substr(0, length) : std::string_view("_");
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  if (name.empty() || name == "." || name == "..") return "_";
  return name;
}

std::string sequence_text(int64_t seq) {
  char text[32];
  std::snprintf(text, sizeof(text), "%06lld", static_cast<long long>(seq));
  return text;
}

std::string file_of(const Task& task) {
  const auto found = task.parameters.find("file");
  if (found == task.parameters.end()) return {};
  const auto* file = std::get_if<std::string>(&found->second);
  return file == nullptr ? std::string() : *file;
}

std::string stem_of(const Task& task) {
  const std::string file = file_of(task);
  if (!file.empty()) return std::filesystem::path(file).stem().string();
  return task.stream + "_" + sequence_text(task.seq);
}

}  // namespace weir
