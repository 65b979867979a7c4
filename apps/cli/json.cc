#include "apps/cli/json.h"

#include <string>

namespace weir::cli {

Json to_json(const Error& error) {
  return {{"error",
           {{"code", std::string(name(error.code))},
            {"message", error.message},
            {"where", error.where},
            {"hint", error.hint}}}};
}

std::string print(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace weir::cli
