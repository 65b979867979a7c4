#include "weir/model/labels.h"

#include <fstream>
#include <iterator>
#include <string_view>

#include "weir/base/nearest_name.h"

namespace weir {
namespace {

struct KnownSet {
  std::string_view name;
  std::string_view lines;
};

constexpr KnownSet kKnownSets[] = {
    {"cityscapes",
     "road\nsidewalk\nbuilding\nwall\nfence\npole\ntraffic light\ntraffic sign\nvegetation\n"
     "terrain\nsky\nperson\nrider\ncar\ntruck\nbus\ntrain\nmotorcycle\nbicycle\n"},
    {"coco",
     "person\nbicycle\ncar\nmotorcycle\nairplane\nbus\ntrain\ntruck\nboat\ntraffic light\n"
     "fire hydrant\nstop sign\nparking meter\nbench\nbird\ncat\ndog\nhorse\nsheep\ncow\nelephant\n"
     "bear\nzebra\ngiraffe\nbackpack\numbrella\nhandbag\ntie\nsuitcase\nfrisbee\nskis\nsnowboard\n"
     "sports ball\nkite\nbaseball bat\nbaseball glove\nskateboard\nsurfboard\ntennis racket\n"
     "bottle\nwine glass\ncup\nfork\nknife\nspoon\nbowl\nbanana\napple\nsandwich\norange\n"
     "broccoli\ncarrot\nhot dog\npizza\ndonut\ncake\nchair\ncouch\npotted plant\nbed\n"
     "dining table\ntoilet\ntv\nlaptop\nmouse\nremote\nkeyboard\ncell phone\nmicrowave\noven\n"
     "toaster\nsink\nrefrigerator\nbook\nclock\nvase\nscissors\nteddy bear\nhair drier\n"
     "toothbrush\n"},
    {"voc",
     "background\naeroplane\nbicycle\nbird\nboat\nbottle\nbus\ncar\ncat\nchair\ncow\ndining table\n"
     "dog\nhorse\nmotorbike\nperson\npotted plant\nsheep\nsofa\ntrain\ntv monitor\n"},
};

// Enough for any set of classes, and too little for a file that is no list of names.
constexpr std::size_t kMaxFileBytes = 16U << 20U;

Result<LabelSet> from_file(const std::string& path, const std::string& where) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error(ErrorCode::kNotFound, "cannot read the labels of " + path, where);
  std::string text;
  std::vector<char> part(1U << 16U);
  while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0) {
    text.append(part.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxFileBytes || text.find('\0') != std::string::npos) {
      return Error(ErrorCode::kInvalidArgument, path + " is no list of labels", where,
                   "a text file with one name a line");
    }
  }
  return LabelSet::from_lines(text);
}

}  // namespace

std::vector<std::string> known_label_sets() {
  std::vector<std::string> names;
  for (const KnownSet& set : kKnownSets) names.emplace_back(set.name);
  return names;
}

Result<std::shared_ptr<const LabelSet>> load_labels(const LabelSpec& spec,
                                                    const std::string& where) {
  if (spec.empty()) return std::shared_ptr<const LabelSet>();
  if (!spec.names.empty()) return std::make_shared<const LabelSet>(spec.names);
  if (!spec.file.empty()) {
    WEIR_ASSIGN(LabelSet labels, from_file(spec.file, where));
    return std::make_shared<const LabelSet>(std::move(labels));
  }
  for (const KnownSet& set : kKnownSets) {
    if (set.name == spec.set) {
      return std::make_shared<const LabelSet>(LabelSet::from_lines(set.lines));
    }
  }
  return Error(ErrorCode::kNotFound, "no set of labels '" + spec.set + "'", where,
               hint_for_name(spec.set, known_label_sets()));
}

}  // namespace weir
