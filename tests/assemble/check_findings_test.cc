// What steps give against what those on them need, where the file alone does not tell: what is
// right is taken, the catalogue's names and the models themselves are asked. Wrong files:
// wrong.txt.
#include "weir/assemble/check_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "tests/assemble/level_family.h"
#include "weir/assemble/pipeline.h"

namespace weir {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

Result<PipelineSpec> read(const std::string& yaml) {
  WEIR_ASSIGN(const config::Node root, config::load_text(yaml, "p.yaml"));
  return read_pipeline_spec(root);
}

constexpr const char* kModels = R"(models:
  boxes: {file: a.onnx, family: yolox}
  faces: {file: a.onnx, family: ultraface}
  heads: {file: a.onnx, family: blazeface}
  kind: {file: a.onnx, family: classify}
  mask: {file: a.onnx, family: segment}
  lines: {file: a.onnx, family: dbnet}
  angle: {file: a.onnx, family: text-direction}
  reader: {file: a.onnx, family: ctc}
  points: {file: a.onnx, family: landmarks}
  who: {file: a.onnx, family: embedding}
  crop: {file: a.onnx, family: embedding, family_options: {align: no}}
  look: {file: a.onnx, family: reid}
  mine: {file: a.onnx, family: of-my-own}
  guessed: {file: a.onnx}
  named: {use: sface}
)";

struct Right {
  const char* name;
  const char* steps;
};

void PrintTo(const Right& right, std::ostream* out) {
  *out << right.steps;
}

class RightFindings : public testing::TestWithParam<Right> {};

TEST_P(RightFindings, AreTaken) {
  const auto spec = read(kModels + std::string("steps: ") + GetParam().steps + "\n");
  EXPECT_TRUE(spec) << spec.error().to_string();
}

INSTANTIATE_TEST_SUITE_P(
    All, RightFindings,
    testing::Values(
        Right{"PointsOfAnyOfItsModels", "{f: heads, w: {model: who, on: f}}"},
        Right{"PointsOfAMesh", "{f: faces, p: {model: points, on: f}, w: {model: who, on: p}}"},
        Right{"TheBoxAlone", "{f: faces, w: {model: crop, on: f}}"},
        Right{"ASwitchForTheWholePicture",
              "{k: kind, w: {model: who, on: k, keep: {labels: [face], min_score: 0.5}}}"},
        Right{"AMaskAsASwitch", "{m: mask, b: {model: boxes, on: m}, k: {model: kind, on: m}}"},
        Right{"BoxesOfMasks", "{m: mask, t: {track: sort, on: m, keep: {min_side: 9}}}"},
        Right{"TextOnAPlate", "{b: boxes, r: {model: reader, on: b}}"},
        Right{"TextAsItStands",
              "{l: lines, a: {model: angle, on: l}, r: {model: reader, on: a, keep: {labels: ['180'"
              "]}}, t: {track: sort, on: r}}"},
        Right{"OneOfTwoHasLabels",
              "{f: faces, l: {model: look, on: f}, k: {model: kind, on: [f, l],"
              " keep: {labels: Face, min_side: 3, min_score: 0.1}}}"},
        Right{"OneOfTwoThatAreFollowedHasPoints",
              "{f: faces, h: heads, t: {track: sort, on: [f, h]}, w: {model: who, on: t}}"},
        Right{"ATruthIsFollowedAndCut",
              "{r: {truth: true}, t: {track: sort, on: r, keep: {labels: "
              "person, min_side: 4}}, l: {model: look, on: t}}"},
        Right{"AFamilyOfOnesOwn",
              "{m: mine, t: {track: sort, on: m}, w: {model: who, on: t, keep: "
              "{labels: a, zone: [[0, 0], [1, 0], [1, 1]]}}}"},
        Right{"AFamilyThatIsGuessed", "{m: guessed, t: {track: sort, on: m}}"},
        Right{"ANameOfACatalogue", "{m: {model: named, score: 0.5}, t: {track: sort, on: m}}"}),
    [](const auto& row) { return std::string(row.param.name); });

class Catalogued : public testing::Test {
 protected:
  Catalogued() { EXPECT_TRUE(add_builtin_families(families_)); }
  std::string told(const std::string& yaml) const {
    const auto spec = read(yaml);
    EXPECT_TRUE(spec) << spec.error().to_string();
    const Status status = check_findings(*spec, known_models(*spec, families_, &names_));
    return status ? "" : status.error().to_string();
  }
  void add(const std::string& entry) {
    const Status added = names_.add_text("catalogue:\n" + entry, "own.yaml");
    ASSERT_TRUE(added) << added.error().to_string();
  }

  FamilyRegistry families_;
  catalogue::Catalogue names_ = catalogue::Catalogue::built_in().value();
};

constexpr const char* kWho =
    "models: {f: {use: yunet}, e: {use: sface}}\n"
    "steps: {faces: f, who: {model: e, on: faces}}\n";

TEST_F(Catalogued, NamesTellTheirFamilies) {
  EXPECT_EQ(told(kWho), "");
  EXPECT_EQ(told("models: {e: {use: sface}}\nsteps: {who: e, same: {track: sort, on: who}}\n"),
            "p.yaml:2:41: 'same' follows boxes, and 'who' gives an embedding; make a step of a "
            "detector, and look 'on' that");
}

TEST_F(Catalogued, AFamilyThatTheFileNamesCountsMoreThanThatOfTheName) {
  EXPECT_EQ(told("models: {e: {use: sface, family: of-my-own}}\n"
                 "steps: {who: e, same: {track: sort, on: who}}\n"),
            "");
}

TEST_F(Catalogued, ANameOfOnesOwnCountsAndItsOptionsDo) {
  add("  yunet: {path: face.onnx, family: ultraface}\n");
  EXPECT_THAT(told(kWho), HasSubstr("'faces' gives no points"));
  add("  sface: {path: who.onnx, family: embedding, family_options: {align: false}}\n");
  EXPECT_EQ(told(kWho), "");
  EXPECT_THAT(told("models: {f: {use: yunet}, e: {use: sface, family_options: {align: true}}}\n"
                   "steps: {faces: f, who: {model: e, on: faces}}\n"),
              HasSubstr("'faces' gives no points"));
}

// Of families of a program's own, which no file could tell.
class Loaded : public testing::Test {
 protected:
  Loaded() : file_(fs::path(testing::TempDir()) / ("given_" + std::to_string(getpid()) + ".fake")) {
    test::write_level_model(file_.string(), 0);
  }
  ~Loaded() override { fs::remove(file_); }
  std::string told(const std::optional<Gives>& gives) const {
    const auto runtime = Runtime::create({.threads = 1, .may_pull = false}).value();
    FamilyInfo level = test::level_family();
    level.gives = gives;
    EXPECT_TRUE(runtime->families().add(level));
    auto spec = read("models: {m: {file: " + file_.string() +
                     ", family: level}}\nsteps: {a: m, t: {track: sort, on: a}}\n");
    EXPECT_TRUE(spec) << spec.error().to_string();
    const auto pipe = Pipeline::make(*runtime, std::move(spec).value());
    return pipe ? "" : pipe.error().to_string();
  }

  fs::path file_;
};

TEST_F(Loaded, ModelsTellWhatTheirFamiliesGive) {
  EXPECT_EQ(told(Gives{.mask = true}),
            "p.yaml:2:36: 't' follows boxes, and 'a' gives a mask; make a step of a detector, and "
            "look 'on' that");
  EXPECT_EQ(told(labelled_boxes()), "");
  EXPECT_EQ(told(std::nullopt), "");
}

}  // namespace
}  // namespace weir
