#include "apps/cli/demo/page.h"

#include <algorithm>

#include "apps/cli/demo/html.h"
#include "apps/cli/demo/style.h"
#include "apps/cli/text.h"

namespace weir::cli::demo {
namespace {

std::string fact(std::string_view title, std::string_view value, bool big = false) {
  return "<div>" + element("dt", title) + element("dd", value, big ? "class=\"big\"" : "") +
         "</div>\n";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string anchor(const std::string& name) {
  return "model-" + name;
}

std::string head(const Report& report) {
  const std::size_t ran = report.models.size() - report.failed();
  std::string html =
      "<header>\n<h1>Weir <span>demo</span></h1>\n<p class=\"lead\">" +
      escape(
          "Every model of the default catalogue that a back end of this build can read, run on "
          "this machine with one thread each.") +
      "</p>\n<dl class=\"facts\">\n";
  html += fact("models that ran",
               std::to_string(ran) + " of " + std::to_string(report.models.size()), true);
  html += fact("back ends", joined(report.backends));
  html += fact("machine", report.machine + ", " + std::to_string(report.cores) +
                              (report.cores == 1 ? " core" : " cores"));
  html += fact("made", report.when + " by " + report.version);
  return html + "</dl>\n</header>\n";
}

std::string shot(const Shot& picture) {
  std::string html = "<figure><img src=\"data:image/jpeg;base64," + base64(picture.jpeg) +
                     "\" width=\"" + std::to_string(picture.width) + "\" height=\"" +
                     std::to_string(picture.height) + "\" alt=\"" + escape(picture.alt) + "\">";
  if (!picture.caption.empty()) html += element("figcaption", picture.caption);
  return html + "</figure>\n";
}

std::vector<Detection> found_in(const ModelResult& model, const Shot& picture) {
  std::vector<Detection> found;
  for (const Detection& detection : model.detections) {
    if (detection.picture == picture.picture) found.push_back(detection);
  }
  return found;
}

std::string found_list(const std::vector<Detection>& found) {
  if (found.empty()) return "<p>Nothing was found in the picture.</p>\n";
  std::string html = "<ol class=\"found\">\n";
  for (const Detection& detection : found) {
    html += "<li>" + element("span", detection.label) +
            element("span", fixed(static_cast<double>(detection.score) * 100, 0) + " %") +
            "</li>\n";
  }
  return html + "</ol>\n";
}

// The detector whose boxes can be shown: each picture large, what was found beside it.
std::string hero(const Report& report) {
  for (const ModelResult& model : report.models) {
    if (!model.decoded || model.shots.empty()) continue;
    std::string html = "<section aria-labelledby=\"found\">\n<h2 id=\"found\">What " +
                       escape(model.name) + " found</h2>\n";
    for (const Shot& picture : model.shots) {
      const std::vector<Detection> found = found_in(model, picture);
      html +=
          "<div class=\"card hero\">\n" + shot(picture) + "<div>\n" +
          element("h3", with_commas(found.size()) + (found.size() == 1 ? " object" : " objects")) +
          found_list(found) + "</div>\n</div>\n";
    }
    return html + "</section>\n";
  }
  return {};
}

std::vector<std::string> backend_names(const Report& report) {
  std::vector<std::string> names;
  for (const ModelResult& model : report.models) {
    for (const BackendResult& result : model.backends) {
      if (std::find(names.begin(), names.end(), result.backend) == names.end()) {
        names.push_back(result.backend);
      }
    }
  }
  return names;
}

std::string speed_cell(const ModelResult& model, const std::string& backend) {
  for (const BackendResult& result : model.backends) {
    if (result.backend != backend) continue;
    if (!result.error.empty()) return element("td", "failed", "class=\"number\"");
    const bool fast = model.backends.size() > 1 && &result == model.fastest();
    return element("td", format_ms(result.median_ms()),
                   fast ? "class=\"number fast\"" : "class=\"number\"");
  }
  return element("td", "–", "class=\"number\"");
}

std::string overview(const Report& report) {
  const std::vector<std::string> backends = backend_names(report);
  std::string html =
      "<section aria-labelledby=\"speed\">\n<h2 id=\"speed\">Speed</h2>\n<div class=\"card wide\">"
      "<table>\n" +
      element("caption", "Median time of one run, batch 1, one thread, after " +
                             std::to_string(report.warm_up) + " runs of warm-up, over " +
                             fixed(report.seconds, 1) + " s each; the faster one is bold") +
      "\n<thead><tr>" + element("th", "model", "scope=\"col\"") +
      element("th", "task", "scope=\"col\"");
  for (const std::string& backend : backends) {
    html += element("th", backend, "scope=\"col\" class=\"number\"");
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const ModelResult& model : report.models) {
    html += "<tr><th scope=\"row\"><a href=\"#" + escape(anchor(model.name)) + "\">" +
            escape(model.name) + "</a></th>" + element("td", model.task);
    for (const std::string& backend : backends) html += speed_cell(model, backend);
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n</section>\n";
}

std::string tensor_rows(std::string_view title, const std::vector<TensorInfo>& tensors) {
  constexpr std::size_t kMost = 6;
  std::string html;
  for (std::size_t i = 0; i < std::min(tensors.size(), kMost); ++i) {
    html +=
        "<tr>" + element("th", i == 0 ? title : "", "scope=\"row\"") + "<td>" +
        element("code", tensors[i].name) + "</td><td>" +
        element("code", std::string(name(tensors[i].dtype)) + " " + to_string(tensors[i].shape)) +
        "</td></tr>\n";
  }
  if (tensors.size() > kMost) {
    html += "<tr><th scope=\"row\"></th><td colspan=\"2\">and " +
            std::to_string(tensors.size() - kMost) + " more</td></tr>\n";
  }
  return html;
}

std::string tensors(const ModelResult& model) {
  if (model.inputs.empty() && model.outputs.empty()) return {};
  return "<table class=\"tensors\">" + element("caption", "Inputs and outputs") + "<tbody>\n" +
         tensor_rows("in", model.inputs) + tensor_rows("out", model.outputs) + "</tbody></table>\n";
}

std::string speeds(const ModelResult& model) {
  double slowest = 0;
  for (const BackendResult& result : model.backends) {
    if (result.error.empty()) slowest = std::max(slowest, result.median_ms());
  }
  if (slowest <= 0) return {};
  std::string html = "<table>" + element("caption", "Speed, one thread") + "<tbody>\n";
  for (const BackendResult& result : model.backends) {
    if (!result.error.empty()) continue;
    const double share = std::max(1.0, 100 * result.median_ms() / slowest);
    html += "<tr><th scope=\"row\">" + escape(result.backend) +
            "<div class=\"bar\" style=\"width:" + fixed(share, 0) +
            "%\" aria-hidden=\"true\"></div></th>" +
            element("td", format_ms(result.median_ms()), "class=\"number\"") +
            element("td", format_count(result.items_per_second) + "/s", "class=\"number\"") +
            "</tr>\n";
  }
  return html + "</tbody></table>\n";
}

std::string errors(const ModelResult& model) {
  std::string html;
  if (!model.error.empty()) html += element("p", model.error, "class=\"bad\"");
  for (const BackendResult& result : model.backends) {
    if (result.error.empty()) continue;
    html += element("p", result.backend + ": " + result.error, "class=\"bad\"");
  }
  return html;
}

std::string card(const ModelResult& model) {
  std::string html = "<article class=\"card" + std::string(model.ok() ? "" : " failed") +
                     "\" id=\"" + escape(anchor(model.name)) + "\">\n" + element("h3", model.name);
  if (!model.task.empty()) html += element("span", model.task, "class=\"task\"");
  if (!model.about.empty()) html += element("p", model.about);
  html += errors(model);
  // Those of a detector stand large at the top.
  for (const Shot& picture : model.shots) {
    if (!model.decoded) html += shot(picture);
  }
  if (model.shots.empty() && !model.input_note.empty()) {
    html += element("p", model.input_note, "class=\"small\"");
  }
  html += speeds(model) + tensors(model);
  std::string origin = format_bytes(model.bytes);
  for (const std::string& part : {model.facts, model.licence, model.source, model.package}) {
    if (!part.empty()) origin += " · " + part;
  }
  if (model.bytes > 0) html += element("p", origin, "class=\"small\"");
  return html + "</article>\n";
}

}  // namespace

std::string page(const Report& report) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<title>Weir demo</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>" +
      std::string(kStyle) +
      "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to "
      "the results</a>\n";
  html += head(report) + "<main id=\"main\">\n" + hero(report) + overview(report) +
          "<section aria-labelledby=\"models\">\n<h2 id=\"models\">The models</h2>\n"
          "<div class=\"cards\">\n";
  for (const ModelResult& model : report.models) html += card(model);
  return html + "</div>\n</section>\n</main>\n<footer>" +
         escape("Times are of this machine (" + report.system +
                ") while nothing else was asked of it; compare them with each other, not with "
                "those of another machine.") +
         "</footer>\n</body>\n</html>\n";
}

}  // namespace weir::cli::demo
