// Face detectors and embeddings with real weights on real pictures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
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

constexpr const char* kYunet =
    "{file: face/yunet_n_dynamic.onnx, family: yunet, input: {size: 640}}";
constexpr const char* kMobileFaceNet =
    "{file: face/mobilefacenet_112.onnx, family: embedding, input: {colour: rgb, scale: 1/255, "
    "mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}}";

// Of each finding of `a` the one of `b` that overlaps it best.
void expect_alike(const std::vector<Finding>& a, const std::vector<Finding>& b, double least_iou,
                  double score, double points) {
  ASSERT_EQ(a.size(), b.size());
  for (const Finding& one : a) {
    const auto other =
        std::max_element(b.begin(), b.end(), [&](const Finding& x, const Finding& y) {
          return iou(*x.box, *one.box) < iou(*y.box, *one.box);
        });
    EXPECT_GE(iou(*one.box, *other->box), least_iou);
    EXPECT_NEAR(one.best->score, other->best->score, score);
    ASSERT_EQ(one.keypoints.size(), other->keypoints.size());
    for (std::size_t k = 0; k < one.keypoints.size(); ++k) {
      EXPECT_NEAR(one.keypoints[k].x, other->keypoints[k].x, points);
      EXPECT_NEAR(one.keypoints[k].y, other->keypoints[k].y, points);
    }
  }
}

// The eyes level with each other and above the mouth, the nose between them, all inside the box.
void expect_upright_face(const Finding& face) {
  ASSERT_GE(face.keypoints.size(), 5U);
  const auto& k = face.keypoints;
  EXPECT_LT(k[0].x, k[1].x);
  EXPECT_LT(k[0].y, k[2].y);
  EXPECT_LT(k[1].y, k[2].y);
  EXPECT_LT(k[2].y, k[3].y);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_GT(k[i].x, face.box->x1);
    EXPECT_LT(k[i].x, face.box->x2);
    EXPECT_GT(k[i].y, face.box->y1);
    EXPECT_LT(k[i].y, face.box->y2);
  }
}

TEST(Yunet, FindsAllTwentyNineOfTheSolvayConference) {
  WEIR_NEEDS_ASSETS("models/face/yunet_n_dynamic.onnx");
  for (const std::string spec :
       {kYunet, "{file: face/yunet_n_640_640.onnx, family: yunet}", "{use: yunet}",
        "{use: yunet, backend: openvino}", "{file: face/yunet_n_dynamic.onnx, family: yunet}",
        "{file: face/yunet_n_dynamic.onnx}"}) {
    const auto model = test::pulled(spec);
    if (model == nullptr) continue;
    const auto faces = test::find(*model, test::picture("faces_solvay1927.jpg"));
    EXPECT_EQ(faces.size(), 29U) << spec;
    for (const Finding& face : faces) expect_upright_face(face);
    EXPECT_EQ(test::find(*model, test::picture("face_grace_hopper.bmp")).size(), 1U) << spec;
  }
}

TEST(Yunet, AgreesBetweenBackEnds) {
  WEIR_NEEDS_ASSETS("models/face/yunet_n_dynamic.onnx");
  for (const std::string file : {"yunet_n_640_640", "yunet_n_320_320", "yunet_s_dynamic"}) {
    std::vector<std::vector<Finding>> found;
    for (const char* backend : {"onnxruntime", "openvino"}) {
      const auto model =
          test::load("{file: face/" + file + ".onnx, family: yunet, backend: " + backend +
                     ", input: {size: " + (file == "yunet_n_320_320" ? "320" : "640") + "}}");
      found.push_back(test::find(*model, test::picture("faces_solvay1927.jpg")));
    }
    EXPECT_GT(found[0].size(), 15U);
    expect_alike(found[0], found[1], 0.99, 0.01, 0.5);
  }
}

TEST(Yunet, AMirroredPictureMirrorsTheFaces) {
  WEIR_NEEDS_ASSETS("models/face/yunet_n_dynamic.onnx");
  const auto model = test::load(kYunet);
  const Image picture = test::picture("face_obama_c.jpg");
  const auto face = test::find(*model, picture).at(0);
  const auto other = test::find(*model, test::mirrored(picture)).at(0);
  const auto width = float(picture.width());
  const std::size_t partner[] = {1, 0, 2, 4, 3};
  // The model itself is that far from being symmetric.
  const float tolerance = 0.12F * face.box->width();
  EXPECT_NEAR(face.box->x1, width - other.box->x2, tolerance);
  for (std::size_t k = 0; k < 5; ++k) {
    EXPECT_NEAR(face.keypoints[k].x, width - other.keypoints[partner[k]].x, tolerance);
    EXPECT_NEAR(face.keypoints[k].y, other.keypoints[partner[k]].y, tolerance);
  }
}

// The twelve tensors once more, cell by cell, in double.
TEST(Yunet, AgreesWithASecondDecodeOfTheSameTensors) {
  WEIR_NEEDS_ASSETS("models/face/yunet_n_640_640.onnx");
  const auto model = test::load("{file: face/yunet_n_640_640.onnx, family: yunet}");
  const Image picture = test::picture("faces_solvay1927.jpg");
  const auto session = model->parts()[0]->make_session().value();
  ItemPlan plan;
  const ItemSource item{.picture = &picture.view()};
  ASSERT_TRUE(model->family().prepare(item, {&session->input(0), 1}, plan));
  ASSERT_TRUE(session->run());
  const auto output = [&](const std::string& name) {
    const auto& outputs = model->parts()[0]->outputs();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i].name == name) return session->output(i).as<float>();
    }
    return static_cast<float*>(nullptr);
  };
  std::vector<Finding> all;
  const double fx = 1600.0 / 640;  // letterboxed to the top left: 463 rows, rounded from 463.2
  const double fy = 1158.0 / 463;
  for (const int stride : {8, 16, 32}) {
    const std::string s = "_" + std::to_string(stride);
    const int columns = 640 / stride;
    for (int i = 0; i < columns * columns; ++i) {
      const double score = std::sqrt(double(output("cls" + s)[i]) * double(output("obj" + s)[i]));
      if (score < 0.6) continue;
      const float* b = output("bbox" + s) + 4 * i;
      const double cx = (i % columns + double(b[0])) * stride * fx;
      const double cy = (i / columns + double(b[1])) * stride * fy;
      const double w = std::exp(double(b[2])) * stride * fx;
      const double h = std::exp(double(b[3])) * stride * fy;
      Finding face;
      face.box = Box{float(cx - w / 2), float(cy - h / 2), float(cx + w / 2), float(cy + h / 2)};
      face.best = ClassScore{0, float(score)};
      for (int k = 0; k < 5; ++k) {
        const float* p = output("kps" + s) + 10 * i + 2 * k;
        face.keypoints.push_back({float((i % columns + double(p[0])) * stride * fx),
                                  float((i / columns + double(p[1])) * stride * fy)});
      }
      all.push_back(face);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Finding& a, const Finding& b) {
    return a.best->score > b.best->score;
  });
  std::vector<Finding> kept;
  for (const Finding& face : all) {
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const Finding& better) {
      return iou(*better.box, *face.box) > 0.3F;
    });
    if (!known) kept.push_back(face);
  }
  expect_alike(test::find(*model, picture), kept, 0.999, 1e-4, 0.05);
}

TEST(Yunet, SaysWhatIsWrongWithAModel) {
  WEIR_NEEDS_ASSETS("models/face/yunet_n_dynamic.onnx");
  EXPECT_THAT(test::refusal("{file: face/yunet_n_dynamic.onnx, family: yunet, input: {size: 650}}"),
              HasSubstr("multiples of 32"));
  EXPECT_THAT(test::refusal("{file: face/ultraface_rfb_320.onnx, family: yunet}"),
              HasSubstr("cls_8"));
  EXPECT_THAT(test::refusal("{file: face/yunet_n_640_640.onnx, family: yunet, labels: [a, b]}"),
              HasSubstr("2 labels do not match the 1 class"));
}

// Made small by the mean of what each pixel covers; sampled, 15 of them are left.
TEST(Ultraface, FindsNineteenOfTheTwentyNine) {
  WEIR_NEEDS_ASSETS("models/face/ultraface_rfb_320.onnx");
  const auto model = test::load("{file: face/ultraface_rfb_320.onnx, family: ultraface}");
  const auto yunet = test::load(kYunet);
  const Image picture = test::picture("faces_solvay1927.jpg");
  const auto all = test::find(*yunet, picture);
  const auto faces = test::find(*model, picture);
  EXPECT_EQ(faces.size(), 19U);
  for (const Finding& face : faces) {
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Finding& other) {
      return iou(*face.box, *other.box) > 0.4F;
    }));
  }
  const auto sampled = test::load(
      "{file: face/ultraface_rfb_320.onnx, family: ultraface, "
      "input: {resize: {filter: bilinear}}}");
  EXPECT_EQ(test::find(*sampled, picture).size(), 15U);
  const auto large = test::load("{file: face/ultraface_rfb_640.onnx, family: ultraface}");
  EXPECT_GT(test::find(*large, picture).size(), 19U);
}

TEST(Ultraface, AgreesBetweenBackEnds) {
  WEIR_NEEDS_ASSETS("models/face/ultraface_rfb_320.onnx");
  const Image picture = test::picture("faces_solvay1927.jpg");
  for (const char* file : {"ultraface_rfb_320", "ultraface_rfb_640"}) {
    const std::string spec =
        std::string("{file: face/") + file + ".onnx, family: ultraface, backend: ";
    expect_alike(test::find(*test::load(spec + "onnxruntime}"), picture),
                 test::find(*test::load(spec + "openvino}"), picture), 0.99, 0.01, 0);
  }
}

TEST(Ultraface, KnowsMaskedFacesFromOthers) {
  WEIR_NEEDS_ASSETS("models/face/ultraface_masked_640.onnx");
  EXPECT_THAT(test::refusal("{file: face/ultraface_masked_640.onnx, family: ultraface}"),
              HasSubstr("write labels: [Face, Masked face]"));
  const auto model = test::load(
      "{file: face/ultraface_masked_640.onnx, family: ultraface, labels: [Face, Masked face]}");
  const auto faces = test::find(*model, test::picture("face_obama_c.jpg"));
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(model->labels()->name(faces[0].best->label_id), "Face");
}

TEST(Ultraface, SaysWhatIsWrongWithAModel) {
  WEIR_NEEDS_ASSETS("models/face/ultraface_rfb_320.onnx");
  EXPECT_THAT(test::refusal("{file: face/mobilefacenet_112.onnx, family: ultraface}"),
              HasSubstr("scores 1xNx(1+classes)"));
  EXPECT_THAT(
      test::refusal(
          "{file: face/ultraface_rfb_320.onnx, family: ultraface, input: {size: [640, 480]}}"),
      HasSubstr("refuses a picture of 640x480"));
}

struct BlazeCase {
  const char* spec;
  bool asset;
};
constexpr BlazeCase kBlazeFaces[] = {
    {"{file: face/blazeface_front_128.onnx, family: blazeface}", true},
    {"{file: face/blazeface_back_256.onnx, family: blazeface}", true},
    {"{use: face-short}", false},
    {"{use: face-full}", false}};

TEST(Blazeface, FindsTheFaceThatYunetFinds) {
  WEIR_NEEDS_ASSETS("models/face/blazeface_front_128.onnx");
  const auto yunet = test::load(kYunet);
  for (const BlazeCase& tried : kBlazeFaces) {
    const auto model = test::pulled(tried.spec);
    if (model == nullptr) continue;
    for (const char* name : {"face_obama_a.jpg", "face_obama_c.jpg", "face_grace_hopper.bmp"}) {
      const Image picture = test::picture(name);
      const auto faces = test::find(*model, picture);
      ASSERT_EQ(faces.size(), 1U) << tried.spec << ' ' << name;
      ASSERT_EQ(faces[0].keypoints.size(), 6U);
      expect_upright_face(faces[0]);
      const auto other = test::find(*yunet, picture).at(0);
      EXPECT_GT(iou(*faces[0].box, *other.box), 0.5) << tried.spec << ' ' << name;
      const float far = 0.12F * other.box->width();
      for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_NEAR(faces[0].keypoints[k].x, other.keypoints[k].x, far) << tried.spec << k;
        EXPECT_NEAR(faces[0].keypoints[k].y, other.keypoints[k].y, far) << tried.spec << k;
      }
    }
  }
}

// What MediaPipe 0.10.21 itself says of its face-short on these pictures, when the input is filled
// as it fills it: half a pixel of the input off, which is why our own is not the same.
TEST(Blazeface, SaysWhatMediapipeSaysOfTheSameInput) {
  WEIR_NEEDS_MODEL(model, "{use: face-short}");
  WEIR_NEEDS_ASSETS("images/face_obama_c.jpg");
  struct Row {
    const char* picture;
    Box box;
    float score;
    Keypoint eye, nose;
  };
  const Row rows[] = {{"face_obama_c.jpg",
                       {283.7F, 115.5F, 518.3F, 350.1F},
                       0.9219F,
                       {363.4F, 183.6F},
                       {420.7F, 241.1F}},
                      {"face_obama_a.jpg",
                       {352.7F, 145.5F, 632.5F, 425.3F},
                       0.9252F,
                       {441.7F, 224.5F},
                       {510.8F, 287.5F}},
                      {"face_grace_hopper.bmp",
                       {171.9F, 147.9F, 365.9F, 341.9F},
                       0.9359F,
                       {222.1F, 194.4F},
                       {268.3F, 224.5F}}};
  const auto session = model->parts()[0]->make_session().value();
  for (const Row& row : rows) {
    const Image picture = test::picture(row.picture);
    const double side = std::max(picture.width(), picture.height());
    const double scale = side / 128;
    const auto centred = [&](int own) { return (own - side) / 2; };
    const double shift = 0.5 - scale / 2;
    const Affine theirs{scale, 0,     centred(picture.width()) + shift,
                        0,     scale, centred(picture.height()) + shift};
    PrepareSpec spec{
        .layout = TensorLayout::kNhwc, .scale = 2.0F / 255, .mean = {1, 1, 1}, .pad = {0, 0, 0}};
    ASSERT_TRUE(warp_image(picture.view(), theirs, spec, session->input(0)));
    ASSERT_TRUE(session->run());
    ItemPlan plan;
    plan.resize =
        plan_resize(ResizePolicy::kLetterboxCentered, picture.width(), picture.height(), 128, 128)
            .value();
    std::vector<TensorView> outputs;
    for (std::size_t i = 0; i < session->output_count(); ++i) outputs.push_back(session->output(i));
    std::vector<Finding> faces;
    ASSERT_TRUE(model->family().interpret(outputs, {.picture = &picture.view()}, plan, faces));
    ASSERT_EQ(faces.size(), 1U);
    EXPECT_GT(iou(*faces[0].box, row.box), 0.96) << row.picture;
    EXPECT_NEAR(faces[0].best->score, row.score, 0.005);
    const double far = 0.6 * scale;  // our letterbox is in whole pixels of the input
    EXPECT_NEAR(faces[0].keypoints[0].x, row.eye.x, far);
    EXPECT_NEAR(faces[0].keypoints[0].y, row.eye.y, far);
    EXPECT_NEAR(faces[0].keypoints[2].x, row.nose.x, far);
    EXPECT_NEAR(faces[0].keypoints[2].y, row.nose.y, far);
    // Of our own input, less than two of its pixels from there.
    const auto ours = test::find(*model, picture).at(0);
    EXPECT_GT(iou(*ours.box, row.box), 0.85);
    EXPECT_NEAR(ours.keypoints[2].x, row.nose.x, 2 * scale);
    EXPECT_NEAR(ours.keypoints[2].y, row.nose.y, 2 * scale);
  }
}

TEST(Blazeface, AgreesBetweenBackEnds) {
  WEIR_NEEDS_ASSETS("models/face/blazeface_back_256.onnx");
  for (const char* file : {"blazeface_front_128", "blazeface_back_256"}) {
    const std::string spec =
        std::string("{file: face/") + file + ".onnx, family: blazeface, backend: ";
    const Image picture = test::picture("face_obama_a.jpg");
    expect_alike(test::find(*test::load(spec + "onnxruntime}"), picture),
                 test::find(*test::load(spec + "openvino}"), picture), 0.99, 0.01, 0.5);
  }
}

TEST(Blazeface, SaysWhatIsWrongWithAModel) {
  WEIR_NEEDS_ASSETS("models/face/blazeface_front_128.onnx");
  EXPECT_THAT(test::refusal("{file: face/mobilefacenet_112.onnx, family: blazeface}"),
              HasSubstr("scores 1xNx1 and rows 1xNx(4+2 a point)"));
  EXPECT_THAT(test::refusal("{file: face/blazeface_front_128.onnx, family: blazeface, "
                            "family_options: {strides: \"8, 16\"}}"),
              HasSubstr("its outputs have 896 rows"));
}

// ---- who is who ----

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

// ---- odd pictures ----

TEST(FaceFamilies, TakePicturesOfAnySizeAndFormat) {
  WEIR_NEEDS_ASSETS("models/face/yunet_n_dynamic.onnx");
  const char* const specs[] = {
      "{file: face/yunet_n_dynamic.onnx, family: yunet}",
      "{file: face/ultraface_rfb_320.onnx, family: ultraface}",
      "{file: face/blazeface_front_128.onnx, family: blazeface}", kMobileFaceNet,
      "{file: pose/movenet_lightning_192_heads_qdq.onnx, family: movenet}"};
  for (const char* spec : specs) {
    const auto model = test::load(spec);
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 5000}, {5000, 1}, {33, 47}}) {
      for (const PixelFormat format :
           {PixelFormat::kBgr, PixelFormat::kGrey, PixelFormat::kNv12, PixelFormat::kI420}) {
        const Image image = Image::allocate(format, width, height).value();
        for (int plane = 0; plane < plane_count(format); ++plane) {
          for (int y = 0; y < image.view().plane_rows(plane); ++y) {
            std::fill_n(image.view().row(plane, y), image.view().row_bytes(plane), uint8_t{128});
          }
        }
        const auto found = test::try_find(*model, {.picture = &image.view()});
        EXPECT_TRUE(found) << spec << width << 'x' << height << found.error().to_string();
        // A face that reaches out of the picture, and one that lies outside of it.
        const Finding large{.box = Box{-50, -50, 60, 60},
                            .keypoints = {{-20, -20}, {20, -20}, {0, 0}, {-15, 20}, {15, 20}}};
        EXPECT_TRUE(test::try_find(*model, {.picture = &image.view(), .on = &large})) << spec;
      }
    }
  }
}

}  // namespace
}  // namespace weir
