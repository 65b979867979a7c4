// One COCO file: a JSON object of images, annotations and categories.
//
// The two long lists grow at the same time, so while it is written each is a file of its own, an
// object a line: PATH.images.part and PATH.annotations.part. finish() puts them together and takes
// them away. After a kill both are there, valid to their last whole line; PATH is as it was before.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <string>

#include "weir/sink/categories.h"
#include "weir/sink/out_file.h"

namespace weir {

class CocoFile {
 public:
  static Result<CocoFile> open(const std::string& path);

  const std::string& path() const { return path_; }
  // After an Error nothing of the task is in it.
  Status write(const Task& task);
  // May be tried again after an Error; once it is whole it does nothing.
  Status finish();

 private:
  CocoFile(std::string path, OutFile images, OutFile annotations);
  bool append_annotation(std::string& out, const Task& task, const Finding& finding,
                         int64_t image_id, int64_t id);
  std::string categories_json() const;
  Status join(const std::string& aside) const;

  std::string path_;
  OutFile images_;
  OutFile annotations_;
  Categories categories_;
  int64_t image_count_ = 0;
  int64_t annotation_count_ = 0;
  bool nameless_ = false;  // something has a place and no class
  bool finished_ = false;
};

}  // namespace weir
