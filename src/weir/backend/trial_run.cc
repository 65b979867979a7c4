#include "weir/backend/trial_run.h"

#include <string>
#include <utility>

namespace weir {
namespace {

bool can_try(const LoadedModel& model) {
  bool any_range = false;
  for (std::size_t i = 0; i < model.inputs().size(); ++i) {
    if (model.range(i)) {
      any_range = true;
    } else if (model.inputs()[i].shape.is_dynamic()) {
      return false;
    }
  }
  return any_range;
}

}  // namespace

Result<std::unique_ptr<Session>> run_at_max(const LoadedModel& model) {
  if (!can_try(model)) return std::unique_ptr<Session>();
  WEIR_ASSIGN(std::unique_ptr<Session> session, model.make_session());
  std::string shapes;
  for (std::size_t i = 0; i < model.inputs().size(); ++i) {
    if (!model.range(i)) continue;
    WEIR_TRY(session->set_input_shape(i, model.range(i)->max));
    shapes += (shapes.empty() ? "" : ", ") + model.inputs()[i].name + " " +
              to_string(model.range(i)->max);
  }
  if (Status status = session->run(); !status) {
    Error error = std::move(status).error();
    error.message = "the model does not run at the maximum of its range (" + shapes +
                    "), whatever its file declares: " + error.message;
    error.hint = "lower the maximum; a batch of 1 is what every model was exported with";
    return error;
  }
  return session;
}

}  // namespace weir
