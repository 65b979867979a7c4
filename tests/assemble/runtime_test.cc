#include "weir/assemble/runtime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "weir/assemble/builtin.h"

namespace weir {
namespace {

using testing::HasSubstr;

constexpr const char* kDoubler = "weir-fake 1\ninput x float32 1x3\noutput y = scale x 2 0\n";

class RuntimeTest : public testing::Test {
 protected:
  RuntimeTest() {
    file_ = (std::filesystem::path(testing::TempDir()) /
             ("runtime_" + std::to_string(getpid()) + ".fake"))
                .string();
    std::ofstream(file_) << kDoubler;
  }
  ~RuntimeTest() override { std::filesystem::remove(file_); }

  static std::unique_ptr<Runtime> make(const RuntimeSpec& spec = {}) {
    auto runtime = Runtime::create(spec);
    EXPECT_TRUE(runtime) << runtime.error().to_string();
    return std::move(runtime).value();
  }

  OpenRequest with_two_threads() const {
    OpenRequest request{.model = file_};
    request.spec.intra_op_threads = 2;
    return request;
  }

  std::string file_;
};

TEST_F(RuntimeTest, OpensAFileWithTheBackEndThatReadsIt) {
  const auto runtime = make();
  auto model = runtime->open_model({.model = file_});
  ASSERT_TRUE(model) << model.error().to_string();
  EXPECT_EQ((*model)->report().backend, "fake");
  auto session = (*model)->make_session();
  ASSERT_TRUE(session) << session.error().to_string();
  std::fill_n((*session)->input(0).as<float>(), 3, 1.5F);
  ASSERT_TRUE((*session)->run());
  EXPECT_EQ((*session)->output(0).as<float>()[2], 3.0F);
}

TEST_F(RuntimeTest, TwoOfThemShareNothing) {
  const auto one = make({.threads = 3});
  const auto other = make({.threads = 5});
  const auto model = one->open_model(with_two_threads());
  ASSERT_TRUE(model);
  EXPECT_EQ(one->threads().claimed(), 2);
  EXPECT_EQ(other->threads().claimed(), 0);
  EXPECT_EQ(other->threads().total(), 5);
  EXPECT_NE(one->backends().all().front().get(), other->backends().all().front().get());
}

TEST_F(RuntimeTest, AModelGivesItsThreadsBackWithItsLastOwner) {
  const auto runtime = make();
  auto model = runtime->open_model(with_two_threads());
  ASSERT_TRUE(model);
  std::shared_ptr<const LoadedModel> copy = *model;
  model = Error();
  EXPECT_EQ(runtime->threads().claimed(), 2);
  EXPECT_EQ(runtime->threads().claims().front().who, "fake:" + file_);
  copy.reset();
  EXPECT_EQ(runtime->threads().claimed(), 0);
}

TEST_F(RuntimeTest, AModelMayOutliveIt) {
  auto runtime = make();
  const auto model = runtime->open_model({.model = file_});
  ASSERT_TRUE(model);
  runtime.reset();
  const auto session = (*model)->make_session();
  ASSERT_TRUE(session);
  EXPECT_TRUE((*session)->run());
}

TEST_F(RuntimeTest, AMissingFileIsNotFound) {
  const auto model = make()->open_model({.model = "/nowhere/model.fake"});
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(model.error().where, "/nowhere/model.fake");
}

TEST_F(RuntimeTest, AnUnknownBackEndSuggestsOne) {
  const auto model = make()->open_model({.model = file_, .backend = "faek"});
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().to_string(), HasSubstr("did you mean 'fake'"));
}

TEST_F(RuntimeTest, AMistypedFileIsNotTakenForAName) {
  const auto model = make()->locate("model.fake");
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().message, "no such file");
}

TEST_F(RuntimeTest, AnUnknownNameSuggestsOneOfTheCatalogue) {
  const auto model = make()->locate("yunett");
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().to_string(), HasSubstr("yunet"));
}

TEST_F(RuntimeTest, FetchesNothingWhenItMayNot) {
  // A cache of its own: that of the machine may hold the model.
  setenv("WEIR_CACHE", (file_ + ".cache").c_str(), 1);
  const auto model = make({.may_pull = false})->locate("yunet");
  unsetenv("WEIR_CACHE");
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kUnavailable);
}

TEST_F(RuntimeTest, ReadsTheCatalogueOnce) {
  const auto runtime = make();
  const auto once = runtime->catalogue();
  const auto again = runtime->catalogue();
  ASSERT_TRUE(once) << once.error().to_string();
  EXPECT_EQ(*once, *again);
  EXPECT_TRUE((*once)->find("ssd-mobilenet-v2-oid"));
}

TEST_F(RuntimeTest, TracesOnlyWhenAsked) {
  EXPECT_EQ(make()->trace(), nullptr);
  const auto runtime = make({.trace_events = 16});
  ASSERT_TRUE(runtime->open_model({.model = file_}));
  EXPECT_EQ(runtime->trace()->size(), 1U);
}

TEST_F(RuntimeTest, UsesTheClockThatItIsGiven) {
  const FakeClock clock(7);
  EXPECT_EQ(make({.clock = &clock})->clock().now_ns(), 7);
}

TEST_F(RuntimeTest, ANegativeNumberOfThreadsIsRefused) {
  const auto runtime = Runtime::create({.threads = -1});
  ASSERT_FALSE(runtime);
  EXPECT_EQ(runtime.error().code, ErrorCode::kInvalidArgument);
}

TEST(BuiltinBackends, EachIsThereOrSaysHowToGetIt) {
  BackendRegistry backends;
  ASSERT_TRUE(add_builtin_backends(backends));
  EXPECT_EQ(backends.all().size() + absent_backends().size(), 3U);
  for (const AbsentBackend& absent : absent_backends()) EXPECT_FALSE(absent.hint.empty());
}

}  // namespace
}  // namespace weir
