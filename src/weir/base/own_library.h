// Libraries of Weir that are opened when something first needs them: `lib/weir` beside libweir.so,
// in an installed Weir as in a build folder (for programs without libweir: beside their `bin`).
//
//   WEIR_ASSIGN(void* entry, own_library_symbol("libweir_pictures.so", "weir_picture_codec"));
//
// Any thread. What was opened stays open until the process ends.
#pragma once

#include <string>

#include "weir/base/result.h"

namespace weir {

// The address of `symbol`. kUnavailable if there is no such library, if it cannot be loaded (the
// message has the loader's words), was built for another Weir (tagged_library.h), or lacks the
// symbol.
Result<void*> own_library_symbol(const std::string& library, const char* symbol);

}  // namespace weir
