// Entries with a `url`, fetched by the real curl from a real server on this machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "tests/catalogue/archives.h"
#include "weir/catalogue/child_process.h"
#include "weir/catalogue/pull.h"
#include "weir/catalogue/sha256.h"

namespace weir::catalogue {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::read_file;
using testing::ScopedEnvironment;
using testing::TemporaryFolder;
using testing::write_file;

constexpr std::string_view kServer = WEIR_SOURCE_DIR "/tests/catalogue/http_server.py";
const std::string kModel(300'000, 'm');
const std::string kOtherHash(64, 'b');

std::string digest(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.hex();
}

// tests/catalogue/http_server.py, killed with the object.
class Server {
 public:
  Server(const fs::path& folder, const std::vector<std::string>& certificate) {
    Command command{.argv = {"python3", std::string(kServer), folder.string()},
                    .stream_output = true};
    command.argv.insert(command.argv.end(), certificate.begin(), certificate.end());
    auto started = ChildProcess::start(std::move(command));
    if (!started) return;
    child_.emplace(std::move(started).value());
    std::array<std::byte, 1> letter = {};
    while (true) {
      const auto count = child_->read(letter);
      if (!count || *count == 0 || letter[0] == std::byte{'\n'}) break;
      port_ += static_cast<char>(letter[0]);
    }
    scheme_ = certificate.empty() ? "http" : "https";
  }
  bool listens() const { return !port_.empty(); }
  std::string words() const { return child_ ? child_->words() : "there is no python3"; }
  std::string at(const std::string& path) const {
    return scheme_ + "://127.0.0.1:" + port_ + "/" + path;
  }

 private:
  std::optional<ChildProcess> child_;
  std::string port_;
  std::string scheme_;
};

class Url : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!find_program({"python3"})) GTEST_SKIP() << "there is no python3 to serve files";
    if (!find_program({"curl"})) GTEST_SKIP() << "there is no curl to fetch them";
    fs::create_directory(served_);
    write_file(served_ / "model.onnx", kModel);
    server_ = std::make_unique<Server>(served_, std::vector<std::string>());
    ASSERT_TRUE(server_->listens()) << server_->words();
  }
  // The same over TLS, which asks for no hash. Skips where nothing makes a certificate.
  std::unique_ptr<Server> secure_server() {
    const std::string certificate = (folder_ / "certificate.pem").string();
    const std::string key = (folder_ / "key.pem").string();
    auto made = ChildProcess::start(
        {.argv = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                  "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1",
                  "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate},
         .stream_output = false});
    if (!made || !made->finish()) return nullptr;
    bundle_ = std::make_unique<ScopedEnvironment>("CURL_CA_BUNDLE", certificate);
    return std::make_unique<Server>(served_, std::vector<std::string>{certificate, key});
  }
  Result<Pulled> pull(const std::string& url, const std::string& hash,
                      const PullOptions& options = {}) {
    catalogue_ = Catalogue();
    const Status status =
        catalogue_.add_text("catalogue:\n  model:\n    url: " + url +
                                (hash.empty() ? "" : "\n    sha256: " + hash) + "\n",
                            "toy.yaml");
    if (!status) return status.error();
    return Puller(catalogue_, Cache(folder_ / "cache"), "").pull("model", options);
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
  std::ptrdiff_t requests() const {
    const std::string log = read_file(served_ / "requests");
    return std::count(log.begin(), log.end(), '\n');
  }

  TemporaryFolder folder_;
  fs::path served_ = folder_ / "served";
  std::unique_ptr<Server> server_;
  Catalogue catalogue_;
  // A proxy of the machine is not for its own address.
  ScopedEnvironment no_proxy_{"no_proxy", "127.0.0.1"};
  ScopedEnvironment all_proxy_{"ALL_PROXY", ""};
  std::unique_ptr<ScopedEnvironment> bundle_;
};

TEST_F(Url, IsFetchedCheckedAndKept) {
  const auto pulled = pull(server_->at("model.onnx"), digest(kModel));
  ASSERT_TRUE(pulled) << pulled.error().to_string();
  EXPECT_TRUE(pulled->fetched);
  ASSERT_EQ(pulled->files.size(), 1u);
  EXPECT_EQ(pulled->files[0].filename(), "model.onnx");
  EXPECT_EQ(read_file(pulled->files[0]), kModel);
  server_ = nullptr;
  const auto again = pull("http://127.0.0.1:9/model.onnx", digest(kModel));
  ASSERT_TRUE(again) << "the content names it, not the address: " << again.error().to_string();
  EXPECT_FALSE(again->fetched);
}

TEST_F(Url, WithoutAHashItIsHeldToWhatItWas) {
  const auto secure = secure_server();
  if (secure == nullptr) GTEST_SKIP() << "openssl made no certificate";
  const auto pulled = pull(secure->at("model.onnx"), "");
  ASSERT_TRUE(pulled) << pulled.error().to_string();
  EXPECT_EQ(read_file(pulled->files[0]), kModel);
  ASSERT_TRUE(pull(secure->at("model.onnx"), ""));
  EXPECT_EQ(requests(), 1);

  write_file(pulled->files[0], kModel + "x");
  const auto mended = pull(secure->at("model.onnx"), "");
  ASSERT_TRUE(mended) << mended.error().to_string();
  EXPECT_TRUE(mended->fetched);
  EXPECT_EQ(read_file(mended->files[0]), kModel);
}

TEST_F(Url, OpenHttpAsksForAHash) {
  const auto pulled = pull(server_->at("model.onnx"), "");
  ASSERT_FALSE(pulled);
  EXPECT_THAT(pulled.error().to_string(), HasSubstr("sha256"));
  EXPECT_FALSE(fs::exists(served_ / "requests"));
}

TEST_F(Url, AWrongHashNamesBothAndKeepsNothing) {
  const auto pulled = pull(server_->at("model.onnx"), kOtherHash);
  EXPECT_EQ(pulled.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(pulled.error().to_string(), HasSubstr(digest(kModel) + ", expected " + kOtherHash));
  EXPECT_TRUE(cache_is_clean());
}

TEST_F(Url, AMissingFileSaysSoOnceAndNamesNoServer) {
  const auto pulled = pull(server_->at("nothing.onnx"), digest(kModel));
  EXPECT_EQ(pulled.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(pulled.error().message, HasSubstr("404"));
  EXPECT_THAT(pulled.error().to_string(), Not(HasSubstr("127.0.0.1")));
  EXPECT_EQ(requests(), 1);
  EXPECT_TRUE(cache_is_clean());
}

TEST_F(Url, ATransferThatBreaksOffLeavesNothing) {
  const auto pulled = pull(server_->at("cut/model.onnx"), digest(kModel));
  EXPECT_EQ(pulled.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(pulled.error().message, HasSubstr("150000"));  // bytes that were still to come
  EXPECT_TRUE(cache_is_clean());
  EXPECT_TRUE(pull(server_->at("model.onnx"), digest(kModel))) << "the next pull begins anew";
}

TEST_F(Url, AServerThatStallsIsGivenUpAtTheLimit) {
  PullOptions options;
  options.limit_ms = 300;
  const auto pulled = pull(server_->at("stall/model.onnx"), digest(kModel), options);
  EXPECT_EQ(pulled.error().code, ErrorCode::kDeadline);
  EXPECT_TRUE(cache_is_clean());
}

TEST_F(Url, NobodyWhoListensIsAnErrorOfTheEntry) {
  const std::string gone = server_->at("model.onnx");
  server_ = nullptr;
  const auto pulled = pull(gone, digest(kModel));
  EXPECT_EQ(pulled.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(pulled.error().to_string(), HasSubstr("the url of the entry"));
  EXPECT_TRUE(cache_is_clean());
}

TEST_F(Url, ASecureAddressIsNotSentOnToAnOpenOne) {
  const auto secure = secure_server();
  if (secure == nullptr) GTEST_SKIP() << "openssl made no certificate";
  write_file(served_ / "elsewhere", server_->at(""));
  EXPECT_FALSE(pull(secure->at("away/model.onnx"), ""));
  EXPECT_EQ(requests(), 1) << "the open server was never asked";
  EXPECT_TRUE(cache_is_clean());
  write_file(served_ / "elsewhere", secure->at(""));
  EXPECT_TRUE(pull(secure->at("away/model.onnx"), ""));
}

}  // namespace
}  // namespace weir::catalogue
