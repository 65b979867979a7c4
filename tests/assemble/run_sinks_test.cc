#include "weir/assemble/run_sinks.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace weir {
namespace {

namespace fs = std::filesystem;

// A named pipe: whoever writes to it waits until somebody reads.
class NamedPipe {
 public:
  explicit NamedPipe(std::string path) : path_(std::move(path)) {
    EXPECT_EQ(mkfifo(path_.c_str(), 0600), 0);
    reader_ = open(path_.c_str(), O_RDWR | O_CLOEXEC);  // so that opening it to write waits not
  }
  ~NamedPipe() {
    if (reader_ >= 0) close(reader_);
  }
  const std::string& path() const { return path_; }
  // Whoever writes more than a pipe holds is then in the middle of it.
  void wait_for_a_byte() {
    char c = 0;
    ASSERT_EQ(read(reader_, &c, 1), 1);
  }
  std::string read_line() {
    std::string line;
    for (char c = 0; c != '\n' && read(reader_, &c, 1) == 1;) line += c;
    return line;
  }

 private:
  std::string path_;
  int reader_ = -1;
};

// Of this process.
int threads_of_sinks() {
  int count = 0;
  for (const auto& thread : fs::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(thread.path() / "comm"), name);
    count += name == "weir-sink" ? 1 : 0;
  }
  return count;
}

class RunSinksTest : public testing::Test {
 protected:
  RunSinksTest() : folder_(fs::path(testing::TempDir()) / ("sinks_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~RunSinksTest() override { fs::remove_all(folder_); }

  std::string file(const char* name) const { return (folder_ / name).string(); }

  static std::shared_ptr<const Task> task(int64_t seq, std::size_t bytes = 0) {
    auto made = std::make_shared<Task>();
    made->stream = "s";
    made->seq = seq;
    made->findings.push_back({.text = std::string(bytes, 'x')});
    return made;
  }

  // What they ask of the run.
  RunSinks::Calls calls(std::function<void()> stop = [] {}) {
    const auto count = [](std::atomic<int>& times) {
      return [&times](flow::StreamId stream) {
        EXPECT_EQ(stream, kStream);
        ++times;
      };
    };
    return {.stop = std::move(stop), .hold = count(holds_), .release = count(releases_)};
  }

  // Those that have `text`.
  static std::size_t lines_of(const std::string& path, const std::string& text = {}) {
    std::ifstream in(path);
    std::size_t lines = 0;
    for (std::string line; std::getline(in, line);) lines += line.find(text) != line.npos ? 1 : 0;
    return lines;
  }

  static constexpr flow::StreamId kStream{3, 1};
  fs::path folder_;
  std::atomic<int> holds_ = 0;
  std::atomic<int> releases_ = 0;
};

constexpr std::size_t kMoreThanAPipeHolds = 1 << 17;

TEST_F(RunSinksTest, LosesNothing) {
  PipelineSpec spec;
  spec.sinks = {{.jsonl = file("a.jsonl")}, {.csv = file("b.csv")}};
  auto sinks = RunSinks::open(spec, calls()).value();
  for (int64_t seq = 0; seq < 500; ++seq)
    sinks->write(task(seq), kStream, "s", RunSinks::Full::kHold);
  for (const SinkReport& report : sinks->finish()) {
    EXPECT_EQ(report.written, 500U) << report.name;
    EXPECT_EQ(report.dropped, 0U) << report.name;
  }
  EXPECT_EQ(lines_of(file("a.jsonl")), 500U);
  EXPECT_EQ(holds_, releases_);
}

TEST_F(RunSinksTest, HoldsTheStreamOfAFullSinkAndWaitsForNobody) {
  NamedPipe slow(file("slow"));
  PipelineSpec spec;
  spec.sinks = {{.jsonl = slow.path()}};
  auto sinks = RunSinks::open(spec, calls()).value();
  sinks->write(task(0, kMoreThanAPipeHolds), kStream, "s", RunSinks::Full::kHold);
  slow.wait_for_a_byte();  // else the queue may be full before it begins, and then is not for a
                           // moment
  for (int64_t seq = 1; seq < 20; ++seq) {
    sinks->write(task(seq, kMoreThanAPipeHolds), kStream, "s", RunSinks::Full::kHold);
  }
  EXPECT_EQ(holds_, 1);
  EXPECT_EQ(releases_, 0);
  std::jthread reader([&] {
    while (slow.read_line().find("\"seq\":19") == std::string::npos) continue;
  });
  EXPECT_EQ(sinks->finish().at(0).written, 20U);
  EXPECT_EQ(releases_, 1);
}

TEST_F(RunSinksTest, GivesUpOneThatIsStuckAndKeepsTheOthers) {
  NamedPipe stuck(file("stuck"));
  PipelineSpec spec;
  spec.sinks = {{.jsonl = stuck.path()}, {.jsonl = file("good.jsonl")}};
  auto sinks = RunSinks::open(spec, calls()).value();
  for (int64_t seq = 0; seq < 20; ++seq) {
    sinks->write(task(seq, kMoreThanAPipeHolds), kStream, "s", RunSinks::Full::kHold);
  }
  sinks->finish_stream("s");  // is no result that could be dropped
  const auto give_up = [&] { sinks->give_up_stuck(std::chrono::milliseconds(20)); };
  const std::vector<SinkReport> reports = sinks->finish(give_up);
  EXPECT_EQ(reports[0].dropped, 19U);
  ASSERT_TRUE(reports[0].first_error);
  EXPECT_EQ(reports[0].first_error->code, ErrorCode::kDeadline);
  EXPECT_NE(reports[0].first_error->hint.find("write to a file"), std::string::npos);
  EXPECT_EQ(reports[1].written, 20U);
  EXPECT_EQ(holds_, releases_);
  EXPECT_EQ(threads_of_sinks(), 0) << "one is left behind";
}

TEST_F(RunSinksTest, LetsASlowSinkKeepNoOtherWaiting) {
  NamedPipe slow(file("slow"));
  NamedPipe fast(file("fast"));
  PipelineSpec spec;
  spec.sinks = {{.jsonl = slow.path()}, {.jsonl = fast.path(), .steps = {"none"}}};
  auto sinks = RunSinks::open(spec, calls()).value();
  // The first one keeps the slow sink busy until somebody reads.
  for (int64_t seq = 0; seq < 20; ++seq) {
    sinks->write(task(seq, kMoreThanAPipeHolds), kStream, "s", RunSinks::Full::kDrop);
  }
  EXPECT_NE(fast.read_line().find("\"seq\":0"), std::string::npos);
  std::jthread reader([&] {
    while (slow.read_line().find("\"seq\":99") == std::string::npos) continue;
  });
  sinks->write(task(99), kStream, "s", RunSinks::Full::kHold);
  const std::vector<SinkReport> reports = sinks->finish();
  EXPECT_GE(reports[0].dropped, 20 - RunSinks::kQueue - 1);
  EXPECT_EQ(reports[0].written + reports[0].dropped, 21U);
}

TEST_F(RunSinksTest, ClosesTheFilesOfAStreamBehindItsLastResult) {
  PipelineSpec spec;
  spec.sinks = {{.coco = file("{source}.json")}, {.csv = file("{source}.csv")}};
  auto sinks = RunSinks::open(spec, calls()).value();
  for (int64_t seq = 0; seq < 50; ++seq) {
    sinks->write(task(seq), kStream, "s", RunSinks::Full::kHold);
  }
  sinks->finish_stream("s");
  // A COCO file is there once it is complete; nobody has asked for the end of the run.
  while (!fs::exists(file("s.json"))) std::this_thread::yield();
  for (const SinkReport& report : sinks->finish()) {
    EXPECT_EQ(report.written, 50U) << report.name;
    EXPECT_EQ(report.failed, 0U) << report.name;
  }
  EXPECT_EQ(lines_of(file("s.json"), "file_name"), 50U);
}

// A file that cannot be closed well is told like one that cannot be written.
TEST_F(RunSinksTest, TellsOfAStreamThatCannotBeFinished) {
  fs::create_directory(file("s.json"));  // is in the way of the whole file
  PipelineSpec spec;
  spec.sinks = {{.coco = file("{source}.json"), .on_error = SinkSpec::OnError::kStop}};
  std::atomic<int> stops = 0;
  auto sinks = RunSinks::open(spec, calls([&] { ++stops; })).value();
  sinks->write(task(0), kStream, "s", RunSinks::Full::kHold);
  sinks->finish_stream("s");
  const std::vector<SinkReport> reports = sinks->finish();
  EXPECT_EQ(reports[0].written, 1U);
  EXPECT_EQ(stops, 1);
  ASSERT_TRUE(reports[0].first_error);
  EXPECT_EQ(reports[0].first_error->where, file("s.json"));
}

TEST_F(RunSinksTest, ASinkTakesWhatComesFromItsSourcesWhateverTheStreamIsCalled) {
  PipelineSpec spec;
  spec.sinks = {{.jsonl = file("of_gate.jsonl"), .sources = {"gate"}}};
  auto sinks = RunSinks::open(spec, calls()).value();
  sinks->write(task(0), kStream, "gate", RunSinks::Full::kHold);
  sinks->write(task(1), kStream, "yard", RunSinks::Full::kHold);
  EXPECT_EQ(sinks->finish().at(0).written, 1U);
}

TEST_F(RunSinksTest, TellsOfASinkThatIsToEndTheRun) {
  PipelineSpec spec;
  spec.sinks = {{.jsonl = "/dev/full"},
                {.jsonl = "/dev/full", .on_error = SinkSpec::OnError::kStop},
                {.jsonl = file("good.jsonl")}};
  std::atomic<int> stops = 0;
  auto sinks = RunSinks::open(spec, calls([&] { ++stops; })).value();
  for (int64_t seq = 0; seq < 3; ++seq)
    sinks->write(task(seq), kStream, "s", RunSinks::Full::kHold);
  const std::vector<SinkReport> reports = sinks->finish();
  EXPECT_EQ(stops, 3);
  EXPECT_EQ(reports[0].failed, 3U);
  ASSERT_TRUE(reports[1].first_error);
  EXPECT_EQ(reports[1].first_error->code, ErrorCode::kExhausted);
  EXPECT_EQ(reports[2].written, 3U);
}

TEST_F(RunSinksTest, SaysWhichSinkCannotBeOpened) {
  PipelineSpec spec;
  spec.sinks = {{.jsonl = file("a.jsonl")}, {.jsonl = "/proc/nowhere/b.jsonl"}};
  const auto sinks = RunSinks::open(spec, calls());
  ASSERT_FALSE(sinks);
  EXPECT_NE(sinks.error().to_string().find("/proc/nowhere"), std::string::npos)
      << sinks.error().to_string();
}

}  // namespace
}  // namespace weir
