#include "weir/media/npy.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace weir {
namespace {

// What numpy.save writes.
std::string npy(const std::string& header, const std::string& data, char version = 1) {
  std::string bytes("\x93NUMPY", 6);
  bytes +=
      {version, 0, static_cast<char>(header.size() & 0xFF), static_cast<char>(header.size() >> 8)};
  if (version > 1) bytes += std::string(2, '\0');
  return bytes + header + data;
}

std::string header_of(const std::string& descr, const std::string& shape,
                      const std::string& fortran = "False") {
  return "{'descr': " + descr + ", 'fortran_order': " + fortran + ", 'shape': " + shape + ", }  \n";
}

Result<Tensor> decoded(const std::string& bytes) {
  return decode_npy({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, "a.npy");
}

TEST(Npy, ReadsWhatNumpyWrites) {
  const float values[] = {0, 1.5F, -2, 3, 4, 5};
  const std::string data(reinterpret_cast<const char*>(values), sizeof(values));
  for (const char version : {'\1', '\2', '\3'}) {
    const auto tensor = decoded(npy(header_of("'<f4'", "(2, 3)"), data, version));
    ASSERT_TRUE(tensor) << tensor.error().to_string();
    EXPECT_EQ(tensor->shape(), (Shape{2, 3}));
    EXPECT_EQ(tensor->dtype(), DType::kFloat32);
    EXPECT_EQ(std::memcmp(tensor->as<float>(), values, sizeof(values)), 0);
  }
  EXPECT_EQ(decoded(npy(header_of("'<f4'", "(6,)", "True"), data))->shape(), Shape{6});
  EXPECT_EQ(decoded(npy(header_of("'|u1'", "(4, 2, 3)"), data))->shape(), (Shape{4, 2, 3}));
  EXPECT_EQ(decoded(npy(header_of("'<i8'", "()"), data))->shape(), Shape{});
  EXPECT_EQ(decoded(npy(header_of("\"<u2\"", "(0, 5)"), ""))->shape(), (Shape{0, 5}));
}

TEST(Npy, SaysWhatIsWrongWithAFile) {
  const std::string data(24, '\0');
  struct Row {
    std::string bytes;
    std::string message;
  };
  const Row rows[] = {
      {"", "a.npy: not a .npy file; write it with numpy.save"},
      {"PK\3\4", "a.npy: not a .npy file; write it with numpy.save"},
      {npy(header_of("'<f4'", "(2, 3)"), data).substr(0, 20),
       "a.npy: a damaged .npy file: it ends in its header"},
      {npy(header_of("'<f4'", "(2, 4)"), data),
       "a.npy: a damaged .npy file: it holds 6 numbers, its shape 2x4 needs more"},
      {npy(header_of("'<f4'", "(99999999999, 99999999999)"), data),
       "a.npy: a damaged .npy file: it holds 6 numbers, its shape 99999999999x99999999999 needs "
       "more"},
      {npy(header_of("'>f4'", "(2, 3)"), data),
       "a.npy: an array of '>f4'; save it as little-endian numbers, say array.astype('<f4')"},
      {npy(header_of("'<c8'", "(2, 3)"), data),
       "a.npy: an array of '<c8'; save it as little-endian numbers, say array.astype('<f4')"},
      {npy(header_of("[('x', '<f4')]", "(6,)"), data),
       "a.npy: an array of records; save each field by itself"},
      {npy(header_of("'<f4'", "(2, 3)", "True"), data),
       "a.npy: an array in Fortran order; save numpy.ascontiguousarray(array)"},
      {npy(header_of("'<f4'", "(2, -3)"), data),
       "a.npy: a damaged .npy file: its shape cannot be read"},
      {npy("{}", data), "a.npy: a damaged .npy file: its header has no 'descr'"},
      {npy(header_of("'<f4'", "(2, 3)"), data, 9),
       "a.npy: a .npy file of version 9; versions 1 to 3 are read"},
  };
  for (const Row& row : rows) {
    const auto tensor = decoded(row.bytes);
    ASSERT_FALSE(tensor);
    EXPECT_EQ(tensor.error().to_string(), row.message);
  }
  EXPECT_EQ(read_npy("/nowhere.npy").error().code, ErrorCode::kNotFound);
}

TEST(Npy, DamageNeverCrashes) {
  std::mt19937 random(3);
  const std::string good = npy(header_of("'<f4'", "(2, 3)"), std::string(24, '\1'));
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    (void)decoded(bytes);
  }
}

}  // namespace
}  // namespace weir
