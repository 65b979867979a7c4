#include "apps/cli/demo/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/cli/page/html.h"

namespace weir::cli::demo {
namespace {

using html::base64;
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
  BackendResult result;
  result.backend = "onnxruntime";
  result.timing = Timing::of({2'000'000});
  good.backends = {result};
  ModelResult bad;
  bad.name = "broken";
  bad.error = "<script>alert(1)</script>";
  report.models = {good, bad};
  Scene scene;
  scene.title = "Objects";
  scene.models = {"detector"};
  scene.shots.push_back({{1, 2, 3}, 10, 20, "a street", "street.jpg", {"Person 0.84"}});
  scene.shots.push_back({{4, 5, 6}, 10, 20, "a cat", "cat.png", {"Cat 0.70", "<Cat> 0.60"}});
  report.scenes = {scene};
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

TEST(DemoPage, ShowsWhatFailed) {
  const std::string html = page(two_models());
  EXPECT_THAT(html, HasSubstr("1 of 2"));
  EXPECT_THAT(html, HasSubstr("class=\"card failed\" id=\"model-broken\""));
  EXPECT_THAT(html, HasSubstr("2.00 ms"));
}

TEST(DemoPage, ShowsEachPictureOfASceneWithWhatWasFoundInIt) {
  const std::string html = page(two_models());
  const std::size_t first = html.find("<li>Person 0.84</li>");
  const std::size_t second = html.find("alt=\"a cat\"");
  EXPECT_LT(html.find("street.jpg"), first);
  EXPECT_LT(first, second);
  EXPECT_LT(second, html.find("<li>Cat 0.70</li>"));
  EXPECT_THAT(html, HasSubstr("&lt;Cat&gt;"));
  EXPECT_THAT(html, HasSubstr("By detector."));
}

// The run of a street video and a folder of pictures, as it leads the page.
RunRecord street_run() {
  RunRecord record;
  record.machine = "A <CPU>";
  record.cores = 2;
  record.version = "weir 1";
  record.when = "today";
  record.config = "steps: {objects: {model: detector}}";
  record.chart = "<svg id=\"chart\"></svg>";
  record.files = {"street.mp4"};
  record.shots.push_back({{7, 8, 9}, 10, 20, "street, 1.0 s", "street, 1.0 s", {"2 Person"}});
  record.report.seconds = 2;
  record.report.findings = 1234;
  record.report.stats.to_ns = 2'000'000'000;
  record.report.stats.total.by_outcome[static_cast<int>(Outcome::kDone)] = 50;
  record.report.verdict.words = "the <CPU> is full";
  return record;
}

TEST(DemoPage, LeadsWithTheRunOfTheStreet) {
  Report report = two_models();
  EXPECT_THAT(page(report), Not(HasSubstr("A street video and a folder of pictures")));
  report.street = street_run();
  const std::string html = page(report);
  const std::size_t models = html.find("id=\"models\"");
  ASSERT_NE(models, std::string::npos);
  for (const char* part :
       {"A street video and a folder of pictures", "1,234</dd>", "25.0 /s",
        "The &lt;CPU&gt; is full.", "<li>2 Person</li>", "href=\"street.mp4\"", "id=\"chart\"",
        "steps: {objects: {model: detector}}", "Made today by weir 1 on A &lt;CPU&gt;, 2 cores."}) {
    EXPECT_LT(html.find(part), models) << part;
  }
  EXPECT_THAT(html, Not(HasSubstr("<dt>machine</dt>"))) << "the run has said it";
}

TEST(DemoPage, SaysWhyThereIsNoStreet) {
  Report report = two_models();
  report.street_error = "no <video> here";
  EXPECT_THAT(page(report), HasSubstr("The street was not run: no &lt;video&gt; here"));
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

}  // namespace
}  // namespace weir::cli::demo
