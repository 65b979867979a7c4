// What the stages of a model's step have in common: which item a slot stands for, and where what
// was found goes.
//
// Functions of the stages: any worker, on the part of the task that is theirs.
#pragma once

#include <vector>

#include "weir/flow/body.h"
#include "weir/step/plan.h"
#include "weir/step/work.h"

namespace weir {

// The item: the whole frame, or the finding that the split chose.
ItemSource item_of(const StepPlan& plan, const flow::Slot& slot);
// Whether the task wants what the model of this step gives.
bool keeps_tensors(const StepPlan& plan, const TaskWork& work);
// The version of the model that answers for the slot's task.
const ModelVersion& version_of(const StepPlan& plan, const flow::Slot& slot);
// Where the run writes what it finds of the item.
ItemResult& result_of(const StepPlan& plan, const flow::Slot& slot);
// What stands there is complete: of the whole frame it becomes the step's findings.
void give_found(const StepPlan& plan, const flow::Slot& slot);
// `keep` of a step on the whole frame is about what it gives.
void keep_own(const StepPlan& plan, TaskWork& work);
// Done, or failed in the name of the step.
flow::StageResult ended(const StepPlan& plan, Status status);

}  // namespace weir
