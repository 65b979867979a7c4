#include "weir/ops/face_alignment.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "weir/ops/points.h"

namespace weir {
namespace {

Point middle(Point a, Point b) {
  return {(a.x + b.x) / 2, (a.y + b.y) / 2};
}

// In the order of MediaPipe's face mesh: the corners of the eyes, the tip of the nose, the corners
// of the mouth.
constexpr std::size_t kMeshPoints = 468;
constexpr std::size_t kMeshLeftEye[] = {33, 133};
constexpr std::size_t kMeshRightEye[] = {362, 263};
constexpr std::size_t kMeshNose = 1;
constexpr std::size_t kMeshMouth[] = {61, 291};

}  // namespace

FacePoints face_points(const Finding& face) {
  if (!all_finite(face.keypoints)) return {};
  const auto at = [&](std::size_t i) { return Point{face.keypoints[i].x, face.keypoints[i].y}; };
  const auto& t = kFaceTemplate;
  switch (face.keypoints.size()) {
    case 5:
      return {{at(0), at(1), at(2), at(3), at(4)}, {t.begin(), t.end()}};
    case 6:
      return {{at(0), at(1), at(2), at(3)}, {t[0], t[1], t[2], middle(t[3], t[4])}};
    case kMeshPoints:
      return {{middle(at(kMeshLeftEye[0]), at(kMeshLeftEye[1])),
               middle(at(kMeshRightEye[0]), at(kMeshRightEye[1])), at(kMeshNose), at(kMeshMouth[0]),
               at(kMeshMouth[1])},
              {t.begin(), t.end()}};
    default:
      return {};
  }
}

Result<Affine> align_face(const Finding& face, int width, int height) {
  FacePoints points = face_points(face);
  if (points.face.empty()) {
    return Error(
        ErrorCode::kInvalidArgument,
        "a face with " + std::to_string(face.keypoints.size()) + " points cannot be aligned", "",
        "5 (YuNet), 6 (BlazeFace) or 468 (face mesh) finite ones are expected");
  }
  // The template keeps its aspect in an input that is no square.
  const double scale = static_cast<double>(std::min(width, height)) / kFaceTemplateSide;
  const double left = (width - scale * kFaceTemplateSide) / 2;
  const double top = (height - scale * kFaceTemplateSide) / 2;
  for (Point& point : points.expected) point = {point.x * scale + left, point.y * scale + top};
  // Fitted in the crop, where a pixel means the same for faces of all sizes.
  WEIR_ASSIGN(const Affine to_input, similarity(points.face, points.expected));
  return inverse(to_input);
}

}  // namespace weir
