#include "weir/source/picture_source.h"
#include "weir/source/scene_source.h"
#include "weir/source/source.h"
#include "weir/source/video_source.h"

namespace weir {

Result<std::unique_ptr<Source>> open_source(const SourceSpec& spec, const SourceOptions& options) {
  if (!spec.video.empty()) return open_video_source(spec, options);
  if (spec.scene) return open_scene_source(spec);
  return open_picture_source(spec);
}

}  // namespace weir
