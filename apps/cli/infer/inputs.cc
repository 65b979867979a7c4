#include "apps/cli/infer/inputs.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "weir/media/npy.h"
#include "weir/media/picture.h"
#include "weir/source/picture_files.h"

namespace weir::cli {
namespace {

constexpr int kLookForStopMs = 100;

// Until there is something to be read; an Error once the user has had enough of waiting for it.
Status wait_for_stdin(const std::stop_token& stop) {
  pollfd polled{STDIN_FILENO, POLLIN, 0};
  while (!stop.stop_requested()) {
    if (poll(&polled, 1, kLookForStopMs) != 0 && polled.revents != 0) return {};
  }
  return Error(ErrorCode::kCancelled, "interrupted before its end", "standard input");
}

Result<std::vector<uint8_t>> read_stdin(const std::stop_token& stop) {
  std::vector<uint8_t> bytes;
  std::array<uint8_t, 1U << 16U> part{};
  while (true) {
    WEIR_TRY(wait_for_stdin(stop));
    const ssize_t count = ::read(STDIN_FILENO, part.data(), part.size());
    if (count == 0) return bytes;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return Error(ErrorCode::kUnavailable, "cannot be read", "standard input",
                   "give it a picture: weir … - < a.jpg");
    }
    bytes.insert(bytes.end(), part.begin(), part.begin() + count);
    if (bytes.size() > kMaxPictureBytes) {
      return Error(ErrorCode::kExhausted, "more bytes than a picture may have", "standard input");
    }
  }
}

}  // namespace

std::vector<Input> expand_inputs(const std::vector<std::string>& arguments) {
  std::vector<Input> inputs;
  for (const std::string& argument : arguments) {
    if (argument == "-") {
      inputs.push_back({argument});
      continue;
    }
    for (PictureFile& file : expand_pictures({argument})) {
      inputs.push_back({std::move(file.path), std::move(file.error)});
    }
  }
  return inputs;
}

Result<Image> read_input(const Input& input, const std::stop_token& stop) {
  if (input.error) return *input.error;
  if (input.path != "-") return read_picture(input.path);
  WEIR_ASSIGN(const std::vector<uint8_t> bytes, read_stdin(stop));
  return decode_picture(bytes, "standard input");
}

Result<TaskInput> read_task_input(const Input& input, const std::stop_token& stop) {
  if (!input.error && input.path.ends_with(".npy")) {
    WEIR_ASSIGN(Tensor tensor, read_npy(input.path));
    return TaskInput(std::move(tensor));
  }
  WEIR_ASSIGN(Image picture, read_input(input, stop));
  return TaskInput(std::move(picture));
}

}  // namespace weir::cli
