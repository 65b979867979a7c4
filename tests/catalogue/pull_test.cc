#include "weir/catalogue/pull.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

#include "tests/catalogue/archives.h"
#include "weir/catalogue/sha256.h"

namespace weir::catalogue {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::make_zip;
using testing::read_file;
using testing::ScopedEnvironment;
using testing::TemporaryFolder;
using testing::write_file;

const std::string kFake = WEIR_SOURCE_DIR "/tests/catalogue/fake_client.sh";
const std::string kArchive = "toy-1.0-py3-none-any.whl";
const std::string kModel(100'000, 'm');
const std::string kPacked = "labels\nmodel bytes";

std::string digest(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.hex();
}

// One package that serves two entries, as the real ones do.
std::string yaml(const std::string& model_hash = digest(kModel)) {
  const std::string package =
      "    package: {pip: toy, version: '1.0', archive: " + kArchive + "}\n    files:\n";
  return "catalogue:\n  model:\n" + package +
         "      - {member: toy/model.onnx, bytes: 100000, sha256: " + model_hash +
         "}\n  packed:\n" + package +
         "      - {member: toy/packed.data, range: [0, 7], as: labels.txt, sha256: " +
         digest("labels\n") +
         "}\n      - {member: toy/packed.data, range: [7, 18], as: net.tflite, "
         "sha256: " +
         digest("model bytes") + "}\n";
}

class Pull : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(folder_ / kArchive,
               make_zip({{"toy/model.onnx", kModel, true}, {"toy/packed.data", kPacked}}));
    use(yaml());
  }
  void use(const std::string& text) {
    catalogue_ = Catalogue();
    const Status status = catalogue_.add_text(text, "toy.yaml");
    ASSERT_TRUE(status.has_value()) << status.error().to_string();
  }
  Puller puller(const std::string& mirror = "") const {
    return Puller(catalogue_, Cache(folder_ / "cache"), mirror);
  }
  Result<Pulled> pull(const std::string& name, const std::string& behaviour,
                      const PullOptions& options = {}) {
    const ScopedEnvironment fake("FAKE_CLIENT", behaviour);
    return puller().pull(name, options);
  }
  std::ptrdiff_t calls() const {
    const std::string log = read_file(folder_ / "log");
    return std::count(log.begin(), log.end(), '\n');
  }
  // No file of an entry and nothing under way.
  bool cache_is_clean() const {
    std::error_code none;
    for (const auto& file : fs::recursive_directory_iterator(folder_ / "cache", none)) {
      if (file.is_regular_file() && file.path().extension() != ".lock") return false;
    }
    const fs::directory_iterator staged(folder_ / "cache/.staging", none);
    return begin(staged) == end(staged);
  }

  TemporaryFolder folder_;
  Catalogue catalogue_;
  ScopedEnvironment pip_{"WEIR_PIP", kFake};
  ScopedEnvironment archive_{"FAKE_ARCHIVE", (folder_ / kArchive).string()};
  ScopedEnvironment log_{"FAKE_LOG", (folder_ / "log").string()};
};

TEST_F(Pull, FetchesChecksAndKeeps) {
  std::vector<std::string> said;
  PullOptions options;
  options.progress = [&said](const std::string&, const std::string& what) { said.push_back(what); };
  const auto pulled = pull("model", "good", options);
  ASSERT_TRUE(pulled.has_value()) << pulled.error().to_string();
  EXPECT_TRUE(pulled->fetched);
  ASSERT_EQ(pulled->files.size(), 1u);
  EXPECT_EQ(pulled->files[0].filename(), "model.onnx");
  EXPECT_EQ(read_file(pulled->files[0]), kModel);
  EXPECT_THAT(said, ::testing::Contains(HasSubstr("fetching pip package toy 1.0")));
}

TEST_F(Pull, ASecondPullNeedsNoNetwork) {
  ASSERT_TRUE(pull("model", "good").has_value());
  const auto again = pull("model", "fail");
  ASSERT_TRUE(again.has_value());
  EXPECT_FALSE(again->fetched);
  EXPECT_EQ(calls(), 1);
  EXPECT_TRUE(puller().find("model").has_value());
}

TEST_F(Pull, OneArchiveServesAllItsEntries) {
  ASSERT_TRUE(pull("model", "good").has_value());
  const auto packed = pull("packed", "fail");
  ASSERT_TRUE(packed.has_value()) << packed.error().to_string();
  EXPECT_EQ(calls(), 1);
  EXPECT_EQ(read_file(packed->files[0]), "labels\n");
  EXPECT_EQ(read_file(packed->files[1]), "model bytes");
}

TEST_F(Pull, AWrongHashNamesBothAndKeepsNothing) {
  use(yaml(std::string(64, 'b')));
  const auto pulled = pull("model", "good");
  EXPECT_EQ(pulled.error().code, ErrorCode::kCorrupt);
  const std::string text = pulled.error().to_string();
  EXPECT_THAT(text, HasSubstr(digest(kModel) + ", expected " + std::string(64, 'b')));
  EXPECT_THAT(text, HasSubstr("pip package toy 1.0, member toy/model.onnx"));
  EXPECT_THAT(text, HasSubstr("toy.yaml:2:3"));
  EXPECT_EQ(puller().cache().state(catalogue_.entries()[0]), EntryState::kAbsent);
  // The other entry of the same archive is not at fault.
  EXPECT_TRUE(puller().find("packed").has_value());
}

TEST_F(Pull, AWrongSizeIsNamed) {
  std::string text = yaml();
  text.replace(text.find("100000"), 6, "99999");
  use(text);
  const auto pulled = pull("model", "good");
  EXPECT_THAT(pulled.error().to_string(), HasSubstr("has 100000 bytes, expected 99999"));
}

TEST_F(Pull, FailuresLeaveNothingBehind) {
  const std::pair<const char*, ErrorCode> cases[] = {{"fail", ErrorCode::kUnavailable},
                                                     {"partial", ErrorCode::kCorrupt},
                                                     {"nothing", ErrorCode::kNotFound},
                                                     {"renamed", ErrorCode::kNotFound}};
  for (const auto& [behaviour, code] : cases) {
    const auto pulled = pull("model", behaviour);
    ASSERT_FALSE(pulled.has_value()) << behaviour;
    EXPECT_EQ(pulled.error().code, code) << behaviour << pulled.error().to_string();
    EXPECT_TRUE(cache_is_clean()) << behaviour;
  }
  EXPECT_TRUE(pull("model", "good").has_value());
}

TEST_F(Pull, AHangingClientIsKilledAtTheLimitAndLeavesNothing) {
  PullOptions options;
  options.limit_ms = 200;
  EXPECT_EQ(pull("model", "hang", options).error().code, ErrorCode::kDeadline);
  EXPECT_TRUE(cache_is_clean());
}

TEST_F(Pull, CancellingMidWayLeavesNothing) {
  std::stop_source stop;
  PullOptions options;
  options.stop = stop.get_token();
  options.progress = [&stop](const std::string&, const std::string& what) {
    if (what.starts_with("fetching")) stop.request_stop();
  };
  EXPECT_EQ(pull("model", "hang", options).error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(cache_is_clean());
}

// The process dies with the archive fetched and files open; its locks die with it.
TEST_F(Pull, AKilledPullIsSweptByTheNextOne) {
  PullOptions options;
  options.progress = [](const std::string&, const std::string& what) {
    if (what.starts_with("unpacking")) raise(SIGKILL);
  };
  EXPECT_EXIT((void)pull("model", "good", options).has_value(), ::testing::KilledBySignal(SIGKILL),
              "");
  EXPECT_FALSE(cache_is_clean());
  EXPECT_EQ(puller().cache().state(catalogue_.entries()[0]), EntryState::kAbsent);
  EXPECT_TRUE(pull("model", "good").has_value());
  EXPECT_TRUE(fs::is_empty(folder_ / "cache/.staging"));
}

TEST_F(Pull, ParallelPullsFetchOnce) {
  const ScopedEnvironment fake("FAKE_CLIENT", "good");
  std::atomic<int> fetched = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([this, i, &fetched] {
        const auto pulled = puller().pull(i % 2 == 0 ? "model" : "packed");
        EXPECT_TRUE(pulled.has_value());
        fetched += pulled->fetched ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(calls(), 1);
  EXPECT_EQ(fetched, 1);
}

TEST_F(Pull, ADamagedFileIsFetchedAgain) {
  const auto pulled = pull("model", "good");
  write_file(pulled->files[0], "damaged");
  const auto again = pull("model", "good");
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->fetched);
  EXPECT_EQ(read_file(again->files[0]), kModel);
}

TEST_F(Pull, AMirrorServesArchivesAndFilesByHashOrName) {
  const ScopedEnvironment fake("FAKE_CLIENT", "fail");
  fs::create_directories(folder_ / "by_hash");
  fs::create_directories(folder_ / "by_name/packed");
  fs::create_directories(folder_ / "archives");
  write_file(folder_ / "by_hash" / digest(kModel), kModel);
  write_file(folder_ / "by_name/packed/labels.txt", "labels\n");
  write_file(folder_ / "by_name/net.tflite", "model bytes");
  fs::copy(folder_ / kArchive, folder_ / "archives");
  const auto take = [&](const std::string& mirror, const std::string& name) {
    fs::remove_all(folder_ / "cache");
    return puller(mirror).pull(name);
  };
  const std::string hash = (folder_ / "by_hash").string();
  const std::string named = (folder_ / "by_name").string();
  EXPECT_TRUE(take(hash, "model").has_value());
  EXPECT_TRUE(take(named, "packed").has_value());
  EXPECT_TRUE(take("/nowhere:" + hash + ":" + named, "packed").has_value());
  EXPECT_TRUE(take((folder_ / "archives").string(), "packed").has_value());
  EXPECT_EQ(calls(), 0);
  EXPECT_FALSE(take(hash, "packed").has_value());
}

TEST_F(Pull, AMirrorCannotSlipInAnotherFile) {
  fs::create_directories(folder_ / "mirror");
  write_file(folder_ / "mirror" / digest(kModel), std::string(100'000, 'x'));
  const ScopedEnvironment fake("FAKE_CLIENT", "good");
  std::string said;
  PullOptions options;
  options.progress = [&said](const std::string&, const std::string& what) { said += what + "\n"; };
  const auto pulled = puller((folder_ / "mirror").string()).pull("model", options);
  ASSERT_TRUE(pulled.has_value());
  EXPECT_EQ(read_file(pulled->files[0]), kModel);
  EXPECT_THAT(said, HasSubstr("passed over"));
}

TEST_F(Pull, KeepsArchivesAsAMirrorWantsThem) {
  PullOptions options;
  options.keep_archives = folder_ / "mirror";
  ASSERT_TRUE(pull("model", "good", options).has_value());
  fs::remove_all(folder_ / "cache");
  const ScopedEnvironment fake("FAKE_CLIENT", "fail");
  EXPECT_TRUE(puller((folder_ / "mirror").string()).pull("packed").has_value());
}

TEST_F(Pull, TakesFoldersFilesAndFileUrlsWithAndWithoutAHash) {
  write_file(folder_ / "net.onnx", kModel);
  const std::string path = (folder_ / "net.onnx").string();
  use("catalogue:\n  good: {url: 'file://" + path + "', sha256: " + digest(kModel) +
      "}\n  bad: {url: 'file://" + path + "', sha256: " + std::string(64, 'c') +
      "}\n  any: {url: 'file://" + path + "'}\n  folder: {path: " + folder_.path().string() +
      "}\n  file: {path: " + path + ", sha256: " + digest(kModel) + "}\n  wrong: {path: " + path +
      ", sha256: " + std::string(64, 'c') + "}\n  gone: {path: ./nowhere}\n");
  EXPECT_EQ(pull("good", "fail")->files[0].filename(), "net.onnx");
  EXPECT_EQ(pull("bad", "fail").error().code, ErrorCode::kCorrupt);
  EXPECT_TRUE(pull("any", "fail").has_value());
  EXPECT_EQ(pull("folder", "fail")->folder, folder_.path());
  EXPECT_EQ(pull("file", "fail")->files[0], path);
  EXPECT_EQ(pull("wrong", "fail").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(pull("gone", "fail").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(pull(path, "fail")->files[0], path);
}

TEST_F(Pull, AMemberOfAFolderIsTakenWhereItsNameSays) {
  fs::create_directories(folder_ / "parts/sub");
  write_file(folder_ / "parts/a.onnx", "top");
  write_file(folder_ / "parts/sub/b.bin", "below");
  const std::string parts = (folder_ / "parts").string();
  const std::string start = "{path: " + parts + ", files: [{member: a.onnx}, {member: sub/";
  use("catalogue:\n  good: " + start + "b.bin, sha256: " + digest("below") +
      "}]}\n  gone: " + start + "c.bin}]}\n  wrong: " + start + "b.bin, sha256: " + digest("else") +
      "}]}\n  one: {path: " + parts + "/a.onnx, files: [{sha256: " + digest("top") + "}]}\n");
  const auto good = pull("good", "fail");
  ASSERT_TRUE(good.has_value()) << good.error().to_string();
  EXPECT_EQ(good->files[0], folder_ / "parts/a.onnx");
  EXPECT_EQ(good->files[1], folder_ / "parts/sub/b.bin");
  EXPECT_THAT(pull("gone", "fail").error().to_string(),
              HasSubstr("toy.yaml:3:3: there is no '" + parts + "/sub/c.bin'"));
  const auto wrong = pull("wrong", "fail");
  EXPECT_EQ(wrong.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(wrong.error().to_string(), HasSubstr("'" + parts + "/sub/b.bin' does not have"));
  EXPECT_TRUE(pull("one", "fail").has_value()) << "a path to a file, and its hash in the long form";
}

TEST_F(Pull, SaysWhatToRunWhenAFileIsNotThere) {
  const auto found = puller().find("model");
  EXPECT_EQ(found.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(found.error().hint, HasSubstr("weir pull model"));
  EXPECT_EQ(pull("modle", "good").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace weir::catalogue
