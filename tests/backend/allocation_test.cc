// Counts what we allocate per run in the steady state: nothing. An allocation counts as ours when
// no frame of a vendor's library is on the stack, so the count ends where the vendor's call begins.
#include <dlfcn.h>
#include <execinfo.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "tests/backend/fake_fixture.h"
#include "tests/support/counted_heap.h"
#if WEIR_WITH_ONNXRUNTIME || WEIR_WITH_OPENVINO
#include "tests/support/onnx_builder.h"
#endif
#if WEIR_WITH_ONNXRUNTIME
#include "weir/backend/onnxruntime/onnxruntime_backend.h"
#endif
#if WEIR_WITH_OPENVINO
#include "weir/backend/openvino/openvino_backend.h"
#endif

namespace weir::test {
namespace {

int ours = 0;

bool vendor_is_calling() {
  std::array<void*, 48> frames{};
  const int depth = backtrace(frames.data(), static_cast<int>(frames.size()));
  for (int i = 0; i < depth; ++i) {
    Dl_info info{};
    if (dladdr(frames[static_cast<std::size_t>(i)], &info) == 0 || info.dli_fname == nullptr) {
      continue;
    }
    if (std::strstr(info.dli_fname, "onnxruntime.so") != nullptr) return true;
    if (std::strstr(info.dli_fname, "/libopenvino") != nullptr) return true;  // and its plug-ins
  }
  return false;
}

template <class F>
int allocations_of_ours(F function) {
  vendor_is_calling();  // the first backtrace loads what it needs
  ours = 0;
  tell_heap_calls([] {
    if (!vendor_is_calling()) ++ours;
  });
  function();
  tell_heap_calls(nullptr);
  return ours;
}

}  // namespace
}  // namespace weir::test

namespace weir {
namespace {

// Runs in turns over shapes that the session has all seen once.
void expect_no_allocation_over_batches(Backend& backend, const BackendSpec& spec) {
  const auto model = backend.open(spec);
  ASSERT_TRUE(model) << model.error().to_string();
  const auto session = (*model)->make_session();
  ASSERT_TRUE(session) << session.error().to_string();
  const auto run_all = [&] {
    for (const int64_t batch : {1, 2, 3, 4}) {
      if (!(*session)->set_input_shape(0, {batch, 3})) std::abort();
      for (int i = 0; i < 10; ++i) {
        if (!(*session)->run()) std::abort();
      }
    }
  };
  run_all();
  EXPECT_EQ(test::allocations_of_ours(run_all), 0);
}

void expect_no_allocation(Backend& backend, BackendSpec spec) {
  spec.shapes["x"] = {{1, 3}, {2, 3}, {4, 3}};
  expect_no_allocation_over_batches(backend, spec);
}

TEST(Allocations, AreCountedAtAll) {
  static int* volatile seen = nullptr;  // or the compiler leaves the pair out
  EXPECT_EQ(test::allocations_of_ours([] {
              seen = new int;
              delete seen;
            }),
            1);
}

TEST(Allocations, TheFakeBackEndHasNonePerRun) {
  FakeBackend backend;
  expect_no_allocation(backend, test::fake_spec("input x float32 ?x3\noutput y = scale x 1 1\n"));
}

#if WEIR_WITH_ONNXRUNTIME
TEST(Allocations, OnnxRuntimeHasNoneOfOursPerRun) {
  OnnxRuntimeBackend backend;
  BackendSpec spec;
  spec.bytes = std::make_shared<const std::string>(test::onnx_add_one(DType::kFloat32, {"N", 3}));
  expect_no_allocation(backend, spec);
}
#endif

#if WEIR_WITH_OPENVINO
TEST(Allocations, OpenVinoHasNoneOfOursPerRun) {
  OpenVinoBackend backend;
  BackendSpec spec;
  spec.bytes = std::make_shared<const std::string>(test::onnx_add_one(DType::kFloat32, {"N", 3}));
  expect_no_allocation(backend, spec);
}

// Without a range every set of shapes is looked up among those that the graph has accepted.
TEST(Allocations, OpenVinoHasNoneOfOursForShapesThatItHasSeen) {
  OpenVinoBackend backend;
  BackendSpec spec;
  spec.bytes = std::make_shared<const std::string>(test::onnx_add_one(DType::kFloat32, {"N", 3}));
  expect_no_allocation_over_batches(backend, spec);
}
#endif

}  // namespace
}  // namespace weir
