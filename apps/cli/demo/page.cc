#include "apps/cli/demo/page.h"

#include <algorithm>

#include "apps/cli/page/html.h"
#include "apps/cli/report/run_page.h"
#include "apps/cli/text.h"
#include "weir/base/xml_text.h"

namespace weir::cli::demo {
namespace {

using html::element;
using html::fact;
using html::figure;

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string anchor(const std::string& name) {
  return "model-" + name;
}

// The run of the street and the pictures leads; without it the models do.
std::string head(const Report& report) {
  const std::size_t ran = report.models.size() - report.failed();
  std::string text = "<header>\n<h1>Weir <span>demo</span></h1>\n";
  if (report.street) {
    text +=
        element("p",
                "A street video and a folder of pictures through one pipeline, side by side: "
                "objects, tracks and poses of the street; objects, faces, hands and text of the "
                "pictures. Below, every model of the catalogue on its own.",
                "class=\"lead\"") +
        run_facts(*report.street);
  } else {
    text += element("p",
                    "Every model of the default catalogue that a back end of this build can read, "
                    "run on this machine with one thread each.",
                    "class=\"lead\"");
  }
  if (!report.street_error.empty()) {
    text += element("p", "The street was not run: " + report.street_error, "class=\"bad\"");
  }
  if (report.models.empty()) return text + "</header>\n";
  text += "<dl class=\"facts\">\n" +
          fact("models that ran",
               std::to_string(ran) + " of " + std::to_string(report.models.size()), true) +
          fact("back ends", joined(report.backends));
  if (!report.street) {
    text += fact("machine", report.machine + ", " + std::to_string(report.cores) +
                                (report.cores == 1 ? " core" : " cores")) +
            fact("made", report.when + " by " + report.version);
  }
  return text + "</dl>\n</header>\n";
}

// A picture large, and what was found in it beside it.
std::string scene(const Scene& played, std::size_t number) {
  const std::string id = "scene-" + std::to_string(number);
  std::string html = "<section aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" +
                     escape_xml(played.title) + "</h2>\n" +
                     element("p", played.about + " By " + joined(played.models) + ".");
  if (!played.error.empty()) html += element("p", played.error, "class=\"bad\"");
  for (const Shot& picture : played.shots) {
    html += "<div class=\"card hero\">\n" + figure(picture) + "<div>\n" +
            html::list(picture.found) + "</div>\n</div>\n";
  }
  return html + "</section>\n";
}

std::string scenes(const Report& report) {
  std::string html;
  for (std::size_t i = 0; i < report.scenes.size(); ++i) html += scene(report.scenes[i], i);
  return html;
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
    html += "<tr><th scope=\"row\"><a href=\"#" + escape_xml(anchor(model.name)) + "\">" +
            escape_xml(model.name) + "</a></th>" + element("td", model.task);
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
    html += "<tr><th scope=\"row\">" + escape_xml(result.backend) +
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
                     "\" id=\"" + escape_xml(anchor(model.name)) + "\">\n" +
                     element("h3", model.name);
  if (!model.task.empty()) html += element("span", model.task, "class=\"task\"");
  if (!model.about.empty()) html += element("p", model.about);
  html += errors(model);
  for (const Shot& picture : model.shots) html += figure(picture);
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

std::string street(const Report& report) {
  return report.street ? run_frames(*report.street) + run_details(*report.street) : std::string();
}

}  // namespace

std::string page(const Report& report) {
  std::string body = head(report) + "<main id=\"main\">\n" + street(report) + scenes(report);
  if (!report.models.empty()) {
    body += overview(report) +
            "<section aria-labelledby=\"models\">\n<h2 id=\"models\">The models</h2>\n"
            "<div class=\"cards\">\n";
    for (const ModelResult& model : report.models) body += card(model);
    body += "</div>\n</section>\n";
  }
  body += "</main>\n<footer>" +
          escape_xml("Times are of this machine (" + report.system +
                     ") while nothing else was asked of it; compare them with each other, not with "
                     "those of another machine.") +
          "</footer>\n";
  return html::document("Weir demo", body);
}

}  // namespace weir::cli::demo
