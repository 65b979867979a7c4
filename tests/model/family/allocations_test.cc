// Every family: once a thread has seen an item, preparing it takes nothing from the heap, and
// interpreting it no more than what the findings themselves hold.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/model/family/generated_models.h"
#include "tests/model/family/pulled.h"
#include "tests/model/family/real_models.h"
#include "tests/support/counted_heap.h"

namespace weir {
namespace {

struct Row {
  std::string spec;
  const char* picture;
  Box on{};  // the finding that it is used on, if it has an area
};

std::vector<Row> rows() {
  const std::string by_class = test::scratch("by_class.onnx", test::colour_yolo(false));
  const std::string by_box = test::scratch("by_box.onnx", test::colour_yolo(true));
  return {
      {"{file: " + by_class + ", family: yolov8}", "street_vtest_2.jpg"},
      {"{file: " + by_box + ", family: yolov8}", "street_vtest_2.jpg"},
      {"{file: detection/yolox_nano_416.onnx, family: yolox}", "street_vtest_2.jpg"},
      {"{file: detection/nanodet_m_416.onnx, family: nanodet}", "street_vtest_2.jpg"},
      {"{file: detection/picodet_s_320.onnx, family: picodet}", "street_vtest_2.jpg"},
      {"{file: detection/fastestdet_352.onnx, family: fastestdet}", "street_vtest_2.jpg"},
      {"{file: detection/deimv2_atto_320_int8.onnx}", "street_vtest_2.jpg"},
      {"{use: ssd-mobilenet-v2-oid}", "street_vtest_2.jpg"},
      {"{file: face/yunet_n_dynamic.onnx, family: yunet}", "faces_solvay1927.jpg"},
      {"{file: face/ultraface_rfb_320.onnx, family: ultraface}", "faces_solvay1927.jpg"},
      {"{file: face/blazeface_front_128.onnx, family: blazeface}", "face_obama_c.jpg"},
      {"{use: face-short}", "face_obama_c.jpg"},
      {"{use: palm}", "face_obama_c.jpg"},
      {"{use: pose-detect}", "pose.jpg"},
      {"{use: face-mesh}", "face_obama_c.jpg"},
      {"{use: hand}", "face_obama_c.jpg"},
      {"{use: pose-full}", "coco_000000000785.jpg"},
      {"{file: face/mobilefacenet_112.onnx, family: embedding}", "face_obama_c.jpg"},
      {"{file: reid/person-reidentification-retail-0288.onnx, family: reid}", "street_vtest_2.jpg"},
      {"{file: pose/movenet_lightning_192_heads_fp32.onnx, family: movenet}",
       "coco_000000000785.jpg"},
      {"{file: classification/mobilenet_v2_224_fp32.onnx, family: classify, "
       "labels: labels/imagenet_1001.txt, input: {size: 224, scale: 1/128, mean: 1}}",
       "cat_720p.jpg"},
      {"{file: segmentation/deeplab_v3_voc_257.onnx, family: segment, labels: voc, "
       "input: {scale: 1/127.5, mean: 1}}",
       "cat_720p.jpg"},
      {"{file: segmentation/selfie_segmentation_256.onnx, family: matting}", "face_obama_c.jpg"},
      {"{file: segmentation/twinlitenet_360x640.onnx, family: twinlitenet}",
       "drive_solidWhiteCurve.jpg"},
      {"{file: ocr/ch_PP-OCRv4_det_infer.onnx, family: dbnet}", "ocr_text_synthetic.png"},
      {"{file: ocr/ch_PP-OCRv4_rec_infer.onnx, family: ctc, labels: ocr/ppocr_keys_v1.txt}",
       "ocr_text_synthetic.png",
       {20, 20, 420, 70}},
      {"{file: ocr/ch_ppocr_mobile_v2.0_cls_infer.onnx, family: text-direction}",
       "ocr_text_synthetic.png"}};
}

// How many pieces of the heap the findings hold, beside the list that they are in.
int held_by(const std::vector<Finding>& found) {
  int held = 0;
  for (const Finding& finding : found) {
    held += finding.others.empty() ? 0 : 1;
    held += finding.keypoints.empty() ? 0 : 1;
    held += finding.depths.empty() ? 0 : 1;
    held += finding.embedding.empty() ? 0 : 1;
    held += finding.mask && !finding.mask->counts.empty() ? 1 : 0;
    held += finding.text.capacity() > std::string().capacity() ? 1 : 0;
  }
  return held;
}

TEST(FamilyAllocations, PrepareTakesNothingAndInterpretWhatFindingsHold) {
  WEIR_NEEDS_ASSETS("models/detection");
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.spec);
    const auto model = test::pulled(row.spec);
    if (model == nullptr ||
        !std::filesystem::exists(test::asset(std::string("images/") + row.picture))) {
      std::printf("skipped: %s\n", row.spec.c_str());
      continue;
    }
    const Image picture = test::picture(row.picture);
    const Finding on{.box = row.on};
    const ItemSource item{.picture = &picture.view(), .on = row.on.area() > 0 ? &on : nullptr};
    const auto session = model->parts()[0]->make_session().value();
    std::vector<Shape> shapes(session->input_count());
    ASSERT_TRUE(model->family().shape_for(item, shapes));
    std::vector<TensorView> inputs;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      ASSERT_TRUE(session->set_input_shape(i, shapes[i]));
      inputs.push_back(session->input(i));
    }
    ItemPlan plan;
    EXPECT_EQ(test::heap_calls_when_warm([&] {
                ASSERT_TRUE(model->family().shape_for(item, shapes));
                ASSERT_TRUE(model->family().prepare(item, inputs, plan));
              }),
              0);
    ASSERT_TRUE(session->run());
    std::vector<TensorView> outputs;
    for (std::size_t i = 0; i < session->output_count(); ++i) outputs.push_back(session->output(i));
    std::vector<Finding> found;
    const auto count = test::heap_calls_when_warm([&] {
      found.clear();
      ASSERT_TRUE(model->family().interpret(outputs, item, plan, found));
    });
    EXPECT_LE(count, held_by(found)) << found.size() << " findings";
    std::printf("%3zu findings, %3d pieces, %3d taken: %s\n", found.size(), held_by(found), count,
                row.spec.c_str());
  }
}

}  // namespace
}  // namespace weir
