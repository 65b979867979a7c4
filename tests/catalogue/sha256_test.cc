#include "weir/catalogue/sha256.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weir::catalogue {
namespace {

std::string digest(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.hex();
}

struct Vector {
  std::string text;
  std::string digest;
};

// FIPS 180-4 examples, and lengths around the edges of a block (computed with sha256sum).
TEST(Sha256, AgreesWithThePublishedVectors) {
  const Vector vectors[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
       "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
      {std::string(55, 'a'), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
      {std::string(56, 'a'), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
      {std::string(63, 'a'), "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
      {std::string(64, 'a'), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
      {std::string(65, 'a'), "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
  };
  for (const Vector& vector : vectors) {
    EXPECT_EQ(digest(vector.text), vector.digest) << vector.text.size() << " bytes";
  }
}

TEST(Sha256, DoesNotDependOnHowTheBytesArrive) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 7);
  for (std::size_t piece = 1; piece < 200; piece += 13) {
    Sha256 hash;
    for (std::size_t at = 0; at < text.size(); at += piece) hash.update(text.substr(at, piece));
    EXPECT_EQ(hash.hex(), digest(text)) << "pieces of " << piece;
  }
}

TEST(Sha256, CanBeReadAndContinued) {
  Sha256 hash;
  hash.update("ab");
  EXPECT_EQ(hash.hex(), digest("ab"));
  hash.update("c");
  EXPECT_EQ(hash.hex(), digest("abc"));
}

TEST(Sha256, ReadsAFileThatIsLargerThanItsBuffer) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "sha256_big.bin";
  {
    std::ofstream file(path, std::ios::binary);
    const std::string block(1 << 20, 'a');
    for (int i = 0; i < 40; ++i) file << block;
  }
  // head -c 41943040 /dev/zero | tr '\0' a | sha256sum
  EXPECT_EQ(*sha256_of_file(path),
            "a1fde4d201c91a880700f22adb3de5cf17d3e73db0c002fd7cbc721b17571f66");
  std::filesystem::remove(path);
  EXPECT_EQ(sha256_of_file(path).error().code, ErrorCode::kNotFound);
}

TEST(Sha256, KnowsWhatADigestLooksLike) {
  EXPECT_TRUE(looks_like_sha256(digest("")));
  EXPECT_FALSE(looks_like_sha256("BA7816BF"));
  EXPECT_FALSE(looks_like_sha256(std::string(64, 'g')));
}

}  // namespace
}  // namespace weir::catalogue
