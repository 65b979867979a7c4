#include "weir/source/picture_files.h"

#include <glob.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <utility>

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kPictureEndings = {".jpg", ".jpeg", ".png",
                                                             ".bmp", ".webp", ".jpe"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The run of digits at `from`, without zeros in front.
std::string_view digits(const std::string& text, std::size_t& from) {
  const std::size_t begin = from;
  while (from < text.size() && is_digit(text[from])) ++from;
  std::string_view run(text.data() + begin, from - begin);
  while (run.size() > 1 && run.front() == '0') run.remove_prefix(1);
  return run;
}

void add_folder(const std::string& folder, std::vector<PictureFile>& files) {
  std::error_code error;
  std::vector<std::string> names;
  bool has_folders = false;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code unknown;
    if (it->is_regular_file(unknown) && is_picture_name(it->path().string())) {
      names.push_back(it->path().string());
    }
    has_folders = has_folders || it->is_directory(unknown);
  }
  if (error) {
    files.push_back({folder, Error(ErrorCode::kUnavailable,
                                   "cannot read the folder: " + error.message(), folder)});
    return;
  }
  if (names.empty()) {
    const std::string below = (fs::path(folder) / "*" / "*.jpg").string();
    files.push_back(
        {folder, Error(ErrorCode::kNotFound, "no pictures in the folder", folder,
                       "files are taken whose names end in .jpg, .png, .bmp or .webp" +
                           (has_folders ? "; for those of folders in it write '" + below + "'"
                                        : std::string()))});
  }
  std::sort(names.begin(), names.end(), natural_less);
  for (std::string& name : names) files.push_back({std::move(name)});
}

void add_pattern(const std::string& pattern, std::vector<PictureFile>& files) {
  glob_t found{};
  const int result = glob(pattern.c_str(), GLOB_NOSORT | GLOB_TILDE, nullptr, &found);
  std::vector<std::string> names(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  if (result != 0 || names.empty()) {
    files.push_back({pattern, Error(ErrorCode::kNotFound, "no file fits the pattern", pattern)});
    return;
  }
  std::sort(names.begin(), names.end(), natural_less);
  for (std::string& name : names) files.push_back({std::move(name)});
}

}  // namespace

bool is_picture_name(const std::string& name) {
  std::string ending = fs::path(name).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(kPictureEndings.begin(), kPictureEndings.end(), ending) != kPictureEndings.end();
}

bool natural_less(const std::string& a, const std::string& b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const std::string_view left = digits(a, i);
      const std::string_view right = digits(b, j);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
      continue;
    }
    if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
    ++i;
    ++j;
  }
  if ((i == a.size()) != (j == b.size())) return i == a.size();
  return a < b;  // "1" and "01"
}

std::vector<PictureFile> expand_pictures(const std::vector<std::string>& names) {
  std::vector<PictureFile> files;
  for (const std::string& name : names) {
    std::error_code unknown;
    if (fs::is_directory(name, unknown)) {
      add_folder(name, files);
    } else if (fs::exists(name, unknown)) {
      files.push_back({name});  // a file, or a pipe
    } else if (name.find_first_of("*?[") != std::string::npos) {
      add_pattern(name, files);
    } else {
      files.push_back({name, Error(ErrorCode::kNotFound, "no such file", name)});
    }
  }
  for (std::size_t i = 0; i < files.size(); ++i) files[i].number = static_cast<int64_t>(i);
  return files;
}

}  // namespace weir
