#include "weir/sink/out_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <thread>

namespace weir {
namespace {

namespace fs = std::filesystem;

class OutFileTest : public testing::Test {
 protected:
  OutFileTest() : folder_(fs::path(testing::TempDir()) / ("out_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~OutFileTest() override {
    if (reader_ >= 0) ::close(reader_);
    fs::remove_all(folder_);
  }
  // A pipe of a page; the test has its other end, and reads only when it wants to.
  std::string make_pipe() {
    const std::string path = (folder_ / "pipe").string();
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    reader_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    size_ = ::fcntl(reader_, F_SETPIPE_SZ, 4096);
    EXPECT_GE(size_, 4096);
    return path;
  }
  bool pipe_is_full() const {
    int count = 0;
    return ::ioctl(reader_, FIONREAD, &count) == 0 && count >= size_;
  }

  fs::path folder_;
  int reader_ = -1;
  int size_ = 0;
};

TEST_F(OutFileTest, GivesUpInTheMiddleOfAWriteThatNobodyReads) {
  std::stop_source give_up;
  OutFile file = OutFile::create(make_pipe(), give_up.get_token()).value();
  Status written;
  std::jthread writer([&] { written = file.append(std::string(100'000, 'x')); });
  while (!pipe_is_full()) std::this_thread::yield();
  give_up.request_stop();
  writer.join();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kCancelled);
  EXPECT_NE(written.error().to_string().find("nobody reads"), std::string::npos);
  EXPECT_FALSE(file.append("more")) << "and takes nothing after that";
}

TEST_F(OutFileTest, WaitsForAReaderInAWriteAndNotBefore) {
  const std::string path = (folder_ / "unread").string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::stop_source give_up;
  OutFile file = OutFile::create(path, give_up.get_token()).value();
  EXPECT_TRUE(file.is_open());
  EXPECT_TRUE(file.append("")) << "nothing waits for nobody";
  give_up.request_stop();
  EXPECT_EQ(file.append("lost").error().code, ErrorCode::kCancelled);

  OutFile patient = OutFile::create(path).value();
  Status written;
  std::jthread writer([&] { written = patient.append("here"); });
  const int reader = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  char got[8] = {};
  EXPECT_EQ(::read(reader, got, sizeof(got)), 4);
  ::close(reader);
  writer.join();
  EXPECT_TRUE(written);
  EXPECT_STREQ(got, "here");
}

TEST_F(OutFileTest, OneWritesAFileAtATime) {
  const std::string path = (folder_ / "a.jsonl").string();
  OutFile first = OutFile::create(path).value();
  ASSERT_TRUE(first.append("first\n"));
  for (const auto& second : {OutFile::create(path), OutFile::reopen(path)}) {
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(second.error().message, "another run is writing this file");
  }
  EXPECT_EQ(fs::file_size(path), 6U) << "what is there stays";
  ASSERT_TRUE(first.close());
  EXPECT_TRUE(OutFile::create(path));
}

TEST_F(OutFileTest, AReaderThatIsSlowGetsAllOfIt) {
  OutFile file = OutFile::create(make_pipe()).value();
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + "\n";
  Status written;
  std::jthread writer([&] { written = file.append(text); });
  std::string got;
  while (got.size() < text.size()) {
    char piece[777];
    const ssize_t count = ::read(reader_, piece, sizeof(piece));
    ASSERT_GT(count, 0);
    got.append(piece, static_cast<std::size_t>(count));
  }
  writer.join();
  EXPECT_TRUE(written);
  EXPECT_EQ(got, text);
}

TEST_F(OutFileTest, AFileIsWrittenThoughItIsToGiveUp) {
  std::stop_source give_up;
  give_up.request_stop();
  const std::string path = (folder_ / "file").string();
  OutFile file = OutFile::create(path, give_up.get_token()).value();
  EXPECT_TRUE(file.append("whole\n"));
  EXPECT_TRUE(file.close());
  std::string line;
  std::getline(std::ifstream(path), line);
  EXPECT_EQ(line, "whole");
}

}  // namespace
}  // namespace weir
