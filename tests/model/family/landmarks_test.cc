// Landmarks of faces, eyes, hands and bodies, and re-identification, with real weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "tests/model/family/pictures.h"
#include "tests/model/family/pulled.h"
#include "tests/model/family/real_models.h"
#include "weir/ops/box.h"
#include "weir/ops/match.h"

namespace weir {
namespace {

using testing::HasSubstr;

std::vector<Finding> look(const Model& model, const Image& image, const Finding* on) {
  auto found = test::try_find(model, {.picture = &image.view(), .on = on});
  EXPECT_TRUE(found) << found.error().to_string();
  return found ? std::move(found).value() : std::vector<Finding>();
}

double distance(const Keypoint& a, const Keypoint& b) {
  return std::hypot(double(a.x) - double(b.x), double(a.y) - double(b.y));
}

// What MediaPipe 0.10.21 itself says of the whole way, from the picture to a point.
struct Golden {
  std::size_t index;
  Keypoint point;
  std::optional<float> depth{};
};
// Depths may be further away than places: they sway more with how exactly the part is cut out.
void expect_golden(const Finding& found, const std::vector<Golden>& golden, double far,
                   double deep) {
  ASSERT_EQ(found.depths.size(), found.keypoints.size());
  for (const Golden& one : golden) {
    ASSERT_LT(one.index, found.keypoints.size());
    if (one.depth) {
      EXPECT_NEAR(found.depths[one.index], *one.depth, deep) << one.index;
    }
    EXPECT_LT(distance(found.keypoints[one.index], one.point), far)
        << one.index << ": " << found.keypoints[one.index].x << ' ' << found.keypoints[one.index].y
        << ", expected " << one.point.x << ' ' << one.point.y;
  }
}

void expect_golden(const Finding& found, const std::vector<Golden>& golden, double far) {
  expect_golden(found, golden, far, 2 * far);
}

// ---- faces ----

struct MeshCase {
  const char* picture;
  std::vector<Golden> golden;
};
const std::vector<MeshCase>& mesh_cases() {
  static const std::vector<MeshCase> cases = {{"face_obama_a.jpg",
                                               {{33, {420.3F, 218.2F}, 14.6F},
                                                {133, {466.8F, 217.9F}, 8.7F},
                                                {362, {524.3F, 216.9F}, 12.3F},
                                                {263, {569.6F, 215.2F}, 22.5F},
                                                {1, {498.1F, 281.0F}, -62.5F},
                                                {61, {433.6F, 320.9F}, 11.3F},
                                                {291, {559.3F, 318.5F}, 16.1F},
                                                {152, {496.8F, 418.8F}, 0.5F},
                                                {234, {372.9F, 257.8F}, 101.5F},
                                                {454, {610.7F, 253.4F}, 113.9F}}},
                                              {"face_obama_c.jpg",
                                               {{33, {345.1F, 178.6F}, 11.3F},
                                                {133, {383.2F, 178.3F}, 6.7F},
                                                {362, {430.6F, 177.8F}, 9.6F},
                                                {263, {467.8F, 176.8F}, 18},
                                                {1, {409.4F, 229.9F}, -50.9F},
                                                {61, {355.8F, 263.0F}, 9.3F},
                                                {291, {458.4F, 261.8F}, 13.7F},
                                                {152, {408.5F, 345.0F}, 1.7F},
                                                {234, {306.4F, 210.2F}, 82.3F},
                                                {454, {500.7F, 207.9F}, 92.8F}}},
                                              {"face_grace_hopper.bmp",
                                               {{33, {202.1F, 194.0F}, 12.1F},
                                                {133, {240.2F, 193.0F}, 4.9F},
                                                {362, {288.9F, 190.2F}, 4.6F},
                                                {263, {327.2F, 186.9F}, 11.5F},
                                                {1, {267.4F, 245.7F}, -45},
                                                {61, {231.8F, 277.0F}, 6},
                                                {291, {304.7F, 274.1F}, 5.7F},
                                                {152, {270.8F, 332.9F}, 10.8F},
                                                {234, {174.6F, 216.9F}, 87.9F},
                                                {454, {357.0F, 206.8F}, 87.3F}}}};
  return cases;
}

TEST(FaceMesh, HasTheFaceWhereMediapipeHasIt) {
  WEIR_NEEDS_ASSETS("images/face_obama_a.jpg");
  WEIR_NEEDS_MODEL(detector, "{use: face-short}");
  for (const char* spec : {"{use: face-mesh}", "{use: face-mesh-score}",
                           "{use: face-mesh-score, backend: openvino}"}) {
    WEIR_NEEDS_MODEL(model, spec);
    for (const MeshCase& one : mesh_cases()) {
      const Image picture = test::picture(one.picture);
      const Finding face = test::find(*detector, picture).at(0);
      const auto found = look(*model, picture, &face);
      ASSERT_EQ(found.size(), 1U) << spec << one.picture;
      ASSERT_EQ(found[0].keypoints.size(), 468U);
      EXPECT_GT(found[0].best->score, 0.9F);
      EXPECT_GT(iou(*found[0].box, *face.box), 0.5);
      expect_golden(found[0], one.golden, 0.03 * double(face.box->width()));
    }
  }
}

TEST(FaceMesh, TakesTheFacesOfAnyDetector) {
  WEIR_NEEDS_ASSETS("models/face/yunet_n_dynamic.onnx");
  WEIR_NEEDS_MODEL(model, "{use: face-mesh}");
  const auto yunet =
      test::load("{file: face/yunet_n_dynamic.onnx, family: yunet, input: {size: 640}}");
  for (const MeshCase& one : mesh_cases()) {
    const Image picture = test::picture(one.picture);
    const Finding face = test::find(*yunet, picture).at(0);
    const auto found = look(*model, picture, &face);
    ASSERT_EQ(found.size(), 1U);
    expect_golden(found[0], one.golden, 0.05 * double(face.box->width()));
    // Once more from its own points, and from its box alone.
    const auto again = look(*model, picture, &found[0]);
    ASSERT_EQ(again.size(), 1U);
    expect_golden(again[0], one.golden, 0.05 * double(face.box->width()));
    const Finding box{.box = face.box};
    expect_golden(look(*model, picture, &box).at(0), one.golden, 0.06 * double(face.box->width()));
  }
}

TEST(FaceMesh, TurnsAndMirrorsWithThePicture) {
  WEIR_NEEDS_ASSETS("images/face_obama_c.jpg");
  WEIR_NEEDS_MODEL(detector, "{use: face-short}");
  WEIR_NEEDS_MODEL(model, "{use: face-mesh}");
  const Image picture = test::picture("face_obama_c.jpg");
  const Finding face = test::find(*detector, picture).at(0);
  const Finding mesh = look(*model, picture, &face).at(0);
  const double near = 0.03 * double(face.box->width());
  for (const double degrees : {30.0, 90.0, 180.0, -45.0}) {
    const test::Turned other = test::turned(picture, degrees);
    const Affine to_turned = inverse(other.to_original).value();
    // The box is about as large as before: what the detector would say, not what surrounds it.
    const Box& b = *face.box;
    const Point centre = to_turned.apply(Point{(b.x1 + b.x2) / 2.0, (b.y1 + b.y2) / 2.0});
    const float half = b.width() / 2;
    Finding there{.box = Box{float(centre.x) - half, float(centre.y) - half, float(centre.x) + half,
                             float(centre.y) + half}};
    for (const Keypoint& point : face.keypoints) there.keypoints.push_back(to_turned.apply(point));
    const auto found = look(*model, other.image, &there);
    ASSERT_EQ(found.size(), 1U) << degrees;
    for (std::size_t k = 0; k < 468; ++k) {
      ASSERT_LT(distance(other.to_original.apply(found[0].keypoints[k]), mesh.keypoints[k]), near)
          << degrees << ' ' << k;
    }
  }
  const Image flipped = test::mirrored(picture);
  const Finding other = look(*model, flipped, &test::find(*detector, flipped).at(0)).at(0);
  const auto width = float(picture.width());
  const std::size_t pairs[][2] = {{33, 263}, {133, 362}, {61, 291}, {1, 1}, {152, 152}, {234, 454}};
  for (const auto& [left, right] : pairs) {
    Keypoint point = other.keypoints[right];
    point.x = width - point.x;
    EXPECT_LT(distance(point, mesh.keypoints[left]), 2 * near) << left;
  }
}

TEST(FaceMesh, SaysNothingWhereThereIsNoFace) {
  WEIR_NEEDS_MODEL(model, "{use: face-mesh}");
  WEIR_NEEDS_MODEL(scored, "{use: face-mesh-score}");
  const Image nothing = Image::allocate(PixelFormat::kBgr, 300, 200).value();
  for (int y = 0; y < 200; ++y) std::fill_n(nothing.view().row(0, y), 900, uint8_t{90});
  EXPECT_TRUE(look(*model, nothing, nullptr).empty());
  EXPECT_TRUE(look(*scored, nothing, nullptr).empty());
}

TEST(Iris, LiesInTheEyeThatTheMeshHas) {
  WEIR_NEEDS_ASSETS("images/face_obama_a.jpg");
  WEIR_NEEDS_MODEL(detector, "{use: face-short}");
  WEIR_NEEDS_MODEL(mesh_model, "{use: face-mesh}");
  WEIR_NEEDS_MODEL(right, "{use: iris}");
  WEIR_NEEDS_MODEL(left, "{use: iris, family_options: {eye: left}}");
  for (const MeshCase& one : mesh_cases()) {
    const Image picture = test::picture(one.picture);
    const Finding face = test::find(*detector, picture).at(0);
    const Finding mesh = look(*mesh_model, picture, &face).at(0);
    const std::size_t corners[][2] = {{33, 133}, {362, 263}};
    const std::size_t lids[][2] = {{159, 145}, {386, 374}};
    for (int eye = 0; eye < 2; ++eye) {
      const Keypoint& a = mesh.keypoints[corners[eye][0]];
      const Keypoint& b = mesh.keypoints[corners[eye][1]];
      const Keypoint& up = mesh.keypoints[lids[eye][0]];
      const Keypoint& down = mesh.keypoints[lids[eye][1]];
      const double width = distance(a, b);
      for (const Finding* on : {&mesh, &face}) {
        const auto found = look(eye == 0 ? *right : *left, picture, on);
        ASSERT_EQ(found.size(), 1U);
        ASSERT_EQ(found[0].keypoints.size(), 76U);
        const Keypoint& pupil = found[0].keypoints[0];
        // Of a person who looks about into the camera: in the middle half of the eye.
        const double along = (double(pupil.x) - a.x) / (double(b.x) - a.x);
        EXPECT_GT(along, 0.25) << one.picture << eye;
        EXPECT_LT(along, 0.75) << one.picture << eye;
        EXPECT_LT(std::abs(pupil.y - (up.y + down.y) / 2), 0.2 * width) << one.picture << eye;
        // An iris is about 0.4 of an eye wide, and round.
        const double across = distance(found[0].keypoints[1], found[0].keypoints[3]);
        const double upright = distance(found[0].keypoints[2], found[0].keypoints[4]);
        EXPECT_NEAR(across / width, 0.42, 0.15);
        EXPECT_NEAR(upright / across, 1, 0.25);
        // The outline goes through the corners that the mesh knows.
        EXPECT_LT(distance(found[0].keypoints[5], eye == 0 ? a : b), 0.25 * width);
      }
    }
  }
}

// ---- hands ----

// His right hand lies on his left arm, half hidden: a hard one.
TEST(Hand, IsWhereMediapipeHasIt) {
  WEIR_NEEDS_ASSETS("images/face_obama_c.jpg");
  const Image picture = test::picture("face_obama_c.jpg");
  struct Row {
    const char* palm;
    const char* hand;
    std::vector<Golden> golden;
  };
  const Row rows[] = {
      {"{use: palm}",
       "{use: hand}",
       {{0, {468.3F, 764.5F}, 0},
        {4, {535.1F, 685.7F}, -45},
        {8, {561.3F, 638.8F}, -103.5F},
        {12, {590.8F, 655.7F}, -130.9F},
        {20, {581.5F, 712.4F}, -117.6F}}},
      {"{use: palm-lite}", "{use: hand-lite}", {{0, {474, 728}, 0}, {9, {510, 704}, -72.1F}}}};
  for (const Row& row : rows) {
    WEIR_NEEDS_MODEL(palms, row.palm);
    WEIR_NEEDS_MODEL(model, row.hand);
    const auto palm = test::find(*palms, picture);
    ASSERT_EQ(palm.size(), 1U);
    ASSERT_EQ(palm[0].keypoints.size(), 7U);
    const auto hands = look(*model, picture, &palm[0]);
    ASSERT_EQ(hands.size(), 1U) << row.hand;
    const Finding& hand = hands[0];
    ASSERT_EQ(hand.keypoints.size(), 21U);
    EXPECT_GT(hand.best->score, 0.5F);
    const double size = distance(hand.keypoints[0], hand.keypoints[9]);
    expect_golden(hand, row.golden, 0.35 * size);
    // Palm and hand name the same knuckles.
    const std::size_t same[][2] = {{0, 0}, {1, 5}, {2, 9}, {3, 13}, {4, 17}};
    for (const auto& [of_palm, of_hand] : same) {
      EXPECT_LT(distance(palm[0].keypoints[of_palm], hand.keypoints[of_hand]), 1.3 * size)
          << row.hand;
    }
    // Joints of a finger follow each other.
    for (std::size_t finger = 0; finger < 5; ++finger) {
      double length = 0;
      for (std::size_t k = 1; k < 4; ++k) {
        length += distance(hand.keypoints[4 * finger + k], hand.keypoints[4 * finger + k + 1]);
      }
      EXPECT_LT(length, 3 * size);
    }
  }
}

TEST(Hand, SaysWhichOfThePersonsHandsItIs) {
  WEIR_NEEDS_ASSETS("images/face_obama_a.jpg");
  WEIR_NEEDS_MODEL(palms, "{use: palm, thresholds: {score: 0.3}}");
  WEIR_NEEDS_MODEL(model, "{use: hand, thresholds: {score: 0.2}}");
  WEIR_NEEDS_MODEL(selfie,
                   "{use: hand, thresholds: {score: 0.2}, family_options: {mirrored: true}}");
  for (const char* name : {"face_obama_a.jpg", "face_obama_c.jpg"}) {
    const Image picture = test::picture(name);
    const auto label = [&](const Model& hands, const Image& image) {
      const auto palm = test::find(*palms, image);
      if (palm.empty()) return std::string("no palm");
      const auto found = look(hands, image, &palm[0]);
      return found.empty() ? "no hand" : std::string(hands.labels()->name(found[0].best->label_id));
    };
    EXPECT_EQ(label(*model, picture), "Right") << name;
    const Image flipped = test::mirrored(picture);
    EXPECT_EQ(label(*model, flipped), "Left") << name;
    // Who knows that the pictures are mirrored, says so.
    EXPECT_EQ(label(*selfie, flipped), "Right") << name;
  }
}

// ---- bodies ----

struct PoseCase {
  const char* picture;
  double far;
  std::vector<Golden> golden;
};
const std::vector<PoseCase>& pose_cases() {
  static const std::vector<PoseCase> cases = {
      {"pose.jpg",
       20,
       {{0, {463.3F, 286.6F}, -192.8F},
        {2, {471.9F, 276.1F}, -195.7F},
        {11, {544.7F, 321.4F}, -108.5F},
        {12, {449.7F, 325.0F}, -21},
        {15, {695.4F, 315.2F}, -230.3F},
        {16, {302.0F, 308.4F}, -130.3F},
        {23, {522.1F, 471.9F}, -45.5F},
        {24, {464.5F, 465.9F}, 45.4F},
        {27, {701.2F, 616.1F}, -57.2F},
        {28, {351.4F, 607.1F}, -3.5F}}},
      // Without the left wrist, which it has 21 pixels from where people marked it.
      {"coco_000000000785.jpg",
       15,
       {{0, {364.0F, 83.8F}, -150.1F},
        {11, {397.3F, 109.2F}, -105.4F},
        {12, {369.6F, 122.4F}, 86},
        {16, {302.4F, 179.1F}, 104.4F},
        {23, {428.4F, 215.2F}, -73.2F},
        {24, {406.4F, 219.2F}, 73.1F},
        {27, {471.7F, 362.9F}, -136.5F},
        {28, {402.6F, 340.2F}, 171.2F}}}};
  return cases;
}

TEST(Pose, HasTheBodyWhereMediapipeHasIt) {
  WEIR_NEEDS_ASSETS("images/pose.jpg");
  WEIR_NEEDS_MODEL(detector, "{use: pose-detect}");
  WEIR_NEEDS_MODEL(model, "{use: pose-full}");
  for (const PoseCase& one : pose_cases()) {
    const Image picture = test::picture(one.picture);
    const auto people = test::find(*detector, picture);
    ASSERT_GE(people.size(), 1U) << one.picture;
    ASSERT_EQ(people[0].keypoints.size(), 4U);
    const auto found = look(*model, picture, &people[0]);
    ASSERT_EQ(found.size(), 1U);
    ASSERT_EQ(found[0].keypoints.size(), 33U);
    EXPECT_GT(found[0].best->score, 0.9F);
    EXPECT_EQ(model->labels()->name(found[0].best->label_id), "Person");
    // Of a body of 300 pixels, a tenth.
    expect_golden(found[0], one.golden, one.far, 40);
    for (const Golden& point : one.golden) EXPECT_GT(found[0].keypoints[point.index].score, 0.8F);
  }
}

TEST(Pose, TheMaskHoldsTheBodyAndLittleElse) {
  WEIR_NEEDS_ASSETS("images/pose.jpg");
  WEIR_NEEDS_MODEL(detector, "{use: pose-detect}");
  WEIR_NEEDS_MODEL(model, "{use: pose-full}");
  const double shares[] = {0.0673, 0.0995};  // MediaPipe's
  for (std::size_t i = 0; i < pose_cases().size(); ++i) {
    const Image picture = test::picture(pose_cases()[i].picture);
    const Finding person = test::find(*detector, picture).at(0);
    const Finding body = look(*model, picture, &person).at(0);
    ASSERT_TRUE(body.mask);
    ASSERT_EQ(body.mask->width, picture.width());
    ASSERT_EQ(body.mask->height, picture.height());
    const double share = double(body.mask->area()) / picture.width() / picture.height();
    EXPECT_NEAR(share, shares[i], 0.15 * shares[i]);
    const auto pixels = body.mask->decode().value();
    for (const std::size_t k : {11U, 12U, 13U, 14U, 23U, 24U, 25U, 26U}) {
      const Keypoint& joint = body.keypoints[k];
      EXPECT_EQ(pixels[std::size_t(int(joint.y) * picture.width() + int(joint.x))], 1) << k;
    }
  }
  WEIR_NEEDS_MODEL(without, "{use: pose-full, family_options: {mask: false}}");
  const Image picture = test::picture("pose.jpg");
  const Finding person = test::find(*detector, picture).at(0);
  EXPECT_FALSE(look(*without, picture, &person).at(0).mask);
}

TEST(Pose, TurnsAndMirrorsWithThePicture) {
  WEIR_NEEDS_ASSETS("images/pose.jpg");
  WEIR_NEEDS_MODEL(detector, "{use: pose-detect}");
  WEIR_NEEDS_MODEL(model, "{use: pose-full}");
  const Image picture = test::picture("pose.jpg");
  const Finding person = test::find(*detector, picture).at(0);
  const Finding body = look(*model, picture, &person).at(0);
  for (const double degrees : {90.0, 30.0}) {
    const test::Turned other = test::turned(picture, degrees);
    const Affine to_turned = inverse(other.to_original).value();
    Finding there{.box = to_turned.around(*person.box)};
    for (const Keypoint& point : person.keypoints)
      there.keypoints.push_back(to_turned.apply(point));
    const Finding found = look(*model, other.image, &there).at(0);
    for (std::size_t k = 0; k < 33; ++k) {
      EXPECT_LT(distance(other.to_original.apply(found.keypoints[k]), body.keypoints[k]), 10) << k;
    }
  }
  const Image flipped = test::mirrored(picture);
  const Finding other = look(*model, flipped, &test::find(*detector, flipped).at(0)).at(0);
  for (const std::size_t left : {11U, 13U, 15U, 23U, 25U, 27U}) {
    Keypoint point = other.keypoints[left + 1];
    point.x = float(picture.width()) - point.x;
    EXPECT_LT(distance(point, body.keypoints[left]), 25) << left;
  }
}

// COCO's points among those of MediaPipe's body: nose, then shoulders to ankles.
constexpr std::size_t kSame[][2] = {{0, 0},   {5, 11},  {6, 12},  {7, 13},  {8, 14},
                                    {9, 15},  {10, 16}, {11, 23}, {12, 24}, {13, 25},
                                    {14, 26}, {15, 27}, {16, 28}};

TEST(Movenet, AgreesWithMediapipesBody) {
  WEIR_NEEDS_ASSETS("models/pose/movenet_lightning_192_heads_fp32.onnx");
  for (const char* backend : {"onnxruntime", "openvino"}) {
    const auto model = test::load(
        std::string(
            "{file: pose/movenet_lightning_192_heads_fp32.onnx, family: movenet, backend: ") +
        backend + "}");
    for (const PoseCase& one : pose_cases()) {
      const Image picture = test::picture(one.picture);
      const auto found = test::find(*model, picture);
      ASSERT_EQ(found.size(), 1U) << one.picture;
      ASSERT_EQ(found[0].keypoints.size(), 17U);
      for (const Golden& golden : one.golden) {
        for (const auto& [coco, body] : kSame) {
          if (body != golden.index) continue;
          EXPECT_LT(distance(found[0].keypoints[coco], golden.point), 1.5 * one.far)
              << one.picture << ' ' << coco << ": " << found[0].keypoints[coco].x << ' '
              << found[0].keypoints[coco].y;
        }
      }
    }
  }
}

TEST(Movenet, AgreesBetweenBackEnds) {
  WEIR_NEEDS_ASSETS("models/pose/movenet_lightning_192_heads_fp32.onnx");
  const std::string spec =
      "{file: pose/movenet_lightning_192_heads_fp32.onnx, family: movenet, backend: ";
  const auto onnx = test::load(spec + "onnxruntime}");
  const auto vino = test::load(spec + "openvino}");
  ASSERT_TRUE(onnx != nullptr && vino != nullptr);
  for (const PoseCase& one : pose_cases()) {
    const Image picture = test::picture(one.picture);
    const Finding a = test::find(*onnx, picture).at(0);
    const Finding b = test::find(*vino, picture).at(0);
    EXPECT_NEAR(a.best->score, b.best->score, 0.01);
    EXPECT_GE(iou(*a.box, *b.box), 0.99) << one.picture;
    ASSERT_EQ(a.keypoints.size(), b.keypoints.size());
    for (std::size_t k = 0; k < a.keypoints.size(); ++k) {
      EXPECT_LT(distance(a.keypoints[k], b.keypoints[k]), 0.5) << one.picture << k;
      EXPECT_NEAR(a.keypoints[k].score, b.keypoints[k].score, 0.01) << one.picture << k;
    }
  }
}

TEST(Movenet, IsNearWhatPeopleMarked) {
  WEIR_NEEDS_ASSETS("images/coco_000000000785.json");
  const auto node = config::parse_yaml(
      config::read_text_file(test::asset("images/coco_000000000785.json")).value(), "truth");
  ASSERT_TRUE(node) << node.error().to_string();
  const auto model =
      test::load("{file: pose/movenet_lightning_192_heads_fp32.onnx, family: movenet}");
  const config::Node& annotation = node->find("annotations")->items().at(0);
  const auto numbers = [&](const char* key) {
    std::vector<double> all;
    for (const config::Node& value : annotation.find(key)->items()) all.push_back(value.as_float());
    return all;
  };
  const std::vector<double> marked = numbers("keypoints");
  const std::vector<double> box = numbers("bbox");
  ASSERT_EQ(marked.size(), 51U);
  const Finding person{
      .box = Box{float(box[0]), float(box[1]), float(box[0] + box[2]), float(box[1] + box[3])}};
  const auto found = look(*model, test::picture("coco_000000000785.jpg"), &person);
  ASSERT_EQ(found.size(), 1U);
  double x = 0;
  double y = 0;
  int count = 0;
  for (std::size_t k = 0; k < 17; ++k) {
    if (!(marked[3 * k + 2] > 0)) continue;
    const double dx = double(found[0].keypoints[k].x) - marked[3 * k];
    const double dy = double(found[0].keypoints[k].y) - marked[3 * k + 1];
    EXPECT_LT(std::hypot(dx, dy), 0.06 * box[3]) << k;
    x += dx;
    y += dy;
    ++count;
  }
  // Not all of them off in one direction.
  EXPECT_LT(std::abs(x / count), 5);
  EXPECT_LT(std::abs(y / count), 5);
}

// Of the int8 file: half of the points within a cell of the heat map, all within three.
TEST(Movenet, QuantisedIsNearTheOriginal) {
  WEIR_NEEDS_ASSETS("models/pose/movenet_lightning_192_heads_qdq.onnx");
  const auto exact =
      test::load("{file: pose/movenet_lightning_192_heads_fp32.onnx, family: movenet}");
  const auto coarse =
      test::load("{file: pose/movenet_lightning_192_heads_qdq.onnx, family: movenet}");
  for (const PoseCase& one : pose_cases()) {
    const Image picture = test::picture(one.picture);
    const Finding a = test::find(*exact, picture).at(0);
    const Finding b = test::find(*coarse, picture).at(0);
    const double cell = std::max(picture.width(), picture.height()) / 48.0;
    std::vector<double> off;
    for (std::size_t k = 0; k < 17; ++k)
      off.push_back(distance(a.keypoints[k], b.keypoints[k]) / cell);
    std::sort(off.begin(), off.end());
    EXPECT_LT(off[8], 1) << one.picture;
    EXPECT_LT(off[16], 3) << one.picture;
    EXPECT_NEAR(a.best->score, b.best->score, 0.1);
  }
}

TEST(Movenet, MirrorsWithThePicture) {
  WEIR_NEEDS_ASSETS("models/pose/movenet_lightning_192_heads_fp32.onnx");
  const auto model =
      test::load("{file: pose/movenet_lightning_192_heads_fp32.onnx, family: movenet}");
  const Image picture = test::picture("pose.jpg");
  const Finding a = test::find(*model, picture).at(0);
  const Finding b = test::find(*model, test::mirrored(picture)).at(0);
  for (std::size_t k = 5; k < 17; k += 2) {
    Keypoint point = b.keypoints[k + 1];
    point.x = float(picture.width()) - point.x;
    EXPECT_LT(distance(a.keypoints[k], point), 30) << k;
  }
}

TEST(Landmarks, SayWhatIsWrongWithAModel) {
  WEIR_NEEDS_ASSETS("models/face/mobilefacenet_112.onnx");
  EXPECT_THAT(test::refusal("{file: face/mobilefacenet_112.onnx, family: landmarks}"),
              HasSubstr("195 and 1 (a body)"));
  EXPECT_THAT(test::refusal("{file: face/mobilefacenet_112.onnx, family: movenet}"),
              HasSubstr("kpt_heatmap"));
  if (test::pulled("{use: hand}") == nullptr) GTEST_SKIP() << "hand is not pulled";
  EXPECT_THAT(test::refusal("{use: hand, labels: [Hand]}"), HasSubstr("1 labels do not match"));
  EXPECT_THAT(test::refusal("{use: iris, family_options: {eye: third}}"),
              HasSubstr("left or right"));
  EXPECT_THAT(test::refusal("{use: hand, input: {resize: {filter: bicubic}}}"),
              HasSubstr("the filter 'bicubic' is for pictures and upright boxes"));
}

// ---- people again ----

TEST(Reid, KnowsAPersonAgain) {
  WEIR_NEEDS_ASSETS("models/reid/person-reidentification-retail-0288.onnx");
  const auto people =
      test::load("{file: detection/yolox_nano_416.onnx, family: yolox, labels: coco}");
  const Image picture = test::picture("coco_000000000785.jpg");
  const auto all = test::find(*people, picture);
  const auto person =
      std::find_if(all.begin(), all.end(), [](const Finding& f) { return f.best->label_id == 0; });
  ASSERT_NE(person, all.end());
  const Image other_picture = test::picture("pose.jpg");
  const auto others = test::find(*people, other_picture);
  const auto other = std::find_if(others.begin(), others.end(),
                                  [](const Finding& f) { return f.best->label_id == 0; });
  ASSERT_NE(other, others.end());
  for (const char* file : {"0248", "0287", "0288"}) {
    std::vector<std::vector<float>> by_backend;
    for (const char* backend : {"onnxruntime", "openvino"}) {
      const auto model = test::load(std::string("{file: reid/person-reidentification-retail-") +
                                    file + ".onnx, family: reid, backend: " + backend + "}");
      const auto embedding = [&](const Image& image, const Finding& on) {
        return look(*model, image, &on).at(0).embedding;
      };
      const auto self = embedding(picture, *person);
      ASSERT_EQ(self.size(), 256U);
      const Image flipped = test::mirrored(picture);
      const auto width = float(picture.width());
      const Finding there{.box = Box{width - person->box->x2, person->box->y1,
                                     width - person->box->x1, person->box->y2}};
      const double again = cosine(self, embedding(flipped, there));
      const double stranger = cosine(self, embedding(other_picture, *other));
      EXPECT_GT(again, 0.8) << file;
      EXPECT_GT(again, stranger + 0.3) << file;
      by_backend.push_back(self);
    }
    EXPECT_GT(cosine(by_backend[0], by_backend[1]), 0.9999);
  }
}

TEST(Reid, SaysWhatIsWrongWithAModel) {
  WEIR_NEEDS_ASSETS("models/reid/person-reidentification-retail-0288.onnx");
  const std::string start = "models.m: the model is not of the family 'reid': ";
  const std::string end = "; the family expects one float32 output 1xN, a vector";
  EXPECT_EQ(test::refusal("{file: face/ultraface_rfb_320.onnx, family: reid}"),
            start + "its outputs are scores float32 1x4420x2 and boxes float32 1x4420x4" + end);
  EXPECT_EQ(test::refusal("{file: segmentation/selfie_segmentation_256.onnx, family: reid}"),
            start + "its output is mask float32 ?x1x256x256" + end);
  const auto model =
      test::load("{file: reid/person-reidentification-retail-0288.onnx, family: reid}");
  const Image picture = test::picture("pose.jpg");
  const Finding outside{.box = Box{2000, 0, 2100, 200}};
  const auto found = test::try_find(*model, {.picture = &picture.view(), .on = &outside});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().to_string(), "nothing of the finding's box is in the picture");
}

}  // namespace
}  // namespace weir
