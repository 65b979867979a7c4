// The inner loops of filter_prepare.cc, with the vector instructions that this CPU has. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/ops/filter_taps.h"
#include "weir/ops/fused_rows.h"

namespace weir::ops {

// Behind the last float that blend_columns reads of a row: how many more it may look at, which are
// to be finite.
inline constexpr std::size_t kFilterSlack = 16;

// out[i] = the sum of weights[k] * rows[k][i]. `out` has kFilterSlack more than `bytes` floats.
void blend_rows(const uint8_t* const* rows, const float* weights, int count, std::size_t bytes,
                float* out);
// Pairs of two into a row each; out has kFilterSlack more than `count`.
void split_pairs(const float* pairs, std::size_t count, float* first, float* second);
// The outputs of a row, which has pixels of three floats (three rows come out), or of one.
void blend_pixels(const float* row, const FilterTaps& taps, float* const out[3]);
void blend_plane(const float* row, const FilterTaps& taps, float* out);

// As fused_row, of levels that are made already: R, G, B (or what the source has) or Y, U, V, or
// one. Rows have at least as many floats as fused_lookup().lanes.
void level_row(const RowJob& job, const float* const levels[3]);

}  // namespace weir::ops
