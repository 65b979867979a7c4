// How lines of text become one input of a model: what the families that look at text boxes have.
//
//   WEIR_ASSIGN(text_, TextInput::make(context, context.model().inputs()[0], {.height = 48}));
//
// The line that a finding marks (see text_quad) is laid flat: to the height of the input, as wide
// as its shape says, cut straight from the source frame; the rest of the input, at the right, is
// pad. Where the model leaves its width open, lines of similar width get the same one, so that they
// can share a run. Without a finding the whole picture is the line. Immutable; any thread.
#pragma once

#include "weir/backend/loaded_model.h"
#include "weir/base/result.h"
#include "weir/model/family.h"
#include "weir/model/picture_input.h"
#include "weir/ops/text_quad.h"

namespace weir {

// What a family adds to the spec for sizes that the model leaves open.
struct TextInputRules {
  int height = 48;
  int width = 0;  // 0: as wide as the line, within these
  int min_width = 320;
  int max_width = 3200;  // a longer line is squeezed
  int multiple = 32;     // widths are rounded up to it
};

// What PaddleOCR's models take, as a family's defaults: BGR x/127.5-1, padded at the right.
InputSpec text_line_input();

class TextInput {
 public:
  static Result<TextInput> make(const FamilyContext& context, const TensorInfo& input,
                                const TextInputRules& rules = {});

  Status shape_for(const ItemSource& item, Shape& shape) const;
  Status prepare(const ItemSource& item, const TensorView& input, ItemPlan& plan) const;

 private:
  TextInput(PictureInput picture, const TextInputRules& rules)
      : picture_(std::move(picture)), rules_(rules) {}
  // How wide a line is in an input that is so high.
  static double width_of(const TextQuad& line, int height);
  void fill_pad(const TensorView& input, int from_x) const;

  PictureInput picture_;
  TextInputRules rules_;  // with what the model and the spec say
};

// The line that an item is about. An Error if it is no picture, or the finding no line of text.
Result<TextQuad> line_of(const ItemSource& item);

}  // namespace weir
