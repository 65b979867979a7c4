// A mask as a translucent tint with a firmer edge.
//
// The mask is brought to a bit for each pixel of the picture, so that it can be painted row by row,
// and a hostile one cannot ask for memory. Pure; any thread.
#pragma once

#include "weir/data/mask.h"
#include "weir/ops/draw/canvas.h"

namespace weir {

// `alpha` (0 … 255) of the colour inside, more at the edge, which is about `edge` pixels wide (63
// at most). A mask of another size than the picture is stretched over it; one that is damaged is
// left out.
void tint_mask(Canvas& canvas, const Mask& mask, Colour colour, int alpha, int edge);

}  // namespace weir
