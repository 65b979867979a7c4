#include "weir/model/family/reid.h"

#include <utility>

#include "weir/model/family/one_input.h"
#include "weir/model/family/vector_output.h"
#include "weir/model/picture_input.h"

namespace weir {
namespace {

class Reid final : public family::OneInput<PictureInput> {
 public:
  using OneInput::OneInput;

  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    return family::read_vector(outputs[0], found);
  }
};

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  WEIR_TRY(family::expect_vector(context));
  WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0]));
  return std::make_unique<const Reid>(std::move(picture));
}

}  // namespace

FamilyInfo reid_family() {
  FamilyInfo info;
  info.name = "reid";
  info.task = "person re-identification";
  info.about = "Numbers of a person's whole look, alike in other views of the same person";
  info.inputs = "one person: the finding's box, stretched; BGR from 0 to 255";
  info.outputs = "one vector 1xN; what comes out is L2-normalised, to be compared by cosine";
  info.tested = "person-reidentification-retail-0248, -0287, -0288";
  info.gives = Gives{.embedding = true};
  info.input.colour = InputSpec::Colour::kBgr;
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.make = make;
  return info;
}

}  // namespace weir
