// Embeddings of faces with real weights on real pictures: who is who.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/model/family/face_specs.h"
#include "tests/model/family/pictures.h"
#include "tests/model/family/pulled.h"
#include "tests/model/family/real_models.h"
#include "weir/ops/match.h"

namespace weir {
namespace {

using test::kMobileFaceNet;
using test::kYunet;
using testing::HasSubstr;

using Embedding = std::vector<float>;

Embedding embed(const Model& model, const Image& image, const Finding* face) {
  auto found = test::try_find(model, {.picture = &image.view(), .on = face});
  EXPECT_TRUE(found) << found.error().to_string();
  return found ? found->at(0).embedding : Embedding();
}

// The largest face, and its embedding.
Embedding embed(const Model& detector, const Model& model, const Image& image) {
  const auto faces = test::find(detector, image);
  if (faces.empty()) return {};
  const auto largest = std::max_element(
      faces.begin(), faces.end(),
      [](const Finding& a, const Finding& b) { return a.box->area() < b.box->area(); });
  return embed(model, image, &*largest);
}

const char* const kPeople[] = {"face_obama_a.jpg", "face_obama_b.jpg", "face_obama_c.jpg",
                               "face_biden_a.jpg", "face_biden_b.jpg", "face_grace_hopper.bmp"};
// Whose picture it is.
constexpr int kPerson[] = {0, 0, 0, 1, 1, 2};

TEST(Embedding, TellsWhoIsWho) {
  WEIR_NEEDS_ASSETS("models/face/mobilefacenet_112.onnx");
  const auto yunet = test::load(kYunet);
  struct Row {
    const char* spec;
    double same, other;
  };
  for (const Row& row : {Row{kMobileFaceNet, 0.55, 0.15}, Row{"{use: sface}", 0.5, 0.35},
                         Row{"{use: sface, backend: openvino}", 0.5, 0.35}}) {
    const auto model = test::pulled(row.spec);
    if (model == nullptr) continue;
    std::vector<Embedding> faces;
    for (const char* name : kPeople) faces.push_back(embed(*yunet, *model, test::picture(name)));
    for (std::size_t a = 0; a < faces.size(); ++a) {
      double length = 0;
      for (const float x : faces[a]) length += double(x) * double(x);
      EXPECT_NEAR(length, 1, 1e-5);
      for (std::size_t b = a + 1; b < faces.size(); ++b) {
        const double alike = cosine(faces[a], faces[b]);
        if (kPerson[a] == kPerson[b]) {
          EXPECT_GT(alike, row.same) << row.spec << kPeople[a] << kPeople[b];
        } else {
          EXPECT_LT(alike, row.other) << row.spec << kPeople[a] << kPeople[b];
        }
      }
    }
  }
}

// Expected of mobilefacenet_112: 0.71, 0.95 and 0.74 for the three of one, 0.60 for the two of
// another.
TEST(Embedding, HasTheExpectedCosines) {
  WEIR_NEEDS_ASSETS("models/face/mobilefacenet_112.onnx");
  const auto yunet = test::load(kYunet);
  const auto model = test::load(kMobileFaceNet);
  std::vector<Embedding> faces;
  for (const char* name : kPeople) faces.push_back(embed(*yunet, *model, test::picture(name)));
  std::vector<double> of_one = {cosine(faces[0], faces[1]), cosine(faces[0], faces[2]),
                                cosine(faces[1], faces[2])};
  std::sort(of_one.begin(), of_one.end());
  EXPECT_NEAR(of_one[0], 0.71, 0.03);
  EXPECT_NEAR(of_one[1], 0.74, 0.03);
  EXPECT_NEAR(of_one[2], 0.95, 0.03);
  EXPECT_NEAR(cosine(faces[3], faces[4]), 0.60, 0.03);
}

// A face that is turned with its picture is still who it is, however it lies.
TEST(Embedding, ATurnedFaceIsTheSamePerson) {
  WEIR_NEEDS_ASSETS("models/face/mobilefacenet_112.onnx");
  const auto yunet = test::load(kYunet);
  const auto model = test::load(kMobileFaceNet);
  for (const char* name : {"face_obama_a.jpg", "face_biden_a.jpg"}) {
    const Image picture = test::picture(name);
    const auto face = test::find(*yunet, picture).at(0);
    const Embedding upright = embed(*model, picture, &face);
    for (const double degrees : {15.0, 30.0, 90.0, 180.0, 270.0}) {
      const test::Turned other = test::turned(picture, degrees);
      const Affine to_turned = inverse(other.to_original).value();
      Finding there{.box = to_turned.around(*face.box)};
      for (const Keypoint& point : face.keypoints)
        there.keypoints.push_back(to_turned.apply(point));
      EXPECT_GT(cosine(upright, embed(*model, other.image, &there)), 0.97) << name << degrees;
      // Without its points it is not, from half a turn on.
      there.keypoints.clear();
      EXPECT_LT(cosine(upright, embed(*model, other.image, &there)), degrees < 90 ? 0.97 : 0.6);
    }
    // Of what the detector itself finds in a tilted picture; its points lag behind, the more so the
    // further a face is turned.
    EXPECT_GT(cosine(upright, embed(*yunet, *model, test::turned(picture, 15).image)), 0.6) << name;
  }
}

// A quarter turn is a mark of the frame: the findings are upright, and so is the face.
TEST(Embedding, AFrameThatIsMarkedAsTurnedGivesTheSameFace) {
  WEIR_NEEDS_ASSETS("models/face/mobilefacenet_112.onnx");
  const auto yunet = test::load(kYunet);
  const auto model = test::load(kMobileFaceNet);
  const Image picture = test::picture("face_obama_a.jpg");
  const Embedding upright = embed(*yunet, *model, picture);
  const Image sideways = test::turned(picture, -90).image.rotated(Rotation::k90);
  EXPECT_EQ(sideways.width(), picture.width());
  EXPECT_GT(cosine(upright, embed(*yunet, *model, sideways)), 0.99);
}

TEST(Embedding, FramesOfVideoGiveTheSamePersonAsPictures) {
  WEIR_NEEDS_ASSETS("models/face/mobilefacenet_112.onnx");
  const auto yunet = test::load(kYunet);
  const auto model = test::load(kMobileFaceNet);
  for (const char* name : {"face_obama_a.jpg", "face_biden_a.jpg"}) {
    const Image picture = test::picture(name);
    const auto face = test::find(*yunet, picture).at(0);
    const Embedding of_picture = embed(*model, picture, &face);
    for (const PixelFormat format : {PixelFormat::kNv12, PixelFormat::kI420}) {
      const Image frame = test::as_video(picture, format);
      EXPECT_GT(cosine(of_picture, embed(*model, frame, &face)), 0.99) << name;
      EXPECT_GT(cosine(of_picture, embed(*yunet, *model, frame)), 0.97) << name;
    }
  }
}

TEST(Embedding, TheBestOfAListIsTheSamePerson) {
  WEIR_NEEDS_ASSETS("models/face/mobilefacenet_112.onnx");
  const auto yunet = test::load(kYunet);
  const auto model = test::load(kMobileFaceNet);
  std::vector<Embedding> faces;
  for (const char* name : kPeople) faces.push_back(embed(*yunet, *model, test::picture(name)));
  for (std::size_t i = 0; i < faces.size(); ++i) {
    std::vector<Embedding> others = faces;
    others[i].clear();  // not itself
    const auto who = best_match(faces[i], others, 0.4);
    ASSERT_EQ(who.has_value(), kPerson[i] != 2) << i;
    if (who) {
      EXPECT_EQ(kPerson[who->index], kPerson[i]);
    }
  }
}

TEST(Embedding, TakesAFaceByTheKeypointsOfOtherDetectors) {
  WEIR_NEEDS_MODEL(blaze, "{use: face-full}");
  WEIR_NEEDS_ASSETS("models/face/mobilefacenet_112.onnx");
  const auto yunet = test::load(kYunet);
  const auto model = test::load(kMobileFaceNet);
  for (const char* name : {"face_obama_a.jpg", "face_biden_a.jpg", "face_grace_hopper.bmp"}) {
    const Image picture = test::picture(name);
    EXPECT_GT(cosine(embed(*yunet, *model, picture), embed(*blaze, *model, picture)), 0.6) << name;
  }
}

TEST(Embedding, LooksAtTheWholePictureWithoutAFinding) {
  WEIR_NEEDS_ASSETS("models/face/mobilefacenet_112.onnx");
  const auto model = test::load(kMobileFaceNet);
  const Image picture = test::picture("face_obama_c.jpg");
  const auto found = test::find(*model, picture);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].embedding.size(), 128U);
  EXPECT_FALSE(found[0].box);
}

TEST(Embedding, SaysWhatIsWrongWithAModel) {
  WEIR_NEEDS_ASSETS("models/face/ultraface_rfb_320.onnx");
  EXPECT_THAT(test::refusal("{file: face/ultraface_rfb_320.onnx, family: embedding}"),
              HasSubstr("one float32 output 1xN"));
  const auto model = test::load(kMobileFaceNet);
  std::vector<float> number(16);
  const TensorView tensor{number.data(), DType::kFloat32, {1, 16}, {}, {}};
  const auto found = test::try_find(*model, {.tensor = &tensor});
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr("looks at pictures"));
}

// A face that is there already is resized with any filter; one that is cut out turned only so.
TEST(Embedding, RefusesAFilterForWhatIsCutOutTurned) {
  WEIR_NEEDS_ASSETS("models/face/mobilefacenet_112.onnx");
  const auto model = test::load(
      "{file: face/mobilefacenet_112.onnx, family: embedding, input: {resize: {filter: area}}}");
  const Image picture = test::picture("face_obama_c.jpg");
  EXPECT_TRUE(test::try_find(*model, {.picture = &picture.view()}));
  const Finding face{.box = Box{280, 110, 520, 350}};
  const auto found = test::try_find(*model, {.picture = &picture.view(), .on = &face});
  ASSERT_FALSE(found);
  EXPECT_EQ(
      found.error().to_string(),
      "models.m.input.resize.filter: the filter 'area' is for pictures and upright boxes, not "
      "for what is cut out turned; write bilinear, or leave it out");
}

}  // namespace
}  // namespace weir
