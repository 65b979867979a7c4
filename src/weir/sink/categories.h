// The classes of several steps as one list without gaps, as COCO and YOLO want them: those of the
// first step by their ids, then those of the next that are not there yet. The same for every run of
// the same pipeline.
//
// One thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "weir/data/task.h"

namespace weir {

class Categories {
 public:
  struct Category {
    std::string name;
    std::string step;  // the first that has it
  };
  static constexpr int kNone = -1;

  // The place of a finding's class in the list, which grows if it is new; kNone without a class.
  int of(const Task& task, const Finding& finding);
  const std::vector<Category>& all() const { return all_; }

 private:
  void take(const Task& task);
  int add(std::string_view name, std::string_view step);
  std::vector<Category> all_;
  std::map<std::string, int, std::less<>> by_name_;
  std::shared_ptr<const StepTable> taken_;  // whose labels are in the list
};

}  // namespace weir
