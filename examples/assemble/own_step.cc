// A step of your own: a family that turns what a model gives into findings. own_step MODEL.
//
// It is added to the Runtime before anything is loaded, and from then on used like any other, from
// a pipeline's file too. examples/model/own_family.cc makes a plug-in of one.
#include <algorithm>
#include <cstdio>

#include "flat_picture.h"
#include "weir/assemble/runtime.h"
#include "weir/model/picture_input.h"

namespace {

// Finds pictures that are too dark to be looked at.
class TooDark final : public weir::Family {
 public:
  explicit TooDark(weir::PictureInput picture) : picture_(std::move(picture)) {}

  weir::Status shape_for(const weir::ItemSource& item,
                         std::span<weir::Shape> inputs) const override {
    return picture_.shape_for(item, inputs[0]);
  }
  weir::Status prepare(const weir::ItemSource& item, std::span<const weir::TensorView> inputs,
                       weir::ItemPlan& plan) const override {
    return picture_.prepare(item, inputs[0], plan);
  }
  weir::Status interpret(std::span<const weir::TensorView> outputs, const weir::ItemSource&,
                         const weir::ItemPlan&, std::vector<weir::Finding>& found) const override {
    const float* level = outputs[0].as<float>();
    const float brightest = std::max({level[0], level[1], level[2]});
    if (brightest < 40) found.push_back({.best = weir::ClassScore{0, 1 - brightest / 255}});
    return {};
  }

 private:
  weir::PictureInput picture_;
};

weir::FamilyInfo too_dark() {
  weir::FamilyInfo info;
  info.name = "too-dark";
  info.task = "classification";
  info.labels.names = {"dark"};
  info.make =
      [](const weir::FamilyContext& context) -> weir::Result<std::unique_ptr<const weir::Family>> {
    WEIR_ASSIGN(auto picture, weir::PictureInput::make(context, context.model().inputs()[0]));
    return std::make_unique<const TooDark>(std::move(picture));
  };
  return info;
}

weir::Status run(const char* file) {
  WEIR_ASSIGN(auto runtime, weir::Runtime::create({}));
  WEIR_TRY(runtime->families().add(too_dark()));
  weir::ModelSpec spec;
  spec.file.path = file;
  spec.family = "too-dark";
  WEIR_TRY(runtime->submit("light", spec));
  WEIR_ASSIGN(const weir::Answer answer,
              runtime->solve({.inputs = {flat_picture(5, 9, 3), flat_picture(200, 90, 30)},
                              .models = {"light"}}));
  for (const weir::Task& task : answer.tasks) {
    std::printf("%s: %s\n", task.stream.c_str(), task.findings.empty() ? "fine" : "dark");
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::puts("usage: own_step MODEL"), 2;
  const weir::Status status = run(argv[1]);
  if (!status) std::puts(status.error().to_string().c_str());
  return status ? 0 : weir::exit_code(status.error().code);
}
