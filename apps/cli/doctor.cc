// weir doctor: what this build and this machine can do, what is missing, and how to get it.
#include <cstdlib>
#include <memory>
#include <sstream>
#include <thread>

#include "apps/cli/command.h"
#include "apps/cli/device_row.h"
#include "apps/cli/json.h"
#include "apps/cli/machine.h"
#include "apps/cli/table.h"
#include "apps/cli/text.h"
#include "apps/cli/version_text.h"
#include "weir/assemble/builtin.h"
#include "weir/assemble/runtime.h"
#include "weir/base/cpu.h"
#include "weir/catalogue/cache.h"

namespace weir::cli {
namespace {

enum class Health { kPlain, kGood, kMissing };

// One line of the report, for people and for programs.
struct Fact {
  std::string label;
  std::string text;
  Health health = Health::kPlain;
  std::string advice = {};  // what to do about it
};

struct Section {
  std::string title;
  std::vector<Fact> facts;
};

// NOLINTNEXTLINE(bugprone-exception-escape): moving Json allocates nothing
struct Report {
  std::vector<Section> sections;
  Json json;
};

std::string join(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

void look_at_build(Report& report) {
  report.json["version"] = version_number();
  report.json["git"] = git_describe();
  report.json["compiler"] = compiler();
  report.json["build"] = build_kind();
  report.sections.push_back(
      {"weir",
       {{"version", version_line()}, {"built by", compiler() + " (" + build_kind() + ")"}}});
}

std::string cores_text(int all, int usable, int quota) {
  std::string text = std::to_string(usable) + " of " + std::to_string(all) + " usable";
  if (quota > 0) text += ", the cgroup allows " + std::to_string(quota);
  return text;
}

void look_at_machine(Report& report, Runtime& runtime) {
  const int all = static_cast<int>(std::thread::hardware_concurrency());
  const int quota = cgroup_quota_cores("/");
  const Memory memory = read_memory("/");
  std::string memory_text =
      format_bytes(memory.total_bytes) + ", " + format_bytes(memory.available_bytes) + " available";
  if (memory.limit_bytes > 0) {
    memory_text += ", the cgroup allows " + format_bytes(memory.limit_bytes);
  }
  report.json["machine"] = {{"system", system_name()},
                            {"cpu", cpu_name()},
                            {"cpu_features", cpu_features()},
                            {"cores", all},
                            {"usable_cores", usable_cores()},
                            {"cgroup_quota_cores", quota},
                            {"thread_budget", runtime.threads().total()},
                            {"memory_bytes", memory.total_bytes},
                            {"memory_available_bytes", memory.available_bytes},
                            {"memory_limit_bytes", memory.limit_bytes}};
  report.sections.push_back({"machine",
                             {{"system", system_name()},
                              {"cpu", cpu_name()},
                              {"features", join(cpu_features(), " ")},
                              {"cores", cores_text(all, usable_cores(), quota)},
                              {"threads", std::to_string(runtime.threads().total()) +
                                              " for all models of a process together"},
                              {"memory", memory_text}}});
}

// The back end for tests has no devices of the machine.
bool is_for_tests(const Backend& backend) {
  return backend.name() == "fake";
}

void look_at_backends(Report& report, Runtime& runtime) {
  Section section{"back ends", {}};
  report.json["backends"] = Json::array();
  for (const auto& backend : runtime.backends().all()) {
    const bool verified = backend->capabilities().verified_on_hardware;
    report.json["backends"].push_back({{"name", backend->name()},
                                       {"version", backend->version()},
                                       {"description", backend->description()},
                                       {"reads", backend->file_types()},
                                       {"compiled_in", true},
                                       {"verified_on_hardware", verified}});
    section.facts.push_back(
        {std::string(backend->name()),
         short_version(backend->version()) + ", reads " + join(backend->file_types(), " ") +
             (is_for_tests(*backend) ? ", for tests and trials" : "") + unverified_text(verified),
         Health::kGood});
  }
  for (const AbsentBackend& absent : absent_backends()) {
    report.json["backends"].push_back(
        {{"name", absent.name}, {"compiled_in", false}, {"hint", absent.hint}});
    section.facts.push_back({absent.name, "not in this build", Health::kMissing, absent.hint});
  }
  report.sections.push_back(std::move(section));
}

void look_at_devices(Report& report, Runtime& runtime) {
  Section section{"devices", {}};
  report.json["devices"] = Json::array();
  for (const auto& backend : runtime.backends().all()) {
    if (is_for_tests(*backend)) continue;
    for (DeviceInfo& device : backend->devices()) {
      if (!device.device.is_cpu()) {
        device.verified_on_hardware &= backend->capabilities().verified_on_hardware;
      }
      report.json["devices"].push_back(device_json(backend->name(), device));
      section.facts.push_back({to_string(device.device), device_text(backend->name(), device),
                               device.usable ? Health::kGood : Health::kMissing, device.missing});
    }
  }
  if (!section.facts.empty()) report.sections.push_back(std::move(section));
}

void look_at_caches(Report& report) {
  Section section{"caches", {}};
  report.json["caches"] = Json::array();
  const std::string folder = cache_folder();
  const std::vector<std::pair<std::string, std::string>> caches = {
      {"models", catalogue::Cache::of_user().root().string()}, {"build", folder + "/deps"}};
  for (const auto& [name, path] : caches) {
    const FolderSize size = folder_size(path);
    report.json["caches"].push_back({{"name", name},
                                     {"folder", path},
                                     {"exists", size.exists},
                                     {"files", size.files},
                                     {"bytes", size.bytes}});
    if (!size.exists) continue;
    section.facts.push_back({name, path + ", " + format_bytes(size.bytes) + " in " +
                                       with_commas(size.files) +
                                       (size.files == 1 ? " file" : " files")});
  }
  if (section.facts.empty()) section.facts.push_back({"models", caches.front().second + ", empty"});
  const char* mirror = std::getenv("WEIR_MIRROR");
  report.json["mirror"] = mirror == nullptr ? "" : mirror;
  if (mirror != nullptr && *mirror != '\0') {
    section.facts.push_back({"mirror", std::string(mirror) + " is looked at first"});
  }
  report.sections.push_back(std::move(section));
}

void look_at_clients(Report& report) {
  Section section{"package clients, for weir pull", {}};
  report.json["package_clients"] = Json::array();
  struct Client {
    const char* name;
    std::vector<std::string> programs;
    const char* advice;
  };
  const std::vector<Client> clients = {
      {"pip", {"pip3", "pip"}, "apt-get install python3-pip"},
      {"npm", {"npm"}, "apt-get install npm"},
      {"apt", {"apt-get"}, "only Debian and its relatives have it"},
      {"curl", {"curl"}, "apt-get install curl"}};
  for (const Client& client : clients) {
    std::optional<std::string> path;
    for (const std::string& program : client.programs) {
      if (!path) path = find_program(program);
    }
    report.json["package_clients"].push_back({{"name", client.name},
                                              {"found", path.has_value()},
                                              {"path", path.value_or("")},
                                              {"hint", path ? "" : client.advice}});
    section.facts.push_back({client.name, path.value_or("not found"),
                             path ? Health::kGood : Health::kMissing, path ? "" : client.advice});
  }
  report.sections.push_back(std::move(section));
}

std::string mark(const Terminal& terminal, Health health) {
  switch (health) {
    case Health::kGood:
      return terminal.green("ok");
    case Health::kMissing:
      return terminal.yellow("--");
    case Health::kPlain:
      return "";
  }
  return "";
}

// A line for each thing to know or to do, short enough for a narrow terminal.
std::vector<std::string> advice_lines(const std::string& advice) {
  constexpr std::size_t kWidth = 60;
  std::vector<std::string> lines;
  std::istringstream words(advice);
  bool starts = true;
  for (std::string word; words >> word;) {
    if (starts) {
      lines.push_back("- " + word);
    } else if (lines.back().size() + word.size() < kWidth) {
      lines.back() += " " + word;
    } else {
      lines.push_back("  " + word);
    }
    starts = word.ends_with(';');
    if (starts) lines.back().pop_back();
  }
  return lines;
}

bool has(const Report& report, Health health) {
  for (const Section& section : report.sections) {
    for (const Fact& fact : section.facts) {
      if (fact.health == health) return true;
    }
  }
  return false;
}

void print_text(const Report& report, Context& context) {
  for (const Section& section : report.sections) {
    if (&section != &report.sections.front()) context.out << '\n';
    context.out << context.terminal.bold(section.title) << '\n';
    Table table({{}, {}, {}});
    for (const Fact& fact : section.facts) {
      table.row({"  " + mark(context.terminal, fact.health), fact.label, fact.text});
      for (const std::string& line : advice_lines(fact.advice)) table.row({"", "", line});
    }
    context.out << table.render(context.terminal);
  }
  context.out << '\n' << mark(context.terminal, Health::kGood) << " there";
  if (has(report, Health::kMissing)) {
    context.out << "   " << mark(context.terminal, Health::kMissing)
                << " missing; only needed if you want to use it";
  }
  context.out << '\n';
}

Status run(Context& context) {
  WEIR_ASSIGN(const auto runtime, Runtime::create({}));
  Report report;
  look_at_build(report);
  look_at_machine(report, *runtime);
  look_at_backends(report, *runtime);
  look_at_devices(report, *runtime);
  look_at_caches(report);
  look_at_clients(report);
  if (context.json) {
    context.out << print(report.json);
  } else {
    print_text(report, context);
  }
  return {};
}

}  // namespace

Command doctor_command() {
  return {.name = "doctor",
          .summary = "Tell what this build and this machine can do, and what is missing",
          .details =
              "ok = there, -- = missing (with what to do about it). What nobody could try yet is\n"
              "\"not verified on hardware\".",
          .examples = {"weir doctor", "weir doctor --json"},
          .run = run};
}

}  // namespace weir::cli
