// JSON Lines, CSV and MOT: what one task is in lines of text.
#include <cmath>
#include <set>
#include <utility>

#include "weir/base/json_text.h"
#include "weir/data/finding_json.h"
#include "weir/ops/box.h"
#include "weir/sink/formats.h"
#include "weir/sink/text_sink.h"

namespace weir {
namespace {

void append_jsonl(std::string& out, const Task& task, const SinkSpec& spec) {
  append_task_json(out, task, {.embeddings = spec.embeddings});
  out += '\n';
}

constexpr std::string_view kCsvHead =
    "stream,seq,time_ms,outcome,id,parent,step,label,label_id,score,x1,y1,x2,y2,track,text,"
    "reused_from\r\n";

// RFC 4180: quoted where it has to be, quotes doubled. Bytes that are not UTF-8 become U+FFFD.
void append_csv_text(std::string& out, std::string_view text) {
  const bool quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
  if (quoted) out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (text.front() == '"') out += '"';
    out += length == 0 ? std::string_view("\uFFFD") : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  if (quoted) out += '"';
}

void append_if(std::string& out, int64_t value) {
  if (value >= 0) append_json_number(out, value);
}

void append_if(std::string& out, double value) {
  if (std::isfinite(value)) append_json_number(out, value);
}

void append_if(std::string& out, float value) {
  if (std::isfinite(value)) append_json_number(out, value);
}

void append_csv_finding(std::string& out, const Task& task, const Finding& finding) {
  append_if(out, int64_t{finding.id});
  append_if(out += ',', int64_t{finding.parent});
  append_csv_text(out += ',', task.step_name(finding));
  append_csv_text(out += ',', finding.best ? task.label_name(finding, *finding.best) : "");
  append_if(out += ',', finding.best ? int64_t{finding.best->label_id} : -1);
  out += ',';
  if (finding.best) append_if(out, finding.best->score);
  const bool has_box = finding.box && is_finite(*finding.box);
  const Box box = has_box ? *finding.box : Box{};
  for (const float side : {box.x1, box.y1, box.x2, box.y2}) {
    out += ',';
    if (has_box) append_if(out, side);
  }
  append_if(out += ',', finding.track);
  append_csv_text(out += ',', finding.text);
  append_if(out += ',', finding.reused_from);
}

void append_csv(std::string& out, const Task& task, const SinkSpec& /*spec*/) {
  std::string row;
  append_csv_text(row, task.stream);
  append_json_number(row += ',', task.seq);
  append_if(row += ',', task.time_ms);
  append_csv_text(row += ',', name(task.outcome));
  row += ',';
  for (const Finding& finding : task.findings) {
    append_csv_finding(out += row, task, finding);
    out += "\r\n";
  }
  if (task.findings.empty()) out += row + std::string(12, ',') + "\r\n";
}

// frame, id, left, top, width, height, score, and three that only 3D data has.
void append_mot(std::string& out, const Task& task, const SinkSpec& /*spec*/) {
  std::set<int64_t> seen;
  for (const Finding& finding : task.findings) {
    if (finding.track < 0 || !finding.box || !is_finite(*finding.box)) continue;
    // What was found in a track carries its number too.
    if (!seen.insert(finding.track).second) continue;
    const Box& box = *finding.box;
    append_json_number(out, task.seq + 1);
    append_json_number(out += ',', finding.track);
    for (const float value :
         {box.x1, box.y1, box.width(), box.height(), finding.best ? finding.best->score : 1.0F}) {
      append_json_number(out += ',', std::isfinite(value) ? value : 0.0F);
    }
    out += ",-1,-1,-1\n";
  }
}

}  // namespace

Result<std::unique_ptr<Sink>> open_jsonl_sink(const SinkSpec& spec, std::stop_token give_up) {
  return open_text_sink(spec, {SinkFormat::kJsonl, "", append_jsonl}, std::move(give_up));
}

Result<std::unique_ptr<Sink>> open_csv_sink(const SinkSpec& spec, std::stop_token give_up) {
  return open_text_sink(spec, {SinkFormat::kCsv, kCsvHead, append_csv}, std::move(give_up));
}

Result<std::unique_ptr<Sink>> open_mot_sink(const SinkSpec& spec, std::stop_token give_up) {
  return open_text_sink(spec, {SinkFormat::kMot, "", append_mot}, std::move(give_up));
}

}  // namespace weir
