// One question to a Runtime: what to look at, with what.
//
//   runtime.solve({.inputs = {"yard.jpg", "photos/", "gate.mp4", picture}, .models = {"yunet"}});
//   runtime.solve({.inputs = {"gate.mp4"}, .pipeline = "street", .steps = {"faces"},
//                  .on_task = [](Task task) { … }});
//
// Plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "weir/data/task.h"

namespace weir {

// A picture or tensor in memory; or the name of a picture, a folder of them, a pattern
// ("photos/*.jpg") or a video.
using RequestInput = std::variant<std::string, Image, Tensor>;

struct Request {
  std::vector<RequestInput> inputs = {};  // any mixture; each is a stream of its own

  // One of the two. Models are asked for the whole picture, each as a step of its own name: one
  // that was submitted, or else a file or a name of the catalogue, which is submitted under it.
  std::string pipeline = {};
  std::vector<std::string> models = {};

  std::vector<std::string> steps = {};         // these, and what they look at; none: all
  std::vector<std::string> keep_tensors = {};  // steps whose raw outputs are wanted
  TaskParameters parameters = {};              // of each task

  // Sees each result, in order, on the thread that solves; then the answer has no tasks.
  std::function<void(Task)> on_task = nullptr;
  std::stop_token stop = {};  // asks for no more input; what is under way still ends
};

struct Answer {
  // In the order of the inputs. What was read from a file has lost its picture again; its name is
  // the parameter `file` or the stream.
  std::vector<Task> tasks = {};
  uint64_t done = 0;
  uint64_t failed = 0;  // an input that cannot be read is a task that failed
  uint64_t dropped = 0;
};

}  // namespace weir
