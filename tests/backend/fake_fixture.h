// Opens fake models from a few lines of text.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "weir/backend/fake/fake_backend.h"

namespace weir::test {

inline BackendSpec fake_spec(std::string_view lines) {
  BackendSpec spec;
  spec.file = "test.fake";
  spec.bytes = std::make_shared<const std::string>("weir-fake 1\n" + std::string(lines));
  return spec;
}

// Fails the test and returns null if the model cannot be opened.
inline std::unique_ptr<Session> fake_session(FakeBackend& backend, const BackendSpec& spec,
                                             const SessionSpec& session_spec = {}) {
  auto model = backend.open(spec);
  if (!model) {
    ADD_FAILURE() << model.error().to_string();
    return nullptr;
  }
  auto session = (*model)->make_session(session_spec);
  if (!session) {
    ADD_FAILURE() << session.error().to_string();
    return nullptr;
  }
  return std::move(session).value();
}

}  // namespace weir::test
