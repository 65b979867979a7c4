#include "weir/catalogue/cache.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/catalogue/archives.h"
#include "weir/catalogue/sha256.h"

namespace weir::catalogue {
namespace {

namespace fs = std::filesystem;
using testing::ScopedEnvironment;
using testing::TemporaryFolder;
using testing::write_file;

std::string digest(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.hex();
}

Entry entry_with(std::string_view data, bool pinned = true) {
  Entry entry;
  entry.name = "thing";
  entry.url = "https://nowhere.invalid/thing.bin";
  EntryFile file;
  file.as = "thing.bin";
  if (pinned) {
    file.sha256 = digest(data);
    file.bytes = static_cast<int64_t>(data.size());
  }
  entry.files = {file};
  return entry;
}

class CacheTest : public ::testing::Test {
 protected:
  // As pull does it.
  void put(const Entry& entry, std::string_view data) {
    const auto staging = cache_.stage();
    const fs::path staged = (*staging)->path() / "part";
    write_file(staged, data);
    ASSERT_TRUE(cache_.place(staged, entry, entry.files[0], digest(data)).has_value());
  }
  std::size_t staged_folders() const {
    std::error_code none;
    const fs::directory_iterator all(cache_.root() / ".staging", none);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  TemporaryFolder folder_;
  Cache cache_{folder_ / "cache"};
};

TEST_F(CacheTest, AFileIsAbsentThenPresentThenCorrupt) {
  const Entry entry = entry_with("good bytes");
  EXPECT_EQ(cache_.state(entry), EntryState::kAbsent);
  put(entry, "good bytes");
  EXPECT_EQ(cache_.state(entry), EntryState::kPresent);
  EXPECT_EQ(cache_.state(entry, Look::kFull), EntryState::kPresent);
  write_file(cache_.file(entry, entry.files[0]), "evil bytes");
  EXPECT_EQ(cache_.state(entry), EntryState::kCorrupt);
  write_file(cache_.file(entry, entry.files[0]), "short");
  EXPECT_EQ(cache_.state(entry), EntryState::kCorrupt);
}

TEST_F(CacheTest, AQuickLookHashesAgainOnlyWhatWasChanged) {
  const Entry entry = entry_with("good bytes");
  put(entry, "good bytes");
  const fs::path file = cache_.file(entry, entry.files[0]);
  const fs::file_time_type changed = fs::last_write_time(file);
  write_file(file, "evil bytes");
  fs::last_write_time(file, changed);
  EXPECT_EQ(cache_.state(entry, Look::kQuick), EntryState::kPresent);
  EXPECT_EQ(cache_.state(entry, Look::kFull), EntryState::kCorrupt);
  write_file(file, "good bytes");
  fs::last_write_time(file, changed + std::chrono::seconds(1));
  EXPECT_EQ(cache_.state(entry, Look::kQuick), EntryState::kPresent);
}

TEST_F(CacheTest, WhatHasNoPinnedHashIsHeldToTheOneItCameWith) {
  const Entry entry = entry_with("anything", false);
  put(entry, "anything");
  EXPECT_EQ(cache_.state(entry, Look::kFull), EntryState::kPresent);
  write_file(cache_.file(entry, entry.files[0]), "something");
  EXPECT_EQ(cache_.state(entry), EntryState::kCorrupt);
}

TEST_F(CacheTest, AnotherContentOfTheSameNameHasAnotherPlace) {
  const Entry before = entry_with("version one");
  const Entry after = entry_with("version two");
  put(before, "version one");
  EXPECT_EQ(cache_.state(after), EntryState::kAbsent);
  put(after, "version two");
  EXPECT_EQ(cache_.state(before), EntryState::kPresent);
}

TEST_F(CacheTest, KnowsTheSizeOfWhatLiesOnThisMachine) {
  fs::create_directories(folder_ / "own/sub");
  write_file(folder_ / "own/a.onnx", "12345");
  write_file(folder_ / "own/sub/b.bin", "123");
  Entry own;
  own.path = (folder_ / "own").string();
  EXPECT_EQ(cache_.bytes(own), 8);
  own.files.resize(1);
  own.files[0].member = "sub/b.bin";
  EXPECT_EQ(cache_.bytes(own), 3);
  own.files[0].member = "sub/gone.bin";
  EXPECT_EQ(cache_.bytes(own), 0);
  const Entry pulled = entry_with("anything", false);
  EXPECT_EQ(cache_.bytes(pulled), 0);
  put(pulled, "anything");
  EXPECT_EQ(cache_.bytes(pulled), 8);
}

TEST_F(CacheTest, AStagingFolderGoesWithItsOwner) {
  {
    const auto staging = cache_.stage();
    EXPECT_EQ(staged_folders(), 1u);
  }
  EXPECT_EQ(staged_folders(), 0u);
}

TEST_F(CacheTest, SweepsWhatAKilledProcessLeftButNotWhatALivingOneUses) {
  const auto living = cache_.stage();
  fs::create_directories(cache_.root() / ".staging" / "abc123");
  write_file(cache_.root() / ".staging" / "abc123" / "half.onnx", "half");
  const auto mine = cache_.stage();
  EXPECT_FALSE(fs::exists(cache_.root() / ".staging" / "abc123"));
  EXPECT_TRUE(fs::exists((*living)->path()));
  EXPECT_EQ(staged_folders(), 2u);
}

TEST_F(CacheTest, ALockIsHeldByOneAtATime) {
  auto first = cache_.lock("source");
  ASSERT_TRUE(first.has_value());
  EXPECT_TRUE(cache_.lock("other source").has_value());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(cache_.lock("source", stop.get_token()).error().code, ErrorCode::kCancelled);
  std::jthread waiting([this] { EXPECT_TRUE(cache_.lock("source").has_value()); });
  first->reset();
}

TEST_F(CacheTest, SaysWhenItCannotWrite) {
  write_file(folder_ / "file", "");
  const Cache cache(folder_ / "file" / "cache");
  EXPECT_EQ(cache.stage().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(cache.lock("x").error().code, ErrorCode::kUnavailable);
}

TEST(CacheOfUser, FollowsTheEnvironment) {
  const ScopedEnvironment home("HOME", "/home/me");
  const ScopedEnvironment own("WEIR_CACHE", "");
  {
    const ScopedEnvironment user("XDG_CACHE_HOME", "");
    EXPECT_EQ(Cache::of_user().root(), "/home/me/.cache/weir/models");
  }
  const ScopedEnvironment user("XDG_CACHE_HOME", "/cache");
  EXPECT_EQ(Cache::of_user().root(), "/cache/weir/models");
  const ScopedEnvironment named("WEIR_CACHE", "/mine");
  EXPECT_EQ(Cache::of_user().root(), "/mine");
}

}  // namespace
}  // namespace weir::catalogue
