// What is written leaves what is read as it is, whatever names the files have.
#include "weir/assemble/check_inputs.h"

#include "tests/assemble/run_support.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// Files that are there: in/a.png, in/film_1.png, clip.mp4, and two more names of clip.mp4.
class CheckInputs : public testing::RunTest {
 protected:
  CheckInputs() {
    fs::create_directory(at("in"));
    write_pictures({"in/a.png", "in/film_1.png"});
    write_video("clip.mp4", 2);
    fs::create_symlink("clip.mp4", at("link.mp4"));
    fs::create_hard_link(at("clip.mp4"), at("hard.mp4"));
    fs::create_directory_symlink("in", at("door"));
  }

  // With {} for the folder of the test.
  std::string message_of(std::string source, std::string sink) const {
    for (std::string* text : {&source, &sink}) {
      for (std::size_t i = 0; (i = text->find("{}")) != std::string::npos;) {
        text->replace(i, 2, folder_.string());
      }
    }
    const auto root = config::load_text(
        "models: {m: {file: m.fake, family: one-box}}\n"
        "steps: {things: {model: m}, tracks: {track: sort, on: "
        "things}}\nsources: {s: {" +
            source + "}}\nsinks: [{" + sink + "}]\n",
        at("p.yaml"));
    auto spec = read_pipeline_spec(*root);
    if (!spec) return "not a pipeline: " + spec.error().to_string();
    const Status kept = check_inputs_are_kept(*spec);
    return kept ? "" : kept.error().to_string();
  }
};

TEST_F(CheckInputs, RefusesWhatWouldWriteOverThem) {
  const std::vector<std::vector<std::string>> rows = {
      {"video: clip.mp4", "video: '{}/clip.mp4'", "clip.mp4"},
      {"video: clip.mp4", "video: '{}/in/../link.mp4'", "clip.mp4"},
      {"video: link.mp4", "video: '{}/hard.mp4'", "link.mp4"},
      {"pictures: in/", "pictures: '{}/in/{stem}.png'", "a.png"},
      {"pictures: door/", "pictures: '{}/in/{stem}.png'", "a.png"},
      {"pictures: 'in/*.png'", "pictures: '{}/door/film_{seq}.png'", "film_1.png"},
      {"sequence: 'in/film_%d.png'", "crops: '{}/{label}/film_{id}.png'", "film_1.png"},
  };
  for (const std::vector<std::string>& row : rows) {
    const std::string message = message_of(row[0], row[1]);
    EXPECT_NE(message.find("p.yaml:4:"), std::string::npos) << row[1] << ": " << message;
    EXPECT_NE(message.find(row[2] + ", which is read"), std::string::npos) << row[1] << message;
  }
}

TEST_F(CheckInputs, LetsEverythingElseBeWritten) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"video: clip.mp4", "video: '{}/{source}.mp4'"},
      {"video: clip.mp4", "jsonl: '-'"},
      {"pictures: in/", "pictures: '{}/in/{stem}.jpg'"},
      {"pictures: in/", "pictures: '{}/in/{stem}_.png'"},
      {"pictures: in/", "pictures: '{}/out/{stem}.png'"},
      {"pictures: in/", "crops: '{}/in/'"},
      {"scene: {people: 1}", "pictures: '{}/in/{stem}.png'"},
  };
  for (const auto& [source, sink] : rows) EXPECT_EQ(message_of(source, sink), "") << sink;
}

TEST_F(CheckInputs, ARunRefusesBeforeItOpensASink) {
  const auto pipe = make("sources: {s: {video: clip.mp4}}\nsinks: [{jsonl: " + at("r.jsonl") +
                         "}, {video: " + at("link.mp4") + "}]\n");
  const auto size = fs::file_size(at("clip.mp4"));
  const auto report = run_pipeline(*pipe);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(fs::file_size(at("clip.mp4")), size);
  EXPECT_FALSE(fs::exists(at("r.jsonl")));
}

}  // namespace
}  // namespace weir
