// A pipeline in words and as a drawing, from its file alone.
//
//   puts(to_mermaid(spec).c_str());     // paste it into any Markdown page
//
// Pure; any thread.
#pragma once

#include <string>

#include "weir/assemble/pipeline_spec.h"

namespace weir {

// What a source, a model, a step, a sink is, in one line: "yolox_nano.onnx (yolox) on openvino".
std::string in_words(const SourceSpec& source);
std::string in_words(const ModelSpec& model);
std::string in_words(const StepSpec& step);
std::string in_words(const SinkSpec& sink);
// What waits between a source and the steps: "4 frames under way".
std::string queue_words(const SourceSpec& source, const FlowSpec& flow);
// What waits before a sink of the pipeline, and what is done when that is full: "4 results; full:
// its sources are read more slowly".
std::string queue_words(const SinkSpec& sink, const PipelineSpec& spec);

// A flow chart: sources, queues, steps on their executors, sinks, and who feeds whom.
std::string to_mermaid(const PipelineSpec& spec);

}  // namespace weir
