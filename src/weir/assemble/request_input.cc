#include "weir/assemble/request_input.h"

#include <filesystem>
#include <utility>

#include "weir/assemble/pipeline.h"
#include "weir/source/picture_files.h"

namespace weir {
namespace {

SourceSpec source_of(const std::string& name) {
  std::error_code unknown;
  const bool pictures = is_picture_name(name) || name.find_first_of("*?[") != std::string::npos ||
                        std::filesystem::is_directory(name, unknown);
  SourceSpec spec;
  if (pictures) {
    spec.pictures.push_back({name});
  } else {
    spec.video = {name};
  }
  return spec;
}

}  // namespace

InputReader::InputReader(const RequestInput& input, std::size_t number)
    : stream_("input-" + std::to_string(number)) {
  if (const auto* image = std::get_if<Image>(&input)) {
    only_.emplace().input = *image;
  } else if (const auto* tensor = std::get_if<Tensor>(&input)) {
    only_.emplace().input = *tensor;
  } else {
    stream_ = std::get<std::string>(input);
    is_file_ = true;
    auto source = open_source(source_of(stream_));
    if (source) {
      source_ = std::move(source).value();
    } else {
      only_.emplace().error = std::move(source).error();
    }
  }
}

std::optional<Task> InputReader::next() {
  if (source_ == nullptr) return std::exchange(only_, std::nullopt);
  std::optional<SourceInput> input = source_->next();
  if (!input) return std::nullopt;
  return task_of(*std::move(input));
}

}  // namespace weir
