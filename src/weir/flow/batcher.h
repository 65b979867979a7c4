// The units that wait at one batched stage, and the decision when a batch closes.
//
// A batch closes when a bucket holds `max` units, when its oldest has waited `max_age_ns`, or at
// once when a lane is free and nothing forbids it. It holds units of one bucket only; when a bucket
// holds more than fit, the streams take turns. Part of the core: passive, no lock, no clock.
#pragma once

#include <cstdint>
#include <vector>

#include "weir/flow/unit.h"

namespace weir::flow {

class Batcher {
 public:
  void init(const BatchSpec& spec);
  void add(Node* node);
  uint32_t size() const { return size_; }
  // Whether a batch may be formed now; `at_once`: a lane is free, or waiting is not wanted.
  bool closable(int64_t now_ns, bool at_once) const;
  // When the oldest comes of age; kNever if nobody waits.
  int64_t due_ns() const;
  // The head of a batch, linked by Node::next; its length in `count`. Only when closable().
  Node* form(int64_t now_ns, bool at_once, uint32_t& count);

 private:
  struct Bucket {
    uint64_t key = 0;
    Node* head = nullptr;
    Node* tail = nullptr;
    uint32_t count = 0;
  };
  bool full(const Bucket& bucket) const { return bucket.count >= max_; }
  bool aged(const Bucket& bucket, int64_t now_ns) const;
  uint32_t batch_size(uint32_t waiting) const;
  Node* take_all(Bucket& bucket);
  Node* take_fairly(Bucket& bucket, uint32_t wanted);

  uint32_t max_ = 1;
  int64_t max_age_ns_ = 0;
  std::vector<uint32_t> preferred_;
  std::vector<Bucket> buckets_;  // none empty
  uint32_t size_ = 0;
  std::vector<const Stream*> served_;  // while a batch is formed
};

}  // namespace weir::flow
