// Pulls the whole default catalogue from the real registries (or from WEIR_MIRROR): label slow.
// WEIR_KEEP_ARCHIVES=folder keeps what was fetched, as a mirror for the next time.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "tests/catalogue/archives.h"
#include "weir/catalogue/pull.h"

namespace weir::catalogue {
namespace {

using testing::read_file;
using testing::TemporaryFolder;

std::string lines(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += word + "\n";
  return text;
}

TEST(RealPackages, GiveEveryEntryOfTheDefaultCatalogue) {
  const TemporaryFolder folder;
  const auto catalogue = Catalogue::built_in();
  ASSERT_TRUE(catalogue.has_value());
  const Puller puller(*catalogue, Cache(folder / "cache"));
  PullOptions options;
  if (const char* keep = std::getenv("WEIR_KEEP_ARCHIVES")) options.keep_archives = keep;
  options.progress = [](const std::string& entry, const std::string& what) {
    std::printf("  %s: %s\n", entry.c_str(), what.c_str());
  };
  for (const Entry& entry : catalogue->entries()) {
    const auto begin = std::chrono::steady_clock::now();
    const auto pulled = puller.pull(entry, options);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("%-22s %9lld bytes %6.2f s\n", entry.name.c_str(),
                static_cast<long long>(entry.bytes()), took.count());
    EXPECT_TRUE(pulled.has_value()) << entry.name << ": " << pulled.error().to_string();
    EXPECT_EQ(puller.cache().state(entry), EntryState::kPresent) << entry.name;
  }
  const auto detector = puller.find("ssd-mobilenet-v2-oid");
  ASSERT_TRUE(detector.has_value());
  EXPECT_EQ(read_file(detector->files[1]), lines(catalogue->find(detector->name)->labels));
}

}  // namespace
}  // namespace weir::catalogue
