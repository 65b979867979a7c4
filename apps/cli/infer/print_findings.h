// The findings of a picture for a person: a line each, what belongs to a finding indented below it.
#pragma once

#include <ostream>
#include <string>

#include "apps/cli/terminal.h"
#include "weir/data/task.h"

namespace weir::cli {

// "photos/a.jpg  1280x720  3 found", then the findings; or why there are none.
void print_task(std::ostream& out, const Terminal& terminal, const Task& task);

// "Person 0.93", "5 points", "“Plate ABC-1234” 0.99": what it is, without where.
std::string describe_finding(const Task& task, const Finding& finding);

// What is wrong with a task that failed, with the name of its picture once.
std::string error_line(const Task& task);

}  // namespace weir::cli
