// Findings drawn into a picture: boxes with labels that stay inside and out of each other's way,
// masks, keypoints with their skeletons, text with what was read, the trails of tracks.
//
//   WEIR_ASSIGN(Painter painter, Painter::open());
//   for (Task& task : tasks) WEIR_TRY(painter.paint(picture.view(), task));
//
// A label or a track has the same colour in every picture and every run. Lines and letters grow
// with the picture. Video frames are painted as they are, in Y, U and V. Nothing outside of the
// picture is ever written, whatever the findings hold. Keeps the fonts and the trails of each
// stream: one thread at a time; the picture's pixels are the caller's, who is their only user.
#pragma once

#include <memory>
#include <string>

#include "weir/base/result.h"
#include "weir/data/image.h"
#include "weir/data/task.h"
#include "weir/ops/draw/colour.h"

namespace weir {

struct DrawSpec {
  double scale = 1;  // of lines and letters; 1: as fits the size of the picture
  bool boxes = true;
  bool labels = true;
  bool scores = true;  // in the labels
  bool masks = true;
  bool keypoints = true;
  int trail = 30;               // places behind a track; 0: none
  double mask_opacity = 0.4;    // 0 … 1
  double keypoint_score = 0.2;  // those that are less sure are left out
  std::string font = {};        // a file; empty: the best of the system's
};

class Painter {
 public:
  // An Error only for a font that is named and cannot be used, or numbers that make no sense.
  static Result<Painter> open(const DrawSpec& spec = {});
  Painter(Painter&&) noexcept;
  Painter& operator=(Painter&&) noexcept;
  ~Painter();

  // False if the system has no font: labels are left out then.
  bool writes_text() const;
  // Any format; kUnsupported for a picture that is rotated.
  Status paint(const ImageView& picture, const Task& task);
  // Of a stream that ended, or begins anew.
  void forget_trails(const std::string& stream);

 private:
  struct State;
  explicit Painter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// One picture. Looks for the fonts each time: whoever has many keeps a Painter.
Status draw_findings(const ImageView& picture, const Task& task, const DrawSpec& spec = {});

}  // namespace weir
