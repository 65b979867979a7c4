#include "apps/cli/demo/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/cli/demo/html.h"

namespace weir::cli::demo {
namespace {

using testing::HasSubstr;
using testing::Not;

Report two_models() {
  Report report;
  report.version = "weir 1";
  report.machine = "A <CPU>";
  ModelResult good;
  good.name = "detector";
  good.bytes = 1000;
  good.inputs = {{"x", DType::kFloat32, {1, 3}}};
  good.shots.push_back({{1, 2, 3}, 10, 20, "a \"street\"", "what it saw"});
  good.decoded = true;
  good.detections.push_back({"Person", 0.84F, 0, 0, 1, 1});
  BackendResult result;
  result.backend = "onnxruntime";
  result.timing = Timing::of({2'000'000});
  good.backends = {result};
  ModelResult bad;
  bad.name = "broken";
  bad.error = "<script>alert(1)</script>";
  report.models = {good, bad};
  return report;
}

TEST(DemoPage, EscapesWhatItDidNotWriteItself) {
  const std::string html = page(two_models());
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(html, HasSubstr("A &lt;CPU&gt;"));
  EXPECT_THAT(html, HasSubstr("alt=\"a &quot;street&quot;\""));
}

TEST(DemoPage, NeedsNothingFromOutside) {
  const std::string html = page(two_models());
  for (const char* outside : {"http:", "https:", "<link rel=\"stylesheet", "@import", "url("}) {
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  }
}

TEST(DemoPage, ShowsWhatFailedAndWhatWasFound) {
  const std::string html = page(two_models());
  EXPECT_THAT(html, HasSubstr("1 of 2"));
  EXPECT_THAT(html, HasSubstr("class=\"card failed\" id=\"model-broken\""));
  EXPECT_THAT(html, HasSubstr("What detector found"));
  EXPECT_THAT(html, HasSubstr("<span>Person</span><span>84 %</span>"));
  EXPECT_THAT(html, HasSubstr("2.00 ms"));
}

TEST(DemoPage, ShowsEachPictureOfADetectorWithWhatWasFoundInIt) {
  Report report = two_models();
  ModelResult& detector = report.models.front();
  detector.shots.push_back({{4, 5, 6}, 10, 20, "a cat", "what else it saw", "cat.png"});
  detector.detections.push_back({"Cat", 0.7F, 0, 0, 1, 1, "cat.png"});
  const std::string html = page(report);
  const std::size_t first = html.find("<span>Person</span>");
  const std::size_t second = html.find("alt=\"a cat\"");
  EXPECT_LT(html.find("what it saw"), first);
  EXPECT_LT(first, second);
  EXPECT_LT(second, html.find("<span>Cat</span>"));
  EXPECT_EQ(html.find("<span>Person</span>", first + 1), std::string::npos) << "listed twice";
  EXPECT_THAT(html, Not(HasSubstr("2 objects")));
}

TEST(DemoReport, AModelThatRanNowhereIsNotOk) {
  ModelResult model;
  EXPECT_FALSE(model.ok());
  EXPECT_EQ(model.fastest(), nullptr);
  EXPECT_EQ(two_models().failed(), 1U);
}

TEST(Base64, PadsTheEnd) {
  const auto text = [](const std::string& bytes) { return base64({bytes.begin(), bytes.end()}); };
  EXPECT_EQ(text(""), "");
  EXPECT_EQ(text("f"), "Zg==");
  EXPECT_EQ(text("fo"), "Zm8=");
  EXPECT_EQ(text("foo"), "Zm9v");
  EXPECT_EQ(text("\xff\xfe\xfd"), "//79");
}

TEST(Escape, ReplacesWhatIsNotText) {
  EXPECT_EQ(escape("ä & 'b'"), "ä &amp; &#39;b&#39;");
  EXPECT_EQ(escape("a\x01\xff"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace weir::cli::demo
