#include "weir/backend/option_reader.h"

#include <gmock/gmock.h>

#include "tests/backend/fake_fixture.h"
#include "weir/backend/shape_ranges.h"

namespace weir {
namespace {

using testing::HasSubstr;

TEST(OptionReader, AnUnknownOptionSuggestsTheNearest) {
  FakeBackend backend;
  BackendSpec spec = test::fake_spec("");
  spec.options["delay_sm"] = "1";
  const Status status = OptionReader(backend, spec).check_names();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().to_string(),
            "test.fake: the back end 'fake' has no option 'delay_sm'; did you mean 'delay_ms'?");
}

TEST(OptionReader, ValuesAreChecked) {
  FakeBackend backend;
  BackendSpec spec = test::fake_spec("");
  spec.options = {{"a", "12"}, {"b", "12x"}, {"c", "on"}, {"d", "maybe"}};
  const OptionReader options(backend, spec);
  EXPECT_EQ(options.integer("a", 0, 0, 12).value(), 12);
  EXPECT_EQ(options.integer("none", 7, 0, 12).value(), 7);
  EXPECT_THAT(options.integer("a", 0, 0, 11).error().to_string(),
              HasSubstr("'a' is '12'; write a whole number from 0 to 11"));
  EXPECT_FALSE(options.integer("b", 0, 0, 100));
  EXPECT_TRUE(options.flag("c", false).value());
  EXPECT_FALSE(options.flag("d", false));
  EXPECT_EQ(options.text("none", "else"), "else");
}

TEST(ShapeRanges, AreCheckedAgainstTheModel) {
  const std::vector<TensorInfo> inputs = {{"images", DType::kFloat32, {-1, 3, -1, -1}}};
  const auto message = [&](const std::string& name, const ShapeRange& range) {
    BackendSpec spec;
    spec.file = "m.onnx";
    spec.shapes[name] = range;
    const auto ranges = match_ranges(spec, inputs);
    return ranges ? std::string("ok") : ranges.error().to_string();
  };
  const ShapeRange good{{1, 3, 32, 32}, {1, 3, 64, 64}, {4, 3, 128, 96}};
  EXPECT_EQ(message("images", good), "ok");
  EXPECT_THAT(message("image", good), HasSubstr("did you mean 'images'?"));
  EXPECT_THAT(message("images", {good.max, good.opt, good.min}), HasSubstr("min <= opt <= max"));
  EXPECT_THAT(message("images", {good.min, {1, 3, 64, 97}, good.max}), HasSubstr("not in order"));
  EXPECT_THAT(message("images", {good.min, good.opt, {4, 1, 128, 96}}),
              HasSubstr("the file declares ?x3x?x?"));
  EXPECT_THAT(message("images", {good.min, good.opt, {-1, 3, 128, 96}}), HasSubstr("open sizes"));
}

}  // namespace
}  // namespace weir
