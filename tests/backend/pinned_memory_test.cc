// Page-locked memory on the fake device: pools of it, copies from and to it, sessions that stage
// through it. That buffers live until their copy has ended is in memory_test.cc.
#include <gmock/gmock.h>

#include <array>
#include <cstring>
#include <thread>
#include <vector>

#include "tests/backend/fake_fixture.h"
#include "weir/backend/fake/fake_memory.h"

namespace weir {
namespace {

using testing::HasSubstr;

constexpr std::string_view kTwoInputs =
    "input a float32 4\ninput b float32 4\noutput sum = add a b\n";

std::shared_ptr<BufferPool> pool_of(std::shared_ptr<MemorySource> source) {
  return BufferPool::make(std::move(source), 1 << 20);
}

class PinnedMemory : public testing::Test {
 protected:
  std::unique_ptr<Session> open(FakeBackend& backend, SessionSpec options = {}) {
    BackendSpec spec = test::fake_spec(kTwoInputs);
    spec.device = {Device::Kind::kFake, 0};
    return test::fake_session(backend, spec, options);
  }
  void complete_copies(int count) {
    while (count > 0) {
      if (control_->complete_copy()) {
        --count;
      } else {
        std::this_thread::yield();
      }
    }
  }

  std::shared_ptr<FakeControl> control_ = std::make_shared<FakeControl>();
  std::shared_ptr<BufferPool> pinned_ = pool_of(std::make_shared<FakePinnedMemory>(control_));
};

TEST_F(PinnedMemory, IsOfTheHostAndSaysThatItIsPinned) {
  const Buffer buffer = pinned_->lease(100).value();
  EXPECT_TRUE(buffer.pinned());
  EXPECT_TRUE(buffer.device().is_cpu());
  EXPECT_FALSE(pool_of(std::make_shared<HostMemory>())->lease(100)->pinned());
  EXPECT_FALSE(Buffer().pinned());
}

TEST_F(PinnedMemory, IsUsedAgainAndGoesBackToTheDeviceWithItsPool) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(pinned_->lease(1000));
  EXPECT_EQ(control_->pinned_blocks(), 1);
  pinned_ = nullptr;
  EXPECT_EQ(control_->pinned_blocks(), 0);
}

TEST_F(PinnedMemory, WhatTheDeviceRefusesIsNamed) {
  control_->limit_pinned_blocks(1);
  const Buffer first = pinned_->lease(10).value();
  const auto second = pinned_->lease(10);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kExhausted);
  EXPECT_THAT(second.error().message, HasSubstr("page-locked"));
}

TEST_F(PinnedMemory, IsWhatACopyBetweenHostAndDeviceNeeds) {
  const std::array<std::shared_ptr<BufferPool>, 3> pools = {
      pool_of(std::make_shared<HostMemory>()), pinned_, pool_of(std::make_shared<FakeMemory>())};
  const bool allowed[3][3] = {{true, true, false}, {true, true, true}, {false, true, true}};
  Copier copier(std::make_shared<FakeCopyEngine>(control_));
  for (std::size_t to = 0; to < 3; ++to) {
    for (std::size_t from = 0; from < 3; ++from) {
      const auto copy =
          copier.copy(pools[to]->lease(64).value(), pools[from]->lease(64).value(), 64);
      EXPECT_EQ(copy.has_value(), allowed[to][from]) << from << " to " << to;
      if (!copy) {
        EXPECT_THAT(copy.error().hint, HasSubstr("pinned()"));
      }
      EXPECT_EQ(pools[to]->counters().blocks_leased, 0);
    }
  }
}

TEST_F(PinnedMemory, StaysLeasedThoughEverybodyHasClosedWhileACopyIsUnderWay) {
  {
    Copier copier(std::make_shared<FakeCopyEngine>(control_));
    const auto device = pool_of(std::make_shared<FakeMemory>());
    control_->hold_copies(true);
    ASSERT_TRUE(copier.copy(device->lease(64).value(), pinned_->lease(64).value(), 64));
    ASSERT_TRUE(copier.copy(pinned_->lease(64).value(), device->lease(64).value(), 64));
    pinned_ = nullptr;
  }
  EXPECT_EQ(control_->pinned_blocks(), 2);
  EXPECT_TRUE(control_->complete_copy());
  EXPECT_EQ(control_->pinned_blocks(), 2) << "they go together, with the last of the pool's leases";
  EXPECT_TRUE(control_->complete_copy());
  EXPECT_EQ(control_->pinned_blocks(), 0);
}

TEST_F(PinnedMemory, ASessionStagesThroughItAndAsksForNoMore) {
  auto backend = std::make_unique<FakeBackend>(control_);
  auto session = open(*backend);
  const int64_t opened = control_->pinned_blocks();
  EXPECT_EQ(opened, 3) << "two inputs and an output";
  std::array<float, 4> of_the_caller = {1, 2, 3, 4};
  for (int run = 0; run < 20; ++run) {
    session->input(0).as<float>()[3] = static_cast<float>(run);
    if (run % 2 == 1) {
      const TensorView view{of_the_caller.data(), DType::kFloat32, {4}, {}, {}};
      ASSERT_TRUE(session->bind_input(1, view));
    } else {
      ASSERT_TRUE(session->lease_input(1));
      session->input(1).as<float>()[3] = 100;
    }
    ASSERT_TRUE(session->run());
    EXPECT_EQ(session->output(0).as<float>()[3],
              static_cast<float>(run) + (run % 2 == 1 ? 4.0F : 100.0F));
  }
  EXPECT_EQ(control_->pinned_blocks(), opened);
  session = nullptr;
  auto second = open(*backend);
  EXPECT_EQ(control_->pinned_blocks(), opened) << "the next session has the blocks of the first";
  second = nullptr;
  backend = nullptr;
  EXPECT_EQ(control_->pinned_blocks(), 0);
}

TEST_F(PinnedMemory, ASessionOnTheCpuTakesNone) {
  FakeBackend backend(control_);
  auto session = test::fake_session(backend, test::fake_spec(kTwoInputs));
  ASSERT_TRUE(session->run());
  EXPECT_EQ(control_->pinned_blocks(), 0);
}

TEST_F(PinnedMemory, CopiesOfAllInputsAreUnderWayAtATime) {
  FakeBackend backend(control_);
  auto session = open(backend, {.explicit_copies = true});
  control_->hold_copies(true);
  std::thread uploader([&] { EXPECT_TRUE(session->upload()); });
  while (control_->held_copies() < 2) std::this_thread::yield();
  complete_copies(2);
  uploader.join();
}

TEST_F(PinnedMemory, ACopyThatFailsFailsItsRunAndNoOther) {
  FakeBackend backend(control_);
  auto session = open(backend);
  session->input(0).as<float>()[0] = 5;
  control_->fail_next_copy();
  const Status failed = session->run();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "a copy told to fail");
  EXPECT_EQ(session->output(0).data, nullptr);
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[0], 5.0F);
}

TEST_F(PinnedMemory, AFailedCopyIsToldOnlyWhenTheOthersHaveEnded) {
  FakeBackend backend(control_);
  auto session = open(backend, {.explicit_copies = true});
  control_->hold_copies(true);
  control_->fail_next_copy();
  std::atomic<bool> told = false;
  std::thread uploader([&] {
    EXPECT_FALSE(session->upload());
    told = true;
  });
  complete_copies(1);
  for (int turns = 0; turns < 10'000 && !told; ++turns) std::this_thread::yield();
  EXPECT_FALSE(told) << "the second copy still reads what the next run writes to";
  complete_copies(1);
  uploader.join();
  EXPECT_TRUE(told);
}

TEST_F(PinnedMemory, AStartedRunWhoseDownloadFailsHasNoOutputs) {
  FakeBackend backend(control_);
  auto session = open(backend);
  control_->hold_starts(true);
  Status outcome;
  ASSERT_TRUE(session->start([&](Status status) { outcome = std::move(status); }));
  control_->fail_next_copy();
  EXPECT_TRUE(control_->complete_start());
  EXPECT_FALSE(outcome);
  EXPECT_EQ(session->output(0).data, nullptr);
}

}  // namespace
}  // namespace weir
