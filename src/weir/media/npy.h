// Arrays that NumPy wrote: .npy files, such as the five channels of a sensor that is no camera.
//
//   WEIR_ASSIGN(Tensor channels, read_npy("scan.npy"));     // numpy.save("scan.npy", array)
//
// Versions 1 to 3 of the format; numbers in the order of this machine's bytes, C order. It lives
// beside the pictures because it is what they are: a file from anywhere, bounded before it is
// believed, that becomes the input of a task. Pure functions but for the file; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "weir/base/result.h"
#include "weir/data/tensor.h"

namespace weir {

// More than this is refused, whatever the file claims.
inline constexpr std::size_t kMaxNpyBytes = std::size_t{1} << 30;

// Errors: not_found; unsupported for another kind of file, for objects, strings, complex numbers,
// foreign byte order and Fortran order; corrupt for one that is damaged or cut off; exhausted for
// one that is too large.
Result<Tensor> read_npy(const std::string& path);
// `where` names the bytes in an Error.
Result<Tensor> decode_npy(std::span<const uint8_t> bytes, const std::string& where = {});

}  // namespace weir
