#include "weir/assemble/pipeline_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "weir/assemble/pipeline_spec.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PipelineTemplate : public testing::Test {
 protected:
  PipelineTemplate()
      : folder_(fs::path(testing::TempDir()) / ("template_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~PipelineTemplate() override { fs::remove_all(folder_); }

  std::string write(const char* name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  fs::path folder_;
};

TEST_F(PipelineTemplate, IsAPipelineThatIsRightAsItIs) {
  write("defaults.yaml", pipeline_defaults());
  for (const char* include : {"defaults.yaml", ""}) {
    const auto spec = read_pipeline_file(write("p.yaml", pipeline_template(include)));
    ASSERT_TRUE(spec) << spec.error().to_string();
    EXPECT_EQ(spec->step_names(), (std::vector<std::string>{"objects", "people"}));
    EXPECT_EQ(spec->sinks.size(), 2U);
    EXPECT_EQ(spec->flow.threads, 0);
  }
}

TEST_F(PipelineTemplate, ExplainsEveryField) {
  const std::string text = pipeline_template("");
  const auto expect_fields = [&](const config::TableDoc& table) {
    for (const config::FieldDoc& field : table.fields) {
      EXPECT_THAT(text, HasSubstr(field.name + ":")) << table.name;
    }
  };
  expect_fields(config::table_of<ModelSpec>());
  expect_fields(config::table_of<StepSpec>());
  expect_fields(config::table_of<SourceSpec>());
  expect_fields(config::table_of<SinkSpec>());
  expect_fields(config::table_of<FlowSpec>());
}

TEST_F(PipelineTemplate, GivesDefaultsThatAPipelineMaySetOtherwise) {
  write("defaults.yaml", pipeline_defaults());
  const auto spec = read_pipeline_file(
      write("p.yaml", pipeline_template("defaults.yaml") + "\nflow: {threads: 3}\n"));
  ASSERT_TRUE(spec) << spec.error().to_string();
  EXPECT_EQ(spec->flow.threads, 3);
}

}  // namespace
}  // namespace weir
