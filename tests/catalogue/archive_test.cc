#include "weir/catalogue/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/catalogue/archives.h"
#include "weir/catalogue/child_process.h"

namespace weir::catalogue {
namespace {

using testing::gzip;
using ::testing::HasSubstr;
using testing::LongNames;
using testing::make_tar;
using testing::make_zip;
using testing::Member;
using testing::TemporaryFolder;
using testing::write_file;

// Patterned, so that a wrong offset shows, and longer than the readers' buffers.
std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + (i >> 8) * 7);
  return text;
}

struct Got {
  Status archive;
  Status member;
  std::string bytes;
};

Got take(const std::string& archive_bytes, const std::string& member, ByteRange range = {},
         const ArchiveLimits& limits = {}) {
  const TemporaryFolder folder;
  write_file(folder / "archive", archive_bytes);
  Got got;
  Extraction wanted{member, range, [&got](std::span<const std::byte> bytes) -> Status {
                      got.bytes.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                      return {};
                    }};
  got.archive = extract(folder / "archive", std::span(&wanted, 1), limits);
  got.member = wanted.outcome;
  return got;
}

const std::string kLongName = std::string(120, 'd') + "/" + std::string(90, 'f') + ".onnx";

struct Format {
  std::string name;
  std::function<std::string(const std::vector<Member>&)> make;
};

class EveryFormat : public ::testing::TestWithParam<Format> {};

TEST_P(EveryFormat, GivesBackTheMemberThatIsAskedFor) {
  const std::string data = pattern(300'000);
  const std::string archive =
      GetParam().make({{"a/first.txt", "first"}, {"a/model.onnx", data, true}, {"empty", ""}});
  EXPECT_EQ(take(archive, "a/model.onnx").bytes, data);
  EXPECT_EQ(take(archive, "./a/first.txt").bytes, "first");
  const Got empty = take(archive, "empty");
  EXPECT_TRUE(empty.member.has_value());
  EXPECT_EQ(empty.bytes, "");
}

TEST_P(EveryFormat, CutsAByteRange) {
  const std::string data = pattern(300'000);
  for (const bool deflate : {false, true}) {
    const std::string archive = GetParam().make({{"m", data, deflate}});
    EXPECT_EQ(take(archive, "m", {0, 184}).bytes, data.substr(0, 184));
    EXPECT_EQ(take(archive, "m", {184}).bytes, data.substr(184));
    EXPECT_EQ(take(archive, "m", {70'000, 100'000}).bytes, data.substr(70'000, 100'000));
    EXPECT_EQ(take(archive, "m", {300'001}).member.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(take(archive, "m", {299'999, 2}).member.error().code, ErrorCode::kCorrupt);
  }
}

TEST_P(EveryFormat, SaysWhenTheMemberIsNotThere) {
  const Got got = take(GetParam().make({{"a", "x"}}), "b");
  EXPECT_TRUE(got.archive.has_value());
  EXPECT_EQ(got.member.error().code, ErrorCode::kNotFound);
}

TEST_P(EveryFormat, RefusesAMemberOverTheLimit) {
  const Got got =
      take(GetParam().make({{"a", pattern(1000), true}}), "a", {}, {.member_bytes = 999});
  EXPECT_EQ(got.member.error().code, ErrorCode::kExhausted);
  EXPECT_EQ(got.bytes, "");
}

TEST_P(EveryFormat, NeverOffersANameThatLeadsOut) {
  const char* const names[] = {"../../etc/passwd", "/etc/passwd", "a/../../b", ".//etc/passwd",
                               "././/etc/passwd",  "./../b",      "./"};
  std::vector<Member> members;
  for (const char* name : names) members.push_back({name, "x"});
  const std::string archive = GetParam().make(members);
  for (const char* name : names) {
    EXPECT_EQ(take(archive, name).archive.error().code, ErrorCode::kInvalidArgument) << name;
  }
  const TemporaryFolder folder;
  write_file(folder / "archive", archive);
  EXPECT_TRUE(list_archive(folder / "archive")->empty());
}

TEST_P(EveryFormat, ListsRegularFiles) {
  const TemporaryFolder folder;
  write_file(folder / "archive", GetParam().make({{"a/b", "12345"}, {"c", ""}}));
  const auto members = list_archive(folder / "archive");
  ASSERT_EQ(members->size(), 2u);
  EXPECT_EQ(members->at(0).name, "a/b");
  EXPECT_EQ(members->at(0).bytes, 5u);
}

// Cut anywhere, an archive is an error or a missing member: never a wrong answer, never a crash.
TEST_P(EveryFormat, NeverGivesAWrongMemberOutOfATruncatedArchive) {
  const std::string data = pattern(3000);
  const std::string archive = GetParam().make({{"m", pattern(2000), true}, {"z", data, true}});
  int refused = 0;
  for (std::size_t size = 0; size < archive.size(); size += 37) {
    const Got got = take(archive.substr(0, size), "z");
    const bool succeeded = got.archive.has_value() && got.member.has_value();
    refused += succeeded ? 0 : 1;
    EXPECT_TRUE(!succeeded || got.bytes == data) << size;
  }
  EXPECT_GT(refused, 4);
}

INSTANTIATE_TEST_SUITE_P(
    Archive, EveryFormat,
    ::testing::Values(Format{"Zip", [](const auto& members) { return make_zip(members); }},
                      Format{"Tar", [](const auto& members) { return make_tar(members); }},
                      Format{"Tgz", [](const auto& members) { return gzip(make_tar(members)); }}),
    [](const auto& format) { return format.param.name; });

TEST(Archive, ReadsLongNamesOfPaxAndGnu) {
  for (const LongNames style : {LongNames::kPax, LongNames::kGnu}) {
    const std::string tar = make_tar({{"short", "1"}, {kLongName, "long"}, {"after", "2"}}, style);
    EXPECT_EQ(take(tar, kLongName).bytes, "long");
    EXPECT_EQ(take(tar, "after").bytes, "2");
  }
}

TEST(Archive, RefusesLinks) {
  const Got zip = take(make_zip({{"link", "/etc/passwd", false, 0120777}}), "link");
  EXPECT_EQ(zip.member.error().code, ErrorCode::kUnsupported);
  const Got tar = take(make_tar({{"link", "", false, 0, '2'}}), "link");
  EXPECT_EQ(tar.member.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(zip.bytes + tar.bytes, "");
}

TEST(Archive, DetectsADamagedByteInAZip) {
  const std::string data = pattern(5000);
  std::string archive = make_zip({{"m", data, false}});
  archive[archive.find(data.substr(1000, 50))] ^= 1;
  EXPECT_EQ(take(archive, "m").member.error().code, ErrorCode::kCorrupt);
}

TEST(Archive, StopsAStreamThatUnpacksWithoutEnd) {
  const std::string bomb = gzip(make_tar({{"zeros", std::string(5'000'000, '\0')}, {"m", "x"}}));
  EXPECT_LT(bomb.size(), 10'000u);
  EXPECT_EQ(take(bomb, "m", {}, {.stream_bytes = 1'000'000}).archive.error().code,
            ErrorCode::kExhausted);
}

TEST(Archive, StopsAZipMemberThatIsLongerThanItSays) {
  std::string archive = make_zip({{"m", std::string(100'000, 'x'), true}});
  const std::size_t directory = archive.rfind("PK\1\2");
  archive[directory + 24] = 10;  // the low bytes of the unpacked size
  archive[directory + 25] = archive[directory + 26] = 0;
  const Got got = take(archive, "m");
  EXPECT_EQ(got.member.error().code, ErrorCode::kCorrupt);
  EXPECT_LE(got.bytes.size(), 10u);
}

TEST(Archive, TakesManyMembersInOnePassAndOneFailureStaysAlone) {
  const TemporaryFolder folder;
  write_file(folder / "a.tgz",
             gzip(make_tar({{"a", "one"}, {"b", "two"}, {"link", "", false, 0, '2'}})));
  std::string bytes;
  const Sink sink = [&bytes](std::span<const std::byte> part) -> Status {
    bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
    return {};
  };
  std::vector<Extraction> wanted = {
      {"b", {}, sink}, {"link", {}, sink}, {"a", {}, sink}, {"a", {1, 1}, sink}, {"c", {}, sink}};
  ASSERT_TRUE(extract(folder / "a.tgz", wanted).has_value());
  EXPECT_EQ(bytes, "onentwo");
  EXPECT_TRUE(wanted[0].outcome && wanted[2].outcome && wanted[3].outcome);
  EXPECT_EQ(wanted[1].outcome.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(wanted[4].outcome.error().code, ErrorCode::kNotFound);
}

TEST(Archive, SaysWhatItIsWhenItIsNone) {
  const Got got = take("<html>404</html>", "m");
  EXPECT_EQ(got.archive.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(got.archive.error().to_string(), HasSubstr("not an archive"));
  EXPECT_EQ(extract("/nowhere/x.whl", {}).error().code, ErrorCode::kNotFound);
}

class Deb : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!find_program({"dpkg-deb"})) GTEST_SKIP() << "dpkg-deb is not installed";
  }
  // Builds a package with one big member by dpkg-deb itself.
  std::string build(const TemporaryFolder& folder, const std::string& compression) {
    namespace fs = std::filesystem;
    fs::create_directories(folder / "root/DEBIAN");
    fs::create_directories(folder / "root/usr/share/weir");
    write_file(folder / "root/DEBIAN/control",
               "Package: weir-test\nVersion: 1\nArchitecture: all\nMaintainer: none <a@b>\n"
               "Description: test\n");
    write_file(folder / "root/usr/share/weir/model.onnx", pattern(200'000));
    fs::create_symlink("/etc/passwd", folder / "root/usr/share/weir/link");
    auto child = ChildProcess::start(
        {{"dpkg-deb", "--root-owner-group", "-Z" + compression, "--build", "root", "test.deb"},
         folder.path(),
         30'000});
    EXPECT_TRUE(child->finish().has_value());
    return testing::read_file(folder / "test.deb");
  }
};

TEST_F(Deb, IsReadInEveryCompression) {
  for (const char* compression : {"xz", "gzip", "none"}) {
    const TemporaryFolder folder;
    const std::string deb = build(folder, compression);
    EXPECT_EQ(take(deb, "usr/share/weir/model.onnx").bytes, pattern(200'000)) << compression;
    EXPECT_EQ(take(deb, "usr/share/weir/link").member.error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(take(deb, "usr/share/other").member.error().code, ErrorCode::kNotFound);
  }
}

TEST_F(Deb, DamagedIsAnErrorWithTheWordsOfDpkg) {
  const TemporaryFolder folder;
  const std::string deb = build(folder, "xz");
  const Got got = take(deb.substr(0, deb.size() / 2), "usr/share/weir/model.onnx");
  ASSERT_FALSE(got.archive.has_value());
  EXPECT_THAT(got.archive.error().to_string(), HasSubstr("dpkg-deb"));
}

TEST_F(Deb, MissingToolIsNamedWithItsPackage) {
  const TemporaryFolder folder;
  const std::string deb = build(folder, "gzip");
  const testing::ScopedEnvironment none("WEIR_DPKG_DEB", "/nowhere/dpkg-deb");
  const Got got = take(deb, "usr/share/weir/model.onnx");
  EXPECT_EQ(got.archive.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(got.archive.error().hint, HasSubstr("'dpkg'"));
}

}  // namespace
}  // namespace weir::catalogue
