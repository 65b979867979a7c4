// Preparing takes nothing from the heap once a thread has seen a geometry.
#include <gtest/gtest.h>

#include "tests/ops/picture_reference.h"
#include "tests/support/counted_heap.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/warp_image.h"

namespace weir {
namespace {

TEST(PrepareAllocations, NoneInTheSteadyState) {
  EXPECT_GT(test::heap_calls_when_warm([] { test::noise(PixelFormat::kBgr, 8, 8, 1); }),
            0);  // it does count
  for (int i = 0; i < kPixelFormatCount; ++i) {
    const Image image = test::noise(static_cast<PixelFormat>(i), 161, 91, 1);
    for (const DType dtype : {DType::kFloat32, DType::kUInt8, DType::kInt8}) {
      for (const TensorLayout layout : {TensorLayout::kNchw, TensorLayout::kNhwc}) {
        for (const Rotation rotation : {Rotation::k0, Rotation::k90}) {
          PrepareSpec spec{.resize = ResizePolicy::kLetterboxCentered, .layout = layout};
          ImageView view = image.view();
          view.rotation = rotation;
          const Tensor out = Tensor::allocate(dtype, test::shape_of(spec, 96, 96)).value();
          for (const ResizeFilter filter : {ResizeFilter::kBilinear, ResizeFilter::kBicubic}) {
            spec.filter = filter;
            EXPECT_EQ(test::heap_calls_when_warm(
                          [&] { ASSERT_TRUE(prepare_image(view, spec, out.view())); }),
                      0);
          }
          const Affine map = rectangle({80, 45}, 60, 60, 0.3, 96, 96);
          EXPECT_EQ(test::heap_calls_when_warm(
                        [&] { ASSERT_TRUE(warp_image(view, map, spec, out.view())); }),
                    0);
        }
      }
    }
  }
}

}  // namespace
}  // namespace weir
