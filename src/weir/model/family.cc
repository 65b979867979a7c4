#include "weir/model/family.h"

#include <cassert>

#include "weir/model/family_registry.h"

namespace weir {

Status Family::infer(std::span<Session* const> sessions) const {
  if (const OwnInfer* own = own_infer(); own != nullptr) return own->infer(sessions);
  assert(sessions.size() == 1);
  return sessions.front()->run();
}

OptionReader FamilyContext::options() const {
  return {"the family '" + info.name + "'", info.options, spec.family_options.values, name};
}

Error FamilyContext::mismatch(const std::string& found, const std::string& expects) const {
  return Error(ErrorCode::kInvalidArgument,
               "the model is not of the family '" + spec.family + "': " + found, name,
               "the family expects " + expects);
}

}  // namespace weir
