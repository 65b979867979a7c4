#include "tests/support/counted_heap.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>

namespace {

std::atomic<uint64_t> all_calls{0};
std::atomic<uint64_t> all_bytes{0};
std::atomic<uint64_t> live_bytes{0};
thread_local uint64_t calls_here = 0;
thread_local void (*told_here)() = nullptr;

void count(std::size_t size) {
  all_calls.fetch_add(1, std::memory_order_relaxed);
  all_bytes.fetch_add(size, std::memory_order_relaxed);
  ++calls_here;
  if (told_here == nullptr) return;
  const auto told = std::exchange(told_here, nullptr);  // it may take from the heap itself
  told();
  told_here = told;
}

void* counted(void* memory) {
  if (memory == nullptr) std::abort();
  live_bytes.fetch_add(malloc_usable_size(memory), std::memory_order_relaxed);
  return memory;
}
void give_back(void* memory) noexcept {
  if (memory == nullptr) return;
  live_bytes.fetch_sub(malloc_usable_size(memory), std::memory_order_relaxed);
  std::free(memory);
}

void* take(std::size_t size) {
  count(size);
  return counted(std::malloc(size == 0 ? 1 : size));
}
void* take(std::size_t size, std::align_val_t alignment) {
  count(size);
  const auto align = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(align, (size + align - 1) / align * align));
}

}  // namespace

void* operator new(std::size_t size) {
  return take(size);
}
void* operator new[](std::size_t size) {
  return take(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return take(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return take(size);
}
void* operator new(std::size_t size, std::align_val_t align) {
  return take(size, align);
}
void* operator new[](std::size_t size, std::align_val_t align) {
  return take(size, align);
}
void operator delete(void* memory) noexcept {
  give_back(memory);
}
void operator delete[](void* memory) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}

namespace weir::test {

HeapUse heap_use() {
  return {all_calls.load(), all_bytes.load(), live_bytes.load()};
}
uint64_t heap_calls_of_this_thread() {
  return calls_here;
}
void tell_heap_calls(void (*told)()) {
  told_here = told;
}

}  // namespace weir::test
