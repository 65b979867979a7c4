#include "weir/backend/memory.h"

#include <gmock/gmock.h>

#include <cstring>
#include <thread>
#include <vector>

#include "tests/backend/fake_fixture.h"
#include "weir/backend/fake/fake_memory.h"

namespace weir {
namespace {

using testing::HasSubstr;

std::shared_ptr<BufferPool> host_pool(std::size_t bytes) {
  return BufferPool::make(std::make_shared<HostMemory>(), bytes);
}

TEST(BufferPool, SizeClassesWasteAtMostAQuarter) {
  EXPECT_EQ(BufferPool::size_class(0), 256u);
  EXPECT_EQ(BufferPool::size_class(256), 256u);
  EXPECT_EQ(BufferPool::size_class(257), 320u);
  EXPECT_EQ(BufferPool::size_class(1 << 20), std::size_t{1} << 20);
  for (std::size_t bytes = 257; bytes < (1 << 22); bytes = bytes * 9 / 8 + 1) {
    EXPECT_GE(BufferPool::size_class(bytes), bytes);
    EXPECT_LE(BufferPool::size_class(bytes), bytes + bytes / 4) << bytes;
  }
  EXPECT_EQ(BufferPool::size_class(SIZE_MAX), 0u);
}

TEST(BufferPool, GivesTheSameBlockAgain) {
  const auto pool = host_pool(1 << 20);
  void* first = nullptr;
  {
    Buffer buffer = pool->lease(1000).value();
    first = buffer.data();
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first) % Tensor::kAlignment, 0u);
    EXPECT_EQ(buffer.bytes(), 1000u);
    EXPECT_EQ(pool->counters().blocks_leased, 1);
  }
  const Buffer again = pool->lease(900).value();
  EXPECT_EQ(again.data(), first);
  EXPECT_EQ(pool->counters().allocations, 1);
  EXPECT_EQ(pool->counters().leases, 2);
  EXPECT_NE(pool->lease(900)->data(), first);
}

TEST(BufferPool, AnEmptyLeaseHasAnAddress) {
  EXPECT_NE(host_pool(4096)->lease(0)->data(), nullptr);
}

TEST(BufferPool, IsBoundedAndSaysSo) {
  const auto pool = host_pool(4096);
  const Buffer a = pool->lease(2048).value();
  const Buffer b = pool->lease(2048).value();
  const auto c = pool->lease(1);
  ASSERT_FALSE(c);
  EXPECT_EQ(c.error().code, ErrorCode::kExhausted);
  EXPECT_THAT(c.error().message, HasSubstr("which may hold 4096"));
  EXPECT_EQ(pool->counters().refusals, 1);
  EXPECT_FALSE(pool->lease(SIZE_MAX));
  EXPECT_EQ(pool->counters().bytes_held_peak, 4096u);
}

TEST(BufferPool, GivesUpFreeBlocksOfOtherSizesFirst) {
  const auto pool = host_pool(4096);
  { const Buffer small = pool->lease(1024).value(); }
  EXPECT_EQ(pool->counters().bytes_held, 1024u);
  EXPECT_TRUE(pool->lease(4096));
  EXPECT_EQ(pool->counters().bytes_held, 4096u);
  pool->trim();
  EXPECT_EQ(pool->counters().bytes_held, 0u);
}

TEST(BufferPool, ABufferOutlivesItsPool) {
  Buffer buffer;
  Tensor tensor;
  {
    const auto pool = host_pool(4096);
    buffer = pool->lease(64).value();
    tensor = buffer.tensor(DType::kFloat32, {16});
  }
  Buffer copy = buffer;
  buffer = {};
  std::memset(copy.data(), 1, 64);
  EXPECT_EQ(tensor.view().data, copy.data());
}

TEST(BufferPool, ManyThreadsShareIt) {
  const auto pool = host_pool(1 << 20);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        Buffer buffer = pool->lease(static_cast<std::size_t>(100 + (i * 37 + t) % 1000)).value();
        std::memset(buffer.data(), t, buffer.bytes());
        const Buffer other = buffer;
        EXPECT_EQ(static_cast<unsigned char*>(other.data())[99], t);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(pool->counters().blocks_leased, 0);
}

TEST(Copier, BuffersLiveUntilTheirCopyHasEnded) {
  auto control = std::make_shared<FakeControl>();
  Copier copier(std::make_shared<FakeCopyEngine>(control));
  const auto host = BufferPool::make(std::make_shared<FakePinnedMemory>(control), 1 << 20);
  const auto device = BufferPool::make(std::make_shared<FakeMemory>(), 1 << 20);
  Buffer from = host->lease(64).value();
  std::memset(from.data(), 7, 64);
  Buffer to = device->lease(64).value();
  EXPECT_EQ(to.device(), (Device{Device::Kind::kFake, 0}));
  const Buffer kept = to;

  control->hold_copies(true);
  CopyTicket ticket = copier.copy(std::move(to), std::move(from), 64).value();
  EXPECT_FALSE(ticket.ended());
  EXPECT_EQ(host->counters().blocks_leased, 1) << "nobody holds it but the copy";
  const Buffer other = host->lease(64).value();
  std::memset(other.data(), 9, 64);  // must not be the memory that is still read

  EXPECT_TRUE(control->complete_copy());
  EXPECT_TRUE(ticket.ended());
  EXPECT_TRUE(ticket.wait());
  EXPECT_EQ(static_cast<unsigned char*>(kept.data())[63], 7);
  EXPECT_EQ(host->counters().blocks_leased, 1) << "only `other`";
}

TEST(Copier, ATicketMayBeDroppedBeforeTheEnd) {
  auto control = std::make_shared<FakeControl>();
  const auto host = host_pool(1 << 20);
  {
    Copier copier(std::make_shared<FakeCopyEngine>(control));
    control->hold_copies(true);
    ASSERT_TRUE(copier.copy(host->lease(64).value(), host->lease(64).value(), 64));
  }
  EXPECT_EQ(host->counters().blocks_leased, 2);
  EXPECT_TRUE(control->complete_copy());
  EXPECT_EQ(host->counters().blocks_leased, 0);
}

TEST(Copier, ASizeThatDoesNotFitIsRefused) {
  Copier copier(std::make_shared<FakeCopyEngine>(std::make_shared<FakeControl>()));
  const auto host = host_pool(1 << 20);
  EXPECT_FALSE(copier.copy(host->lease(64).value(), host->lease(32).value(), 33));
}

TEST(Copier, ARunOnTheDeviceWaitsForItsCopies) {
  auto control = std::make_shared<FakeControl>();
  FakeBackend backend(control);
  BackendSpec spec = test::fake_spec("input x float32 2\noutput y = scale x 1 1\n");
  spec.device = {Device::Kind::kFake, 0};
  auto session = test::fake_session(backend, spec);
  control->hold_copies(true);
  std::thread runner([&] { EXPECT_TRUE(session->run()); });
  for (int copies = 0; copies < 2;) {  // one up, one down
    if (control->complete_copy()) {
      ++copies;
    } else {
      std::this_thread::yield();
    }
  }
  runner.join();
  EXPECT_EQ(session->output(0).as<float>()[1], 1.0F);
}

}  // namespace
}  // namespace weir
