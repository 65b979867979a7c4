// The allocators of a session as a source of blocks, tried on the one that every build has: the
// CPU's. What is particular to "CudaPinned" is not verified on hardware.
#include "weir/backend/onnxruntime/ort_pinned_memory.h"

#include <gmock/gmock.h>

#include <cstring>
#include <string>
#include <vector>

#include "tests/support/onnx_builder.h"
#include "weir/backend/onnxruntime/ort_runtime.h"

namespace weir {
namespace {

std::shared_ptr<OrtSession> open(const std::shared_ptr<OrtRuntime>& runtime) {
  const std::string model = test::onnx_add_one(DType::kFloat32, {"N", 3});
  const auto env = runtime->env();
  OrtSessionOptions* raw = nullptr;
  EXPECT_TRUE(ort_status(ort().CreateSessionOptions(&raw)));
  const OrtSessionOptionsPtr options(raw);
  OrtSession* session = nullptr;
  EXPECT_TRUE(ort_status(
      ort().CreateSessionFromArray(env.value(), model.data(), model.size(), raw, &session)));
  return {session, [runtime](OrtSession* opened) { ort().ReleaseSession(opened); }};
}

TEST(OrtPinnedMemory, GivesBlocksThatOutliveModelAndBackEnd) {
  auto runtime = std::make_shared<OrtRuntime>();
  auto session = open(runtime);
  auto source = OrtPinnedMemory::of(session, "Cpu", 0);
  ASSERT_TRUE(source) << source.error().to_string();
  auto pool = BufferPool::make(std::move(source).value(), 1 << 20);
  std::vector<Buffer> buffers;
  for (std::size_t bytes = 1; bytes < 50'000; bytes *= 3) {
    buffers.push_back(pool->lease(bytes).value());
    std::memset(buffers.back().data(), 1, bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffers.back().data()) % Tensor::kAlignment, 0u);
    EXPECT_TRUE(buffers.back().pinned());
  }
  runtime = nullptr;
  session = nullptr;
  pool = nullptr;
  for (const Buffer& buffer : buffers) std::memset(buffer.data(), 2, buffer.bytes());
}

TEST(OrtPinnedMemory, IsAnErrorWhereNoProviderHasIt) {
  const auto runtime = std::make_shared<OrtRuntime>();
  const auto source = OrtPinnedMemory::of(open(runtime), kOrtCudaPinned, 0);
  ASSERT_FALSE(source);
  EXPECT_THAT(source.error().message, testing::HasSubstr("ONNX Runtime"));
  EXPECT_FALSE(OrtPinnedMemory::of(open(runtime), "NoSuchAllocator", 0));
}

}  // namespace
}  // namespace weir
