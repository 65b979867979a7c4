#include "apps/cli/demo/compare_faces.h"

#include <memory>
#include <utility>

#include "apps/cli/demo/picture_input.h"
#include "apps/cli/text.h"
#include "weir/assemble/chain.h"
#include "weir/assemble/read_text.h"
#include "weir/ops/draw/painter.h"
#include "weir/ops/match.h"
#include "weir/ops/warp_image.h"

namespace weir::cli::demo {
namespace {

constexpr int kTurnedSide = 512;
constexpr double kTurnRad = 0.35;  // 20 degrees
constexpr double kZoomOut = 1.6;
constexpr double kSamePerson = 0.4;
constexpr int kShotSide = 640;

struct Face {
  std::size_t picture = 0;
  std::vector<float> embedding;
};

// The picture as somebody might have scanned it: askew, and from further away.
Result<Image> turned(const Image& image) {
  WEIR_ASSIGN(const Tensor pixels,
              Tensor::allocate(DType::kUInt8, {1, kTurnedSide, kTurnedSide, 3}));
  const double side = kZoomOut * std::max(image.width(), image.height());
  const Affine to_source = rectangle({image.width() / 2.0, image.height() / 2.0}, side, side,
                                     kTurnRad, kTurnedSide, kTurnedSide);
  PrepareSpec spec;
  spec.layout = TensorLayout::kNhwc;
  spec.channels = ChannelOrder::kBgr;
  WEIR_TRY(warp_image(image.view(), to_source, spec, pixels.view()));
  ImageView view;
  view.width = kTurnedSide;
  view.height = kTurnedSide;
  view.planes[0] = {pixels.as<uint8_t>(), std::ptrdiff_t{3} * kTurnedSide};
  return Image::shared(view, std::make_shared<Tensor>(pixels));
}

// The most alike of the faces of two pictures; for one picture with itself, of different faces.
double most_alike(const std::vector<Face>& faces, std::size_t a, std::size_t b) {
  double most = -1;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    for (std::size_t j = i + 1; j < faces.size(); ++j) {
      if (faces[i].picture != a || faces[j].picture != b) continue;
      most = std::max(most, cosine(faces[i].embedding, faces[j].embedding));
    }
  }
  return most;
}

std::string verdict(const std::string& a, const std::string& b, double cosine) {
  return a + " and " + b + ": " + fixed(cosine, 2) + ", " +
         (cosine >= kSamePerson ? "the same person" : "nobody in both");
}

}  // namespace

Status compare_faces(Runtime& runtime, std::vector<NamedPicture> pictures, Scene& scene) {
  WEIR_ASSIGN(Image again, turned(pictures.front().image));
  pictures.insert(pictures.begin() + 1,
                  {pictures.front().name + ", turned and smaller", std::move(again)});
  WEIR_ASSIGN(auto detector, runtime.load_model(catalogue_model("yunet"), "yunet"));
  WEIR_ASSIGN(auto identity, runtime.load_model(catalogue_model("sface"), "sface"));
  WEIR_ASSIGN(const auto chain, Chain::make({{"faces", std::move(detector), {}},
                                             {"who", std::move(identity), "faces"}}));
  std::vector<Face> faces;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    Task task;
    task.input = pictures[i].image;
    chain->solve({&task, 1});
    if (task.error) return *task.error;
    for (const Finding& finding : task.findings) {
      if (!finding.embedding.empty()) faces.push_back({i, finding.embedding});
    }
    WEIR_TRY(draw_findings(task.image()->view(), task));
    WEIR_ASSIGN(Shot shot, shot_of(task.image()->view(), kShotSide));
    shot.caption = pictures[i].name;
    shot.alt = shot.caption + ", its faces marked";
    scene.shots.push_back(std::move(shot));
  }
  std::vector<std::string>& lines = scene.shots.front().found;
  for (std::size_t a = 0; a < pictures.size(); ++a) {
    for (std::size_t b = a + 1; b < pictures.size(); ++b) {
      const double cosine = most_alike(faces, a, b);
      if (cosine > -1) lines.push_back(verdict(pictures[a].name, pictures[b].name, cosine));
    }
  }
  return {};
}

}  // namespace weir::cli::demo
