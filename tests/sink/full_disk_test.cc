// A disk that is full: a small tmpfs, which only root can mount.
#include <sys/mount.h>

#include "tests/sink/support.h"
#include "weir/data/finding_json.h"
#include "weir/sink/sink.h"

namespace weir {
namespace {

using testing::street_task;
using testing::text_of_file;

class FullDisk : public testing::SinkTest {
 protected:
  void SetUp() override {
    testing::fs::create_directory(at("disk"));
    mounted_ = ::mount("tmpfs", at("disk").c_str(), "tmpfs", 0, "size=64k") == 0;
    if (!mounted_) GTEST_SKIP() << "a tmpfs cannot be mounted here";
  }
  void TearDown() override {
    if (mounted_) ::umount2(at("disk").c_str(), MNT_DETACH);
  }

 private:
  bool mounted_ = false;
};

TEST_F(FullDisk, LinesStayWholeAndTheErrorSaysWhy) {
  auto sink = open_sink({.jsonl = at("disk/r.jsonl")}).value();
  Status written;
  int64_t count = 0;
  while ((written = sink->write(street_task("gate", count)))) {
    ASSERT_LT(++count, 10000);
  }
  EXPECT_EQ(written.error().code, ErrorCode::kExhausted);
  EXPECT_NE(written.error().message.find("No space left"), std::string::npos);
  EXPECT_EQ(written.error().where, at("disk/r.jsonl"));
  EXPECT_FALSE(sink->write(street_task("gate", count)));
  const auto tasks = read_task_lines(text_of_file(at("disk/r.jsonl")), "x");
  ASSERT_TRUE(tasks);
  EXPECT_EQ(static_cast<int64_t>(tasks->size()), count);
}

TEST_F(FullDisk, OtherFormatsSayItToo) {
  for (SinkSpec spec : {SinkSpec{.pictures = at("disk/p")}, SinkSpec{.yolo = at("disk/y")},
                        SinkSpec{.coco = at("disk/c.json")}, SinkSpec{.csv = at("disk/r.csv")}}) {
    auto sink = open_sink(spec).value();
    Status written;
    for (int64_t seq = 0; written && seq < 3000; ++seq) {
      written = sink->write(street_task("gate", seq));
    }
    if (written) written = sink->finish();
    ASSERT_FALSE(written) << std::string(name(*spec.format()));
    EXPECT_EQ(written.error().code, ErrorCode::kExhausted) << written.error().to_string();
    sink.reset();
    for (const auto& entry : testing::fs::directory_iterator(at("disk"))) {
      testing::fs::remove_all(entry.path());
    }
  }
}

}  // namespace
}  // namespace weir
