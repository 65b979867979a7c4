#include "weir/base/own_library.h"

#include <dlfcn.h>
#include <link.h>

#include <filesystem>
#include <system_error>

#include "weir/base/tagged_library.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// The folder of the library, or the program, that this code is in. Not left to the loader, which
// looks where the caller of dlopen says: a sanitizer puts itself there.
fs::path own_folder() {
  Dl_info info{};
  void* map = nullptr;
  const auto* here = reinterpret_cast<const void*>(&own_library_symbol);
  if (dladdr1(here, &info, &map, RTLD_DL_LINKMAP) == 0 || map == nullptr) return {};
  const std::string name = static_cast<const link_map*>(map)->l_name;
  std::error_code code;  // a program has no name there
  return fs::canonical(name.empty() ? "/proc/self/exe" : name, code).parent_path();
}

fs::path path_of(const std::string& library) {
  const fs::path folder = own_folder();
  fs::path beside = folder / "weir" / library;
  std::error_code code;
  if (fs::exists(beside, code)) return beside;
  return folder.parent_path() / "lib" / "weir" / library;
}

}  // namespace

Result<void*> own_library_symbol(const std::string& library, const char* symbol) {
  constexpr const char* kHint = "the file belongs to Weir: install it anew, with what it needs";
  const fs::path path = path_of(library);
  std::error_code code;
  if (!fs::exists(path, code)) {
    return Error(ErrorCode::kUnavailable, "a library of Weir is missing", path.string(), kHint);
  }
  Result<void*> opened = open_tagged_library(path.string());
  if (!opened) {
    return Error(ErrorCode::kUnavailable, opened.error().message, path.string(), kHint);
  }
  if (void* address = dlsym(*opened, symbol); address != nullptr) return address;
  return Error(ErrorCode::kUnavailable, std::string("the library has no ") + symbol, path.string(),
               kHint);
}

}  // namespace weir
