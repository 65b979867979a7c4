#include "weir/base/own_library.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace weir {
namespace {

namespace fs = std::filesystem;

TEST(OwnLibrary, SaysWhichFileIsMissing) {
  const Result<void*> entry = own_library_symbol("libweir_none.so", "entry");
  ASSERT_FALSE(entry);
  EXPECT_EQ(entry.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(entry.error().where.ends_with("lib/weir/libweir_none.so")) << entry.error().where;
  EXPECT_NE(entry.error().hint.find("install"), std::string::npos);
}

TEST(OwnLibrary, GivesTheLoadersWordsForOneThatIsDamaged) {
  const fs::path folder = fs::path(WEIR_BINARY_DIR) / "lib" / "weir";
  const fs::path damaged = folder / "libweir_damaged.so";
  fs::create_directories(folder);
  std::ofstream(damaged) << "no library";
  const Result<void*> entry = own_library_symbol(damaged.filename(), "entry");
  fs::remove(damaged);
  ASSERT_FALSE(entry);
  EXPECT_EQ(entry.error().where, fs::canonical(folder) / "libweir_damaged.so");
  EXPECT_NE(entry.error().message.find("cannot open the library: "), std::string::npos)
      << entry.error().message;
}

TEST(OwnLibrary, RefusesOneThatWasBuiltForAnotherWeir) {
  const Result<void*> entry = own_library_symbol("libweir_stranger.so", "entry");
  ASSERT_FALSE(entry);
  EXPECT_EQ(entry.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(entry.error().message.find("built for weir 0.0.1, this is weir "), std::string::npos)
      << entry.error().message;
}

}  // namespace
}  // namespace weir
