#include "weir/ops/draw/painter.h"

#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "weir/ops/draw/drawing.h"

namespace weir {
namespace {

// Of more streams than this, the trails begin anew.
constexpr std::size_t kMaxStreams = 1024;

Status check_canvas(const ImageView& picture) {
  WEIR_TRY(check(picture));
  if (picture.rotation == Rotation::k0) return {};
  return Error(ErrorCode::kUnsupported, "findings are not drawn into a picture that is turned", "",
               "make it upright first");
}

Status check_spec(const DrawSpec& spec) {
  const auto wrong = [](const std::string& what) {
    return Error(ErrorCode::kInvalidArgument, what);
  };
  if (!(spec.scale > 0) || spec.scale > 100) {
    return wrong("the scale of a drawing is above 0 and at most 100");
  }
  if (spec.trail < 0 || spec.trail > 10000) return wrong("a trail has 0 to 10000 places");
  if (!(spec.mask_opacity >= 0) || spec.mask_opacity > 1) {
    return wrong("the opacity of masks is from 0 to 1");
  }
  return {};
}

}  // namespace

struct Painter::State {
  DrawSpec spec;
  std::optional<FontSet> fonts;
  std::map<std::string, Trails, std::less<>> trails;

  Trails& trails_of(const std::string& stream) {
    const auto known = trails.find(stream);
    if (known != trails.end()) return known->second;
    if (trails.size() >= kMaxStreams) trails.clear();
    return trails.emplace(stream, Trails(spec.trail)).first->second;
  }
};

Painter::Painter(std::unique_ptr<State> state) : state_(std::move(state)) {}
Painter::Painter(Painter&&) noexcept = default;
Painter& Painter::operator=(Painter&&) noexcept = default;
Painter::~Painter() = default;

Result<Painter> Painter::open(const DrawSpec& spec) {
  WEIR_TRY(check_spec(spec));
  auto state = std::make_unique<State>();
  state->spec = spec;
  if (spec.labels) {
    Result<FontSet> fonts = FontSet::open({.file = spec.font, .folders = {}});
    if (fonts) {
      state->fonts = std::move(fonts).value();
    } else if (!spec.font.empty()) {
      return std::move(fonts).error();
    }
  }
  return Painter(std::move(state));
}

bool Painter::writes_text() const {
  return state_->fonts.has_value();
}

Status Painter::paint(const ImageView& picture, const Task& task) {
  WEIR_TRY(check_canvas(picture));
  Trails& trails = state_->trails_of(task.stream);
  trails.add(task);
  FontSet* fonts = state_->fonts ? &*state_->fonts : nullptr;
  Drawing(picture, task, state_->spec, fonts, trails).draw();
  return {};
}

void Painter::forget_trails(const std::string& stream) {
  state_->trails.erase(stream);
}

Status draw_findings(const ImageView& picture, const Task& task, const DrawSpec& spec) {
  WEIR_ASSIGN(Painter painter, Painter::open(spec));
  return painter.paint(picture, task);
}

}  // namespace weir
