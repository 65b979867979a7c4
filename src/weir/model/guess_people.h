// The part of guess_model that knows models of faces, hands, bodies and whole people.
#pragma once

#include <cstdint>
#include <string>

#include "weir/model/guess.h"

namespace weir {

// Fills the guess and says why, or says nothing. For one input of pictures of this size.
std::string guess_people(const ModelIo& io, int64_t width, int64_t height, ModelGuess& guess);

}  // namespace weir
