#include "weir/config/file_path.h"

#include <gtest/gtest.h>

#include "weir/config/load.h"

namespace weir::config {
namespace {

std::string path_of(const Node& node) {
  FilePath path;
  const Status status = Codec<FilePath>::read(node, "file", {}, path);
  return status ? path.path : status.error().to_string();
}

TEST(FilePath, IsRelativeToTheFileThatItWasWrittenIn) {
  EXPECT_EQ(path_of(Node::string("a.onnx", Place::of("conf/x.yaml", 1, 1))), "conf/a.onnx");
  EXPECT_EQ(path_of(Node::string("../a.onnx", Place::of("conf/x.yaml", 1, 1))), "a.onnx");
  EXPECT_EQ(path_of(Node::string("a.onnx", Place::of("x.yaml", 1, 1))), "a.onnx");
  EXPECT_EQ(path_of(Node::string("/abs/a.onnx", Place::of("conf/x.yaml", 1, 1))), "/abs/a.onnx");
  EXPECT_EQ(path_of(Node::string("a.onnx", Place::of("command line: file"))), "a.onnx");
  EXPECT_EQ(path_of(Node::integer(3, Place::of("x.yaml", 1, 1))),
            "x.yaml:1:1: 'file' must be a path, found the number 3; write \"3\" in quotes if it is "
            "text");
}

}  // namespace
}  // namespace weir::config
