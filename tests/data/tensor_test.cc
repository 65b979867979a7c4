#include "weir/data/tensor.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace weir {
namespace {

TEST(Tensor, AllocatesAlignedMemoryThatCopiesShare) {
  const Tensor first = Tensor::allocate(DType::kFloat32, {2, 3}).value();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(first.view().data) % Tensor::kAlignment, 0U);
  const Tensor second = first;
  first.as<float>()[5] = 7.0F;
  EXPECT_EQ(second.as<float>()[5], 7.0F);
  EXPECT_EQ(first.view().bytes(), 24U);
}

TEST(Tensor, KeepsTheOwnerOfSharedMemoryAlive) {
  auto owner = std::make_shared<std::vector<float>>(4, 1.0F);
  const std::weak_ptr<std::vector<float>> watch = owner;
  {
    const Tensor tensor = Tensor::shared({owner->data(), DType::kFloat32, {4}, {}, {}}, owner);
    owner.reset();
    EXPECT_FALSE(watch.expired());
  }
  EXPECT_TRUE(watch.expired());
}

TEST(Tensor, RefusesAbsurdAndUnknownShapes) {
  EXPECT_EQ(Tensor::allocate(DType::kFloat64, {1 << 20, 1 << 20}).error().code,
            ErrorCode::kExhausted);
  EXPECT_FALSE(Tensor::allocate(DType::kFloat32, {-1}));
}

TEST(Tensor, IsSeenUnderAnotherShapeOfAsManyElements) {
  const Tensor tensor = Tensor::allocate(DType::kInt8, {2, 6}).value();
  EXPECT_EQ(tensor.reshaped({3, 4}).value().view().data, tensor.view().data);
  EXPECT_FALSE(tensor.reshaped({5, 2}));
}

TEST(TensorView, KnowsWhetherItIsDense) {
  float x[12] = {};
  EXPECT_TRUE((TensorView{x, DType::kFloat32, {3, 4}, {}, {}}).is_dense());
  EXPECT_TRUE((TensorView{x, DType::kFloat32, {3, 4}, {4, 1}, {}}).is_dense());
  EXPECT_TRUE((TensorView{x, DType::kFloat32, {1, 4}, {99, 1}, {}}).is_dense());
  EXPECT_FALSE((TensorView{x, DType::kFloat32, {3, 2}, {4, 1}, {}}).is_dense());
}

TEST(DType, IsWrittenAndReadBack) {
  for (std::size_t i = 0; i < kDTypeCount; ++i) {
    const DType dtype = static_cast<DType>(i);
    EXPECT_EQ(parse_dtype(name(dtype)).value(), dtype);
  }
  EXPECT_FALSE(parse_dtype("float"));
  EXPECT_EQ(size_of(kDTypeOf<int64_t>), 8U);
}

}  // namespace
}  // namespace weir
