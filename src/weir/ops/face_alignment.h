// How a face is turned, scaled and shifted so that its eyes, nose and mouth lie where a recognition
// model expects them.
//
//   WEIR_ASSIGN(const Affine to_source, align_face(face, 112, 112));
//   WEIR_TRY(warp_image(frame, to_source, spec, input));
//
// The five places in the 112x112 crop are those that ArcFace, SFace, MobileFaceNet and nearly all
// others were trained with; other sizes scale them. Pure functions: any thread.
#pragma once

#include <array>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/ops/affine.h"

namespace weir {

// The eye on the picture's left, the other eye, the tip of the nose, the corner of the mouth on the
// picture's left, the other corner; counted, as all positions here, from the outer corner of the
// first pixel.
inline constexpr std::array<Point, 5> kFaceTemplate = {
    Point{38.7946, 52.1963}, Point{74.0318, 52.0014}, Point{56.5252, 72.2366},
    Point{42.0493, 92.8655}, Point{71.2299, 92.7041}};
inline constexpr int kFaceTemplateSide = 112;

// Which points of a face stand for which points of the template: pairs, as many as the finding's
// kind of keypoints allows. Five (YuNet's), six (BlazeFace's: eyes, nose, middle of the mouth,
// ears) or 468 (a face mesh); nothing for other numbers of them, and where one is not finite.
struct FacePoints {
  std::vector<Point> face;
  std::vector<Point> expected;  // in the template
};
FacePoints face_points(const Finding& face);

// From pixels of the aligned input to pixels of the source. An Error if the finding has no points
// of a face, or all of them in one place.
Result<Affine> align_face(const Finding& face, int width, int height);

}  // namespace weir
