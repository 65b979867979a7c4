// How much of a core a thread is given just now.
//
// Two hyperthreads of one core share what fetches and decodes instructions, and a virtual machine
// is not told who its neighbour is. A chain of multiplications waits for its own results, so it
// takes the same time beside a busy neighbour; straight code, which only has to be fetched, does
// not.
#pragma once

#include <vector>

namespace weir::bench {

// The one over the other: some 20 µs. Only its own lower values on the same machine are something
// to compare with.
double straight_over_chain();

std::vector<int> allowed_cores();

// While it lives, this thread, and those that it starts, stay on one core.
class OnCore {
 public:
  explicit OnCore(int core);
  ~OnCore();
  OnCore(const OnCore&) = delete;
  OnCore& operator=(const OnCore&) = delete;

 private:
  const std::vector<int> before_;
};

}  // namespace weir::bench
