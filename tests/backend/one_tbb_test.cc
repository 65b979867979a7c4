// OpenVINO's package and Debian's OpenCV each bring a libtbb.so.12. Two of them in one process
// would mean two sets of worker threads, and objects of the one freed by the other.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <string>

#include <opencv2/core.hpp>

#include "tests/support/onnx_builder.h"
#include "weir/backend/openvino/openvino_backend.h"

namespace weir {
namespace {

std::set<std::string> loaded_libraries(const std::string& name) {
  std::set<std::string> found;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const std::size_t path = line.find('/');
    if (path != line.npos && line.find("/" + name) != line.npos) found.insert(line.substr(path));
  }
  return found;
}

TEST(OneTbb, ServesOpenVinoAndOpenCvInOneProcess) {
  OpenVinoBackend backend;
  BackendSpec spec;
  spec.file = "test.onnx";
  spec.bytes = std::make_shared<const std::string>(test::onnx_conv_net(1, 3, 64, 64));
  spec.intra_op_threads = 2;
  const auto model = backend.open(spec).value();
  const auto session = model->make_session().value();
  std::atomic<int> sum = 0;
  for (int round = 0; round < 20; ++round) {
    cv::parallel_for_(cv::Range(0, 64), [&](const cv::Range& range) { sum += range.size(); });
    ASSERT_TRUE(session->run());
  }
  EXPECT_EQ(sum, 20 * 64);
  const std::set<std::string> libraries = loaded_libraries("libtbb.so");
  ASSERT_EQ(libraries.size(), 1U) << *libraries.begin() << " and " << *libraries.rbegin();
  std::cout << "one libtbb: " << *libraries.begin() << "\n";
}

}  // namespace
}  // namespace weir
