// Files that are wrong, and options that are.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "tests/conformance/conformance.h"

namespace weir::conformance {
namespace {

using testing::HasSubstr;

const Model& good() {
  static const Model model = two_in_two_out({-1, 2});
  return model;
}

void expect_clear(const Error& error, const std::string& file) {
  EXPECT_NE(error.message, "");
  EXPECT_THAT(error.where, HasSubstr(std::filesystem::path(file).filename().string()));
  EXPECT_NE(error.code, ErrorCode::kInternal) << error.to_string();
}

void a_file_opens_like_its_bytes(Bench& bench) {
  const auto model = bench.open(bench.file_spec("good" + bench.ending(), bench.bytes(good())));
  ASSERT_NE(model, nullptr);
  const auto same = bench.open(bench.spec(good()));
  EXPECT_EQ(model->inputs(), same->inputs());
  EXPECT_EQ(model->outputs(), same->outputs());
}

void a_missing_file_is_not_found(Bench& bench) {
  BackendSpec spec;
  spec.file = scratch_folder() + "/nothing" + bench.ending();
  const Error error = bench.refusal(spec);
  expect_clear(error, spec.file);
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_EQ(bench.refusal({}).code, ErrorCode::kInvalidArgument) << "no file at all";
}

void a_folder_is_no_model(Bench& bench) {
  BackendSpec spec;
  spec.file = scratch_folder() + "/folder" + bench.ending();
  std::filesystem::create_directories(spec.file);
  expect_clear(bench.refusal(spec), spec.file);
}

void an_empty_file_is_refused(Bench& bench) {
  const BackendSpec spec = bench.file_spec("empty" + bench.ending(), "");
  const Error error = bench.refusal(spec);
  expect_clear(error, spec.file);
  EXPECT_THAT(error.message, HasSubstr("empty"));
}

void truncated_files_never_crash(Bench& bench) {
  const std::string& whole = bench.bytes(good());
  int refused = 0;
  for (std::size_t part = 1; part < 16; ++part) {
    const std::string_view cut = std::string_view(whole).substr(0, whole.size() * part / 16);
    const BackendSpec spec = bench.file_spec("cut" + bench.ending(), cut);
    const auto model = bench.backend().open(spec);
    if (model) continue;
    ++refused;
    expect_clear(model.error(), spec.file);
  }
  EXPECT_GE(refused, 8);
}

void wrong_kinds_are_refused(Bench& bench) {
  std::string noise(4096, '\0');
  std::mt19937 random(7);
  for (char& c : noise) c = static_cast<char>(random() & 255);
  const std::string kinds[] = {std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16),
                               "<!DOCTYPE html><html><body>404</body></html>",
                               "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
                               "PK\x03\x04 something zipped",
                               "hello, this is a text\n",
                               std::string("\0", 1),
                               noise};
  for (const std::string& bytes : kinds) {
    const BackendSpec spec = bench.file_spec("kind" + bench.ending(), bytes);
    expect_clear(bench.refusal(spec), spec.file);
  }
}

void damaged_files_never_crash(Bench& bench) {
  std::mt19937 random(11);
  for (int i = 0; i < 60; ++i) {
    std::string bytes = bench.bytes(good());
    bytes[random() % bytes.size()] = static_cast<char>(random() & 255);
    const auto model = bench.backend().open(bench.file_spec("damaged" + bench.ending(), bytes));
    if (!model) {
      EXPECT_NE(model.error().message, "");
    }
  }
}

void a_file_over_the_limit_is_refused(Bench& bench) {
  BackendSpec spec = bench.file_spec("large" + bench.ending(), bench.bytes(good()));
  spec.max_model_bytes = 10;
  EXPECT_EQ(bench.refusal(spec).code, ErrorCode::kExhausted);
}

void an_unknown_option_suggests_the_nearest(Bench& bench) {
  const std::string known = bench.backend().options().front().name;
  BackendSpec spec = bench.spec(good());
  spec.options[known + "x"] = "1";
  const Error error = bench.refusal(spec);
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(error.message, HasSubstr("'" + known + "x'"));
  EXPECT_THAT(error.hint, HasSubstr("'" + known + "'"));
}

void a_device_that_is_not_there_says_what_is_missing(Bench& bench) {
  for (const Device device : {Device{Device::Kind::kCuda, 9}, Device{Device::Kind::kMps, 0},
                              Device{Device::Kind::kNpu, 9}}) {
    BackendSpec spec = bench.spec(good());
    spec.device = device;
    const Error error = bench.refusal(spec);
    EXPECT_NE(error.hint, "") << error.to_string();
    EXPECT_NE(error.code, ErrorCode::kInternal) << error.to_string();
  }
}

void a_precision_that_it_lacks_is_refused(Bench& bench) {
  for (const Precision precision : {Precision::kFloat16, Precision::kBFloat16, Precision::kInt8}) {
    const auto& able = bench.able().precisions;
    if (std::find(able.begin(), able.end(), precision) != able.end()) continue;
    BackendSpec spec = bench.spec(good());
    spec.precision = precision;
    EXPECT_EQ(bench.refusal(spec).code, ErrorCode::kUnsupported);
  }
}

}  // namespace

std::vector<Case> file_cases() {
  const auto needs_bytes = [](const Capabilities& able, Form) {
    return std::string(able.from_bytes ? "" : "it opens files only");
  };
  return {
      {"AFileOpensLikeItsBytes", needs_bytes, a_file_opens_like_its_bytes},
      {"AMissingFileIsNotFound", needs_nothing, a_missing_file_is_not_found},
      {"AFolderIsNoModel", needs_nothing, a_folder_is_no_model},
      {"AnEmptyFileIsRefused", needs_nothing, an_empty_file_is_refused},
      {"TruncatedFilesNeverCrash", needs_nothing, truncated_files_never_crash},
      {"WrongKindsAreRefused", needs_nothing, wrong_kinds_are_refused},
      {"DamagedFilesNeverCrash", needs_nothing, damaged_files_never_crash},
      {"AFileOverTheLimitIsRefused", needs_nothing, a_file_over_the_limit_is_refused},
      {"AnUnknownOptionSuggestsTheNearest", needs_nothing, an_unknown_option_suggests_the_nearest},
      {"ADeviceThatIsNotThereSaysWhatIsMissing", needs_nothing,
       a_device_that_is_not_there_says_what_is_missing},
      {"APrecisionThatItLacksIsRefused", needs_nothing, a_precision_that_it_lacks_is_refused},
  };
}

}  // namespace weir::conformance
