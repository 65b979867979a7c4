// Models of the catalogue, as far as they are on this machine: no test fetches any. Test-only.
//
//   WEIR_NEEDS_MODEL(model, "{use: face-mesh}");     // skips the test without it
#pragma once

#include <memory>
#include <string>

#include "tests/model/family/real_models.h"

namespace weir::test {

// Null where it was not pulled.
inline std::shared_ptr<const Model> pulled(const std::string& spec) {
  auto model = try_load(spec);
  if (model) return std::move(model).value();
  EXPECT_EQ(model.error().code, ErrorCode::kUnavailable) << model.error().to_string();
  return nullptr;
}

#define WEIR_NEEDS_MODEL(model, spec)            \
  const auto model = ::weir::test::pulled(spec); \
  if (model == nullptr) GTEST_SKIP() << "not pulled: " << (spec)

}  // namespace weir::test
