// The writers behind open_sink(), one for each format.
//
// Each is a Sink with the thread contract of sink.h.
#pragma once

#include <memory>
#include <stop_token>

#include "weir/sink/sink.h"

namespace weir {

Result<std::unique_ptr<Sink>> open_jsonl_sink(const SinkSpec& spec, std::stop_token give_up);
Result<std::unique_ptr<Sink>> open_csv_sink(const SinkSpec& spec, std::stop_token give_up);
Result<std::unique_ptr<Sink>> open_mot_sink(const SinkSpec& spec, std::stop_token give_up);
Result<std::unique_ptr<Sink>> open_coco_sink(const SinkSpec& spec);
Result<std::unique_ptr<Sink>> open_yolo_sink(const SinkSpec& spec);
Result<std::unique_ptr<Sink>> open_picture_sink(const SinkSpec& spec);
Result<std::unique_ptr<Sink>> open_crop_sink(const SinkSpec& spec);
Result<std::unique_ptr<Sink>> open_video_sink(const SinkSpec& spec);

}  // namespace weir
