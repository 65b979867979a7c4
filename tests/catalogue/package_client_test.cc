#include "weir/catalogue/package_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/catalogue/archives.h"

namespace weir::catalogue {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_zip;
using ::testing::Not;
using testing::read_file;
using testing::ScopedEnvironment;
using testing::TemporaryFolder;
using testing::write_file;

const std::string kFake = WEIR_SOURCE_DIR "/tests/catalogue/fake_client.sh";

class PackageClient : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(folder_ / "toy-1.0-py3-none-any.whl", make_zip({{"m", "data"}}));
    fs::create_directory(folder_ / "private");
    package_.pip = "toy";
    package_.version = "1.0";
    package_.archive = "toy-1.0-py3-none-any.whl";
  }
  Result<fs::path> fetch(const std::string& behaviour, FetchOptions options = {}) {
    const ScopedEnvironment fake("FAKE_CLIENT", behaviour);
    return fetch_package(package_, folder_ / "private", options);
  }
  std::string called() const { return read_file(folder_ / "log"); }

  TemporaryFolder folder_;
  Package package_;
  ScopedEnvironment pip_{"WEIR_PIP", kFake};
  ScopedEnvironment npm_{"WEIR_NPM", kFake};
  ScopedEnvironment apt_{"WEIR_APT_GET", kFake};
  ScopedEnvironment archive_{"FAKE_ARCHIVE", (folder_ / "toy-1.0-py3-none-any.whl").string()};
  ScopedEnvironment log_{"FAKE_LOG", (folder_ / "log").string()};
};

TEST_F(PackageClient, LeavesTheArchiveInThePrivateFolder) {
  const auto archive = fetch("good");
  ASSERT_TRUE(archive.has_value()) << archive.error().to_string();
  EXPECT_EQ(*archive, folder_ / "private" / package_.archive);
  EXPECT_THAT(called(), HasSubstr("download --quiet --no-deps"));
  EXPECT_THAT(called(), HasSubstr("toy==1.0"));
  EXPECT_THAT(called(), Not(HasSubstr("://")));
}

TEST_F(PackageClient, CallsNpmAndAptByTheirOwnWords) {
  package_.archive.clear();
  package_.npm = std::exchange(package_.pip, "");
  ASSERT_TRUE(fetch("good").has_value());
  EXPECT_THAT(called(), HasSubstr("pack --silent --ignore-scripts"));
  EXPECT_THAT(called(), HasSubstr("toy@1.0"));
  package_.apt = std::exchange(package_.npm, "");
  ASSERT_TRUE(fetch("good").has_value());
  EXPECT_THAT(called(), HasSubstr("download toy=1.0"));
}

TEST_F(PackageClient, AMissingClientIsNamedWithItsPackage) {
  const ScopedEnvironment none("WEIR_PIP", "/nowhere/pip3");
  const auto archive = fetch("good");
  EXPECT_EQ(archive.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(archive.error().hint, HasSubstr("'python3-pip'"));
}

TEST_F(PackageClient, FailureCarriesItsWordsButNoAddress) {
  const auto archive = fetch("fail");
  EXPECT_EQ(archive.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(archive.error().where, "pip package toy 1.0");
  EXPECT_THAT(archive.error().message, HasSubstr("no matching distribution"));
  EXPECT_THAT(archive.error().message, Not(HasSubstr("secret")));
  EXPECT_THAT(archive.error().message, Not(HasSubstr("registry.example")));
}

TEST_F(PackageClient, HangingIsKilledAtTheLimit) {
  const auto archive = fetch("hang", {.limit_ms = 200});
  EXPECT_EQ(archive.error().code, ErrorCode::kDeadline);
}

TEST_F(PackageClient, NothingOrAnotherNameIsAnError) {
  EXPECT_THAT(fetch("nothing").error().message, HasSubstr("0 files"));
  EXPECT_THAT(fetch("renamed").error().message, HasSubstr("other-1.0.whl"));
}

TEST_F(PackageClient, CopiesAFileUrl) {
  const std::string url = "file://" + (folder_ / "toy-1.0-py3-none-any.whl").string();
  const auto copy = fetch_url(url, folder_ / "private", {});
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(read_file(*copy), make_zip({{"m", "data"}}));
  EXPECT_EQ(fetch_url("file:///nowhere/x", folder_.path(), {}).error().code, ErrorCode::kNotFound);
}

TEST(PipTags, AskForTheWheelByItsName) {
  EXPECT_THAT(pip_tags("toy-1.0-py3-none-any.whl"), IsEmpty());
  EXPECT_THAT(pip_tags("toy-1.0.tar.gz"), IsEmpty());
  EXPECT_THAT(pip_tags("toy-1.0-py3-none-manylinux_2_34_x86_64.whl"),
              ElementsAre("--platform", "manylinux_2_34_x86_64"));
  EXPECT_THAT(
      pip_tags("toy-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
      ElementsAre("--platform", "manylinux_2_17_x86_64", "--platform", "manylinux2014_x86_64",
                  "--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"));
}

}  // namespace
}  // namespace weir::catalogue
