#include "weir/backend/openvino/openvino_model.h"

#include <algorithm>
#include <exception>
#include <map>
#include <string>
#include <utility>

#include <openvino/op/constant.hpp>

#include "weir/backend/openvino/openvino_guard.h"
#include "weir/backend/openvino/openvino_report.h"
#include "weir/backend/openvino/openvino_types.h"
#include "weir/backend/shape_ranges.h"

namespace weir {
namespace {

std::size_t bytes_of_weights(const ov::Model& graph) {
  std::size_t bytes = 0;
  for (const auto& node : graph.get_ops()) {
    const auto* constant = dynamic_cast<const ov::op::v0::Constant*>(node.get());
    if (constant != nullptr) bytes += constant->get_byte_size();
  }
  return bytes;
}

// A request takes memory for all that is static before anybody asks for it.
Status check_size(const TensorInfo& info, std::size_t max_bytes, const std::string& where) {
  if (info.any_rank || info.shape.is_dynamic()) return {};
  WEIR_ASSIGN(const int64_t count, info.shape.elements());
  if (static_cast<uint64_t>(count) <= max_bytes / size_of(info.dtype)) return {};
  return tensor_too_large("'" + info.name + "'", info.shape, max_bytes).at(where);
}

}  // namespace

Result<std::shared_ptr<OpenVinoModel>> OpenVinoModel::make(std::shared_ptr<OpenVinoLibrary> library,
                                                           const std::shared_ptr<ov::Model>& graph,
                                                           const OpenVinoConfig& config,
                                                           const BackendSpec& spec) {
  std::shared_ptr<OpenVinoModel> model(new OpenVinoModel);
  model->host_pool_ = library->pool;
  model->library_ = std::move(library);
  model->where_ = spec.where();
  WEIR_TRY(model->describe(*graph, spec));
  const bool any_open =
      std::any_of(model->inputs_.begin(), model->inputs_.end(),
                  [](const TensorInfo& info) { return info.any_rank || info.shape.is_dynamic(); });
  if (any_open && config.check_shapes) model->shapes_ = std::make_unique<OpenVinoShapes>(*graph);
  WEIR_TRY(model->compile(graph, config, spec));
  model->fill_report(config, spec);
  return model;
}

Status OpenVinoModel::describe(const ov::Model& graph, const BackendSpec& spec) {
  for (const auto& port : graph.inputs()) {
    WEIR_ASSIGN(TensorInfo info, info_of(port, false));
    inputs_.push_back(std::move(info));
  }
  for (const auto& port : graph.outputs()) {
    WEIR_ASSIGN(TensorInfo info, info_of(port, true));
    outputs_.push_back(std::move(info));
  }
  max_tensor_bytes_ = spec.max_tensor_bytes;
  for (const TensorInfo& info : inputs_) WEIR_TRY(check_size(info, max_tensor_bytes_, where_));
  for (const TensorInfo& info : outputs_) WEIR_TRY(check_size(info, max_tensor_bytes_, where_));
  WEIR_ASSIGN(ranges_, match_ranges(spec, inputs_));
  weight_bytes_ = bytes_of_weights(graph);
  return {};
}

Status OpenVinoModel::check_shapes(const std::vector<Shape>& shapes) const {
  if (shapes_ == nullptr) return {};
  bool trusted = true;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const bool open = inputs_[i].any_rank || inputs_[i].shape.is_dynamic();
    if (open) trusted &= ranges_[i] && !(shapes[i] == ranges_[i]->max);
  }
  return trusted ? Status() : shapes_->check(inputs_, shapes, where_);
}

Status OpenVinoModel::compile(const std::shared_ptr<ov::Model>& graph, const OpenVinoConfig& config,
                              const BackendSpec& spec) {
  // OpenVINO plans its memory and picks its kernels by the bounds.
  std::map<std::size_t, ov::PartialShape> bounds;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    if (ranges_[i]) bounds[i] = openvino_range(*ranges_[i]);
  }
  if (!bounds.empty()) {
    Status reshaped =
        openvino_guard(where_, ErrorCode::kInvalidArgument, [&] { graph->reshape(bounds); });
    if (!reshaped) {
      Error error = std::move(reshaped).error();
      error.message = "the model does not take the range of its spec: " + error.message;
      return error;
    }
  }
  WEIR_ASSIGN(compiled_, openvino_guard(spec.where(), ErrorCode::kUnsupported, [&] {
                return library_->core.compile_model(graph, config.device, config.properties);
              }));
  return {};
}

void OpenVinoModel::fill_report(const OpenVinoConfig& config, const BackendSpec& spec) {
  report_ = openvino_report(compiled_, config, spec);
}

Result<std::unique_ptr<Session>> OpenVinoModel::make_session(const SessionSpec& spec) const {
  auto self = std::static_pointer_cast<const OpenVinoModel>(shared_from_this());
  auto session = std::make_unique<OpenVinoSession>(std::move(self), spec);
  WEIR_TRY(session->open());
  return std::unique_ptr<Session>(std::move(session));
}

OpenVinoSession::OpenVinoSession(std::shared_ptr<const OpenVinoModel> model,
                                 const SessionSpec& spec)
    : Session(model, spec), compiled_(std::move(model)), shapes_(compiled_->inputs().size()) {
  binding_.reserve(Shape::kMaxRank);
}

Status OpenVinoSession::open() {
  {
    const OpenVinoGate::Making making(compiled_->gate_);
    WEIR_ASSIGN(request_, openvino_guard(compiled_->where_, ErrorCode::kInternal, [&] {
                  return compiled_->compiled_.create_infer_request();
                }));
  }
  return lease_inputs();
}

void OpenVinoSession::cancel() {
  // Nothing under way is nothing to cancel.
  (void)openvino_guard("", ErrorCode::kInternal, [&] { request_.cancel(); });
}

Status OpenVinoSession::do_bind_input(std::size_t i, const TensorView& view) {
  if (!(shapes_[i] == view.shape)) checked_ = false;
  shapes_[i] = view.shape;
  return openvino_guard(compiled_->where_, ErrorCode::kInvalidArgument,
                        [&] { request_.set_input_tensor(i, openvino_tensor(view, binding_)); });
}

Status OpenVinoSession::check_shapes() {
  if (checked_) return {};
  WEIR_TRY(compiled_->check_shapes(shapes_));
  checked_ = true;
  return {};
}

Status OpenVinoSession::do_run() {
  WEIR_TRY(check_shapes());
  const OpenVinoGate::Run run(compiled_->gate_);
  WEIR_TRY(
      openvino_guard(compiled_->where_, ErrorCode::kInvalidArgument, [&] { request_.infer(); }));
  return read_outputs();
}

Status OpenVinoSession::do_start(Done done) {
  WEIR_TRY(check_shapes());
  done_ = std::move(done);
  started_ = OpenVinoGate::Run(compiled_->gate_);
  // OpenVINO takes the call-back out of the request while it runs, so it is set anew each time.
  Status started = openvino_guard(compiled_->where_, ErrorCode::kInvalidArgument, [&] {
    request_.set_callback([this](std::exception_ptr thrown) { finish(std::move(thrown)); });
    request_.start_async();
  });
  if (!started) {
    done_ = nullptr;
    started_ = {};
  }
  return started;
}

// The call-back may be the signal for another thread to go on with this session, so nothing of it
// is touched afterwards.
void OpenVinoSession::finish(std::exception_ptr thrown) {
  Status status;
  if (thrown) {
    status = openvino_guard(compiled_->where_, ErrorCode::kInvalidArgument,
                            [&] { std::rethrow_exception(thrown); });
  } else {
    status = read_outputs();
  }
  started_ = {};
  const Done done = std::exchange(done_, nullptr);
  done(std::move(status));
}

Status OpenVinoSession::read_outputs() {
  static std::byte nothing;  // where an output without elements lies
  for (std::size_t i = 0; i < output_count(); ++i) {
    WEIR_ASSIGN(ov::Tensor tensor, openvino_guard(compiled_->where_, ErrorCode::kInternal,
                                                  [&] { return request_.get_output_tensor(i); }));
    WEIR_ASSIGN(const Shape shape, shape_of(tensor.get_shape()));
    void* data = tensor.get_size() == 0 ? &nothing : tensor.data();
    set_output(i, {data, compiled_->outputs()[i].dtype, shape, {}, {}});
  }
  return {};
}

}  // namespace weir
