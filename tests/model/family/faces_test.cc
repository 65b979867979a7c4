// Face detectors with real weights on real pictures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/model/family/face_specs.h"
#include "tests/model/family/pictures.h"
#include "tests/model/family/pulled.h"
#include "tests/model/family/real_models.h"
#include "tests/ops/plain_blazeface.h"
#include "tests/ops/plain_decodes.h"
#include "weir/ops/box.h"

namespace weir {
namespace {

using test::kMobileFaceNet;
using test::kYunet;
using testing::HasSubstr;

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
  for (const char* file : {"ultraface_rfb_320.onnx", "ultraface_rfb_640.onnx",
                           "ultraface_masked_640.onnx, labels: [Face, Masked face]"}) {
    const std::string spec = std::string("{file: face/") + file + ", family: ultraface, backend: ";
    const auto found = test::find(*test::load(spec + "onnxruntime}"), picture);
    EXPECT_FALSE(found.empty()) << file;
    expect_alike(found, test::find(*test::load(spec + "openvino}"), picture), 0.99, 0.01, 0);
  }
}

TEST(Ultraface, AgreesWithAPlainDecodeOfTheSameTensors) {
  WEIR_NEEDS_ASSETS("models/face/ultraface_masked_640.onnx");
  const struct {
    const char* spec;
    int columns, width, height;
  } rows[] = {{"ultraface_rfb_320.onnx", 2, 320, 240},
              {"ultraface_rfb_640.onnx", 2, 640, 480},
              {"ultraface_masked_640.onnx, labels: [Face, Masked face]", 3, 640, 480}};
  const DetectionSpec detect{
      .score = 0.4F, .iou = 0.3F, .per_class = false, .candidates = 1000, .max_count = 200};
  for (const auto& row : rows) {
    const auto model = test::load(std::string("{file: face/") + row.spec +
                                  ", family: ultraface, thresholds: {score: 0.4}}");
    ASSERT_NE(model, nullptr);
    for (const char* name : {"faces_solvay1927.jpg", "face_obama_c.jpg"}) {
      const Image picture = test::picture(name);
      const auto run = test::run_raw(*model, {.picture = &picture.view()}).value();
      const std::size_t boxes = run.shapes[0][2] == 4 ? 0 : 1;
      const auto count = int(run.outputs[boxes].size() / 4);
      const auto proposals =
          test::plain_ultraface(run.outputs[1 - boxes].data(), run.outputs[boxes].data(), count,
                                row.columns, row.width, row.height);
      EXPECT_FALSE(run.found.empty()) << row.spec << name;
      test::expect_same(run.found, test::plain_detections(proposals, detect, run.plan.resize));
    }
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

  // The same face behind a cloth from the nose down.
  const Image covered = test::picture("face_obama_c.jpg");
  const Box& face = *faces[0].box;
  const int nose = static_cast<int>(face.y1 + 0.55 * (face.y2 - face.y1));
  for (int y = nose; y < static_cast<int>(face.y2); ++y) {
    for (int x = static_cast<int>(face.x1); x < static_cast<int>(face.x2); ++x) {
      uint8_t* const pixel = covered.view().row(0, y) + 3 * x;
      pixel[0] = 232, pixel[1] = 200, pixel[2] = 156;
    }
  }
  const auto masked = test::find(*model, covered);
  ASSERT_EQ(masked.size(), 1U);
  EXPECT_EQ(model->labels()->name(masked[0].best->label_id), "Masked face");
  EXPECT_GT(masked[0].best->score, 0.9);
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

// The parts of a BlazeFace in one: all scores, and all rows, in the order of the anchors.
struct BlazeRows {
  std::vector<float> scores, rows;
  int columns = 0;
};
BlazeRows blaze_rows(const test::RawRun& run) {
  BlazeRows all;
  for (std::size_t s = 0; s < run.outputs.size(); ++s) {
    if (run.shapes[s][2] != 1) continue;
    all.scores.insert(all.scores.end(), run.outputs[s].begin(), run.outputs[s].end());
    for (std::size_t r = 0; r < run.outputs.size(); ++r) {
      if (r == s || run.shapes[r][1] != run.shapes[s][1]) continue;
      all.rows.insert(all.rows.end(), run.outputs[r].begin(), run.outputs[r].end());
      all.columns = int(run.shapes[r][2]);
    }
  }
  return all;
}

TEST(Blazeface, AgreesWithAPlainDecodeOfTheSameTensors) {
  WEIR_NEEDS_ASSETS("models/face/blazeface_back_256.onnx");
  const std::pair<const char*, int> files[] = {{"blazeface_front_128", 128},
                                               {"blazeface_back_256", 256}};
  for (const auto& [file, side] : files) {
    const auto model = test::load(std::string("{file: face/") + file +
                                  ".onnx, family: blazeface, thresholds: {score: 0.3}}");
    ASSERT_NE(model, nullptr);
    for (const char* name : {"face_obama_a.jpg", "face_obama_c.jpg", "face_grace_hopper.bmp"}) {
      const Image picture = test::picture(name);
      const auto run = test::run_raw(*model, {.picture = &picture.view()}).value();
      const BlazeRows rows = blaze_rows(run);
      const auto anchors =
          blazeface_anchors(side, side, static_cast<int64_t>(rows.scores.size())).value();
      EXPECT_FALSE(run.found.empty()) << file << name;
      test::expect_same_points(
          run.found, test::plain_blazeface(
                         {rows.scores.data(), rows.rows.data(), rows.columns, side, side}, anchors,
                         {.detect = {.score = 0.3F, .iou = 0.3F}}, run.plan.resize));
    }
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
