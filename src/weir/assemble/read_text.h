// Reads the text of pictures: where its lines are, which way up they stand, what they say, and in
// which order a person reads them.
//
//   WEIR_ASSIGN(auto reader, TextReader::make(*runtime));
//   WEIR_ASSIGN(const TextPage page, reader->read(picture.view()));
//   std::cout << page.text;                  // a row a line, an empty line between columns
//   page.lines[0].keypoints;                 // the corners, from the text's own top left
//
// One thread at a time; keeps its models alive.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/assemble/runtime.h"
#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/image.h"
#include "weir/model/lane.h"
#include "weir/model/model.h"

namespace weir {

// An entry of the catalogue as it stands.
ModelSpec catalogue_model(const std::string& name);

// The models: any of the families that give text boxes, turn them, and read them.
struct TextReaderSpec {
  ModelSpec detector = catalogue_model("ocr-det");
  std::optional<ModelSpec> direction = catalogue_model("ocr-cls");  // none: all text is upright
  ModelSpec recogniser = catalogue_model("ocr-rec");
};

struct TextPage {
  std::vector<Finding> lines;  // boxes with their text and its score, in the order of reading
  std::string text;
};

class TextReader {
 public:
  // What each step took for the last picture, and for how many lines.
  struct Times {
    Lane::Times detect, direction, recognise;
    std::size_t lines = 0;
  };

  // Loads the models, of the catalogue if need be.
  static Result<std::unique_ptr<TextReader>> make(Runtime& runtime, const TextReaderSpec& spec = {},
                                                  const catalogue::PullOptions& pull = {});

  // A picture without text is an empty page. Text that is hardly to be read (below the recogniser's
  // threshold) is left out. Where there is a model of the direction, a line that is not read surely
  // is read the other way up as well, and the surer text is kept: such models are wrong now and
  // then, and very sure of it.
  Result<TextPage> read(const ImageView& picture);

  const Times& times() const { return times_; }

 private:
  TextReader() = default;
  // What `lane` finds on each of the lines.
  Result<std::vector<std::vector<Finding>>> look(Lane& lane, const ImageView& picture,
                                                 std::span<const Finding> lines,
                                                 Lane::Times& times);
  Status turn_doubtful(const ImageView& picture, std::span<const Finding> lines,
                       std::vector<std::vector<Finding>>& texts);

  std::unique_ptr<Lane> detector_;
  std::unique_ptr<Lane> direction_;  // null: none
  std::unique_ptr<Lane> recogniser_;
  Times times_;
};

}  // namespace weir
