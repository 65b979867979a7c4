// Where the outputs of one axis of a plan lie in the picture as it is stored. Plain values: any
// thread.
#pragma once

#include "weir/data/image.h"
#include "weir/ops/pad_writer.h"
#include "weir/ops/resize_plan.h"

namespace weir::ops {

// Where the outputs of a row lie in the source, along the stored rows.
struct Columns {
  double from = 0;  // position of the first output's centre, from the outer corner
  double step = 0;  // from one output to the next; negative where the picture is upside down
  int count = 0;    // of outputs
  int samples = 0;  // of the source's row
  bool operator==(const Columns&) const = default;
};

// The outputs that are shown, of the axis of the plan that goes along the stored rows, or down the
// stored columns. Of a picture that lies on its side that is the input's other axis.
struct StoredAxes {
  Columns along;
  Columns down;
};
StoredAxes stored_axes(const ImageView& image, const ResizePlan& plan);

// The same outputs in a plane of half the size.
Columns half_of(const Columns& columns);

}  // namespace weir::ops
