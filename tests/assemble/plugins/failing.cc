// A plug-in that cannot add what it has.
#include "weir/assemble/plugin.h"

WEIR_PLUGIN(plugin) {
  static_cast<void>(plugin);
  return weir::Error(weir::ErrorCode::kUnavailable, "not today");
}
