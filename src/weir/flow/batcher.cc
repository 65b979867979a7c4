#include "weir/flow/batcher.h"

#include <algorithm>
#include <cassert>

namespace weir::flow {

void Batcher::init(const BatchSpec& spec) {
  max_ = spec.max;
  max_age_ns_ = spec.max_age_ns;
  preferred_ = spec.preferred;
}

void Batcher::add(Node* node) {
  node->next = nullptr;
  ++size_;
  for (Bucket& bucket : buckets_) {
    if (bucket.key != node->bucket) continue;
    bucket.tail->next = node;
    bucket.tail = node;
    ++bucket.count;
    return;
  }
  buckets_.push_back({node->bucket, node, node, 1});
}

bool Batcher::aged(const Bucket& bucket, int64_t now_ns) const {
  return now_ns - bucket.head->stamp_ns >= max_age_ns_;
}

bool Batcher::closable(int64_t now_ns, bool at_once) const {
  if (at_once) return size_ > 0;
  return std::any_of(buckets_.begin(), buckets_.end(),
                     [&](const Bucket& b) { return full(b) || aged(b, now_ns); });
}

int64_t Batcher::due_ns() const {
  int64_t due = kNever;
  for (const Bucket& bucket : buckets_) due = std::min(due, bucket.head->stamp_ns + max_age_ns_);
  return due;
}

uint32_t Batcher::batch_size(uint32_t waiting) const {
  const uint32_t most = std::min(waiting, max_);
  for (auto it = preferred_.rbegin(); it != preferred_.rend(); ++it) {
    if (*it <= most) return *it;
  }
  return most;
}

Node* Batcher::form(int64_t now_ns, bool at_once, uint32_t& count) {
  // Of the buckets that may close, the one whose oldest has waited longest.
  std::size_t chosen = buckets_.size();
  for (std::size_t b = 0; b < buckets_.size(); ++b) {
    const Bucket& bucket = buckets_[b];
    if (!at_once && !full(bucket) && !aged(bucket, now_ns)) continue;
    if (chosen == buckets_.size() || bucket.head->stamp_ns < buckets_[chosen].head->stamp_ns) {
      chosen = b;
    }
  }
  assert(chosen < buckets_.size());
  Bucket& bucket = buckets_[chosen];
  count = batch_size(bucket.count);
  Node* head = count == bucket.count ? take_all(bucket) : take_fairly(bucket, count);
  size_ -= count;
  if (bucket.count == 0) {
    bucket = buckets_.back();
    buckets_.pop_back();
  }
  return head;
}

Node* Batcher::take_all(Bucket& bucket) {
  bucket.count = 0;
  return bucket.head;
}

// In rounds: in each, every stream gives its oldest. Whoever is left keeps its place.
Node* Batcher::take_fairly(Bucket& bucket, uint32_t wanted) {
  Node* taken = nullptr;
  Node** taken_end = &taken;
  uint32_t left = wanted;
  while (left > 0) {
    served_.clear();
    Node** link = &bucket.head;
    while (*link != nullptr && left > 0) {
      Node* node = *link;
      const Stream* stream = static_cast<Task*>(node->unit->task)->stream;
      if (std::find(served_.begin(), served_.end(), stream) != served_.end()) {
        link = &node->next;
        continue;
      }
      served_.push_back(stream);
      *link = node->next;
      node->next = nullptr;
      *taken_end = node;
      taken_end = &node->next;
      --left;
    }
  }
  bucket.count -= wanted;
  bucket.tail = bucket.head;
  while (bucket.tail != nullptr && bucket.tail->next != nullptr) bucket.tail = bucket.tail->next;
  return taken;
}

}  // namespace weir::flow
