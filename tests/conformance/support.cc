#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "tests/conformance/conformance.h"
#include "tests/support/onnx_builder.h"

namespace weir::conformance {

const std::vector<Case>& all_cases() {
  static const std::vector<Case> all = [] {
    std::vector<Case> cases;
    for (const auto& table :
         {type_cases(), shape_cases(), range_cases(), file_cases(), run_cases(), asset_cases()}) {
      cases.insert(cases.end(), table.begin(), table.end());
    }
    return cases;
  }();
  return all;
}

std::string needs_nothing(const Capabilities&, Form) {
  return {};
}

bool Bench::has(DType dtype) const {
  const auto& dtypes = able().dtypes;
  return std::find(dtypes.begin(), dtypes.end(), dtype) != dtypes.end();
}

BackendSpec Bench::spec(const Model& model) {
  if (!able().from_bytes) return file_spec("model" + ending(), bytes(model));
  BackendSpec spec;
  spec.file = "model" + ending();
  spec.bytes = std::make_shared<const std::string>(bytes(model));
  return spec;
}

BackendSpec Bench::file_spec(std::string_view name, std::string_view bytes) {
  BackendSpec spec;
  spec.file = scratch_folder() + "/" + std::string(name);
  EXPECT_TRUE(test::write_file(spec.file, bytes));
  return spec;
}

std::shared_ptr<const LoadedModel> Bench::open(const BackendSpec& spec) {
  auto model = backend_->open(spec);
  if (model) return std::move(model).value();
  ADD_FAILURE() << model.error().to_string();
  return nullptr;
}

std::unique_ptr<Session> Bench::session(const BackendSpec& spec) {
  const auto model = open(spec);
  if (model == nullptr) return nullptr;
  auto session = model->make_session();
  if (session) return std::move(session).value();
  ADD_FAILURE() << session.error().to_string();
  return nullptr;
}

Error Bench::refusal(const BackendSpec& spec) {
  const auto model = backend_->open(spec);
  if (!model) return model.error();
  ADD_FAILURE() << "opens, and should not";
  return {};
}

void fill(const TensorView& view, int seed) {
  auto* bytes = static_cast<unsigned char*>(view.data);
  const std::size_t size = size_of(view.dtype);
  for (std::size_t i = 0; i < view.bytes(); ++i) {
    bytes[i] = static_cast<unsigned char>((i * 37 + static_cast<std::size_t>(seed) * 101) % 251);
    if (view.dtype == DType::kBool) bytes[i] &= 1;
    // No NaN, infinity or subnormal: the top byte of every element stays in the middle.
    if (size > 1 && i % size == size - 1) bytes[i] = 0x3c;
  }
}

std::string_view raw(const TensorView& view) {
  return {static_cast<const char*>(view.data), view.bytes()};
}

std::string scratch_folder() {
  static const std::string folder = [] {
    const std::string path = testing::TempDir() + "weir_conformance_" + std::to_string(getpid());
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    return path;
  }();
  return folder;
}

std::string asset(const std::string& path) {
  const std::string full = std::string(WEIR_SOURCE_DIR) + "/../shared/assets/" + path;
  return std::filesystem::exists(full) ? full : std::string();
}

}  // namespace weir::conformance
