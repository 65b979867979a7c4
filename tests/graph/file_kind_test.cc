#include "weir/graph/file_kind.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "weir/graph/inspect.h"

namespace weir::graph {
namespace {

using namespace std::string_view_literals;

struct Case {
  std::string_view bytes;
  FileKind kind;
  std::string_view words;  // that the error must hold
};

const Case kCases[] = {
    {""sv, FileKind::kEmpty, "empty"},
    {"\x18\0\0\0ORTM\0\0"sv, FileKind::kOrt, ".ort"},
    {"\x1c\0\0\0TFL3\x14\0"sv, FileKind::kTflite, "TFLite"},
    {"7767517\n75 83\n"sv, FileKind::kNcnnParam, "ncnn"},
    {"GGUF\x03\0\0\0"sv, FileKind::kGguf, "GGUF"},
    {"\x40\0\0\0\0\0\0\0{\"a\":1}"sv, FileKind::kSafetensors, "safetensors"},
    {"\x89HDF\r\n\x1a\n"sv, FileKind::kHdf5, "HDF5"},
    {"PK\x03\x04\x14\0"sv, FileKind::kZip, "zip"},
    {"\x1f\x8b\x08\0"sv, FileKind::kGzip, "gzip"},
    {"\x80\x02}q\x01."sv, FileKind::kPickle, "pickle"},
    {"\x93NUMPY\x01\0"sv, FileKind::kNumpy, "NumPy"},
    {"\x7f"
     "ELF\x02\x01"sv,
     FileKind::kElf, "program"},
    {"\x89PNG\r\n\x1a\n"sv, FileKind::kPicture, "picture"},
    {"version https://git-lfs.github.com/spec/v1\n"sv, FileKind::kGitLfsPointer, "git lfs pull"},
    {"<!DOCTYPE html><html>"sv, FileKind::kHtml, "web page"},
    {"<?xml version=\"1.0\"?>\n<net name=\"a\" version=\"11\">"sv, FileKind::kOpenVinoXml,
     "OpenVINO"},
    {"<?xml version=\"1.0\"?><a/>"sv, FileKind::kXml, "XML"},
    {" {\"a\": 1}"sv, FileKind::kJson, "JSON"},
    {"hello, world\n"sv, FileKind::kText, "text"},
    {" \n \n"sv, FileKind::kText, "text"},
};

TEST(FileKind, IsToldByTheFirstBytes) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.words);
    EXPECT_EQ(detect_file_kind(one.bytes), one.kind);
  }
}

TEST(FileKind, IsNamedInTheErrorOfTheReader) {
  for (const Case& one : kCases) {
    const Result<GraphSummary> summary = inspect_bytes(one.bytes, {}, "some.onnx");
    ASSERT_FALSE(summary);
    EXPECT_EQ(summary.error().where, "some.onnx");
    EXPECT_NE(summary.error().to_string().find(one.words), std::string::npos)
        << summary.error().to_string();
  }
}

}  // namespace
}  // namespace weir::graph
