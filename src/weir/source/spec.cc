#include "weir/source/spec.h"

#include "weir/source/sequence_files.h"

namespace weir {
namespace {

using config::error_at;
using config::field;
using config::Fields;
using config::Node;

constexpr const char* kKinds = "video, pictures, sequence, scene";

// What a key says nothing about, in this kind of source.
struct KeyOf {
  const char* key;
  bool set;
  bool fits;
  const char* of;
};

// The kinds that are given, as they are called.
std::vector<const char*> kinds_of(const SourceSpec& spec) {
  std::vector<const char*> kinds;
  if (!spec.video.empty()) kinds.push_back("video");
  if (!spec.pictures.empty()) kinds.push_back("pictures");
  if (!spec.sequence.empty()) kinds.push_back("sequence");
  if (spec.scene) kinds.push_back("scene");
  return kinds;
}

config::Place place_of(const Node& node, const char* key) {
  const Node::Entry* entry = node.find_entry(key);
  return entry != nullptr ? entry->place : node.where();
}

Status check_keys(const SourceSpec& spec, const Node& node, const std::string& called) {
  const bool video = !spec.video.empty();
  const bool scene = spec.scene.has_value();
  const bool files = !video && !scene;
  for (const KeyOf& row : {KeyOf{"start", spec.start > 0, !files, "a video or a scene"},
                           KeyOf{"end", spec.end > 0, !files, "a video or a scene"},
                           KeyOf{"first", spec.first >= 0, !spec.sequence.empty(), "a sequence"},
                           KeyOf{"rate", spec.rate > 0, files, "pictures or a sequence"},
                           KeyOf{"threads", spec.threads > 0, video, "a video"}}) {
    if (row.set && !row.fits) {
      return error_at(place_of(node, row.key),
                      called + " has '" + row.key + "', which is of " + row.of, "leave it out");
    }
  }
  if (spec.fps > 0 && files && spec.rate <= 0) {
    return error_at(place_of(node, "fps"), called + " has no times to thin out by",
                    "say with 'rate: 25' how many pictures are a second, or take 'every: 5'");
  }
  if (spec.fps > 0 && spec.every > 1) {
    return error_at(place_of(node, "every"), called + " has both 'fps' and 'every'",
                    "one of them says which frames are taken");
  }
  return {};
}

Status check_source(const SourceSpec& spec, const Node& node, const std::string& name) {
  const std::string called = name.empty() ? "this source" : "'" + name + "'";
  const std::vector<const char*> kinds = kinds_of(spec);
  if (kinds.empty()) {
    return error_at(node, called + " does not say what to read",
                    std::string("write one of ") + kKinds + ", such as 'video: file.mp4'");
  }
  if (kinds.size() > 1) {
    return error_at(place_of(node, kinds[0]),
                    called + " cannot be both " + kinds[0] + " and " + kinds[1],
                    "make two sources");
  }
  if (spec.end > 0 && spec.end <= spec.start) {
    return error_at(place_of(node, "end"), called + " ends before it starts",
                    "both are seconds of its time");
  }
  if (!spec.sequence.empty()) {
    if (Status named = check_sequence_name(spec.sequence.path); !named) {
      return error_at(place_of(node, "sequence"), spec.sequence.path + ": " + named.error().message,
                      named.error().hint);
    }
  }
  return check_keys(spec, node, called);
}

}  // namespace

std::vector<config::EnumName<SourceSpec::Pace>> config_names(SourceSpec::Pace) {
  return {{"free", SourceSpec::Pace::kFree}, {"real", SourceSpec::Pace::kReal}};
}

const Fields<SceneSpec>& config_fields(const SceneSpec*) {
  static const Fields<SceneSpec> fields = Fields<SceneSpec>(
      "scene", "A street that is drawn: people and cars that walk and drive through.",
      {field("seed", &SceneSpec::seed).help("Another number is another street."),
       field("width", &SceneSpec::width).range(16, 8192).unit("pixels"),
       field("height", &SceneSpec::height).range(16, 8192).unit("pixels"),
       field("fps", &SceneSpec::fps).range(0.1, 1000).help("Frames a second."),
       field("people", &SceneSpec::people).range(0, 1000).help("At a time, about."),
       field("cars", &SceneSpec::cars).range(0, 1000).help("The same.")});
  return fields;
}

const Fields<SourceSpec>& config_fields(const SourceSpec*) {
  static const Fields<SourceSpec> fields =
      Fields<SourceSpec>(
          "source", "Where tasks come from: exactly one of video, pictures, sequence and scene.",
          {field("video", &SourceSpec::video)
               .example("gate.mp4")
               .help("A video file, of any kind that FFmpeg reads."),
           field("pictures", &SourceSpec::pictures)
               .one_or_list()
               .example("photos/")
               .help("Picture files, folders and patterns ('frames/*.png'), in the order of their "
                     "names; numbers in names count as numbers."),
           field("sequence", &SourceSpec::sequence)
               .example("film/img_%04d.png")
               .help("Pictures by the number in their name, in its order. What is missing between "
                     "two is told as one task that failed, and the rest goes on."),
           field("scene", &SourceSpec::scene)
               .help("A street that is drawn, and whose truth is known: for trials. It goes on "
                     "until `end`."),
           field("start", &SourceSpec::start)
               .range(0, 1e9)
               .unit("seconds")
               .help("video, scene: where to begin."),
           field("end", &SourceSpec::end)
               .range(0, 1e9)
               .unit("seconds")
               .help("video, scene: where to end; 0: where the file ends; a scene goes on until it "
                     "is stopped."),
           field("first", &SourceSpec::first)
               .range(-1, 1e9)
               .help("sequence: the number to begin with; -1: the smallest that is there."),
           field("rate", &SourceSpec::rate)
               .range(0, 1000)
               .help("pictures, sequence: so many of them are a second; 0: they have no time."),
           field("every", &SourceSpec::every)
               .range(1, 1'000'000)
               .help("Takes each n-th frame or picture, and never looks at the others."),
           field("fps", &SourceSpec::fps)
               .range(0, 1000)
               .help("Takes at most so many of each second of its own time, and never looks at the "
                     "others; 0: all."),
           field("threads", &SourceSpec::threads)
               .range(0, 64)
               .help("video: threads of the decoder; 0: what the budget of the process leaves, at "
                     "least one."),
           field("loop", &SourceSpec::loop)
               .range(0, 1'000'000)
               .help("Goes through it so many times; 0: until it is stopped."),
           field("pace", &SourceSpec::pace)
               .help("free: as fast as the work goes; real: as the times of the frames say."),
           field("live", &SourceSpec::live)
               .help(
                   "As a camera: frames come as their times say, the newest wins, and what nobody "
                   "has time for is dropped and counted. Otherwise nothing is lost."),
           field("steps", &SourceSpec::steps)
               .one_or_list()
               .example("[objects, people]")
               .help("Only these steps, and those that they look at; without it, all.")})
          .check(check_source);
  return fields;
}

}  // namespace weir
