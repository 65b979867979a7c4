// A task and its findings as one line of JSON, as docs/finding.md describes it.
//
//   std::string line;
//   append_task_json(line, task);              // {"v":1,"stream":"gate","seq":12,…}
//   WEIR_ASSIGN(Task same, read_task_json(line));
//
// What was written is read back exactly: every number, every string, every id. Pure functions: any
// thread; the writer allocates only to let `out` grow.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/task.h"

namespace weir {

struct FindingJsonOptions {
  bool embeddings = false;  // long, and rarely wanted in a file
};

// Appends one object without a line feed. A field that holds a number that is not finite is left
// out, because JSON cannot say it; a time_ms that is not finite is written as 0.
void append_task_json(std::string& out, const Task& task, const FindingJsonOptions& options = {});

// Reads one object. The task has a StepTable with the steps and labels that the line names, and no
// input. Unknown fields are ignored; a missing or wrong one is an Error that names it, such as
// "findings[3].box[2]: a number is expected, not a string".
Result<Task> read_task_json(std::string_view line);

// Reads a file's text, one object a line; empty lines and event lines (with a field "event") are
// left out. `where` names the file; an Error says "out.jsonl:12".
Result<std::vector<Task>> read_task_lines(std::string_view text, const std::string& where);

}  // namespace weir
