#include "apps/cli/infer/chain_options.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "apps/cli/find_model.h"
#include "apps/cli/infer/model_argument.h"
#include "apps/cli/interrupt.h"
#include "weir/assemble/step_gives.h"
#include "weir/model/gives.h"

namespace weir::cli {
namespace {

// A model as the command line has it.
struct Member {
  std::string model;  // what it was called there
  std::string name;   // of its step
  ModelSpec spec;
  bool then = false;                     // it looks at what the first one found
  std::optional<KnownModel> known = {};  // what it gives and needs, as far as that is known yet
};

// A step's name must be one of its own: the second yunet is "yunet-2".
std::string free_name(const std::string& wanted, const std::vector<Member>& members) {
  std::string name = wanted;
  const auto is_taken = [&] {
    return std::any_of(members.begin(), members.end(),
                       [&](const Member& member) { return member.name == name; });
  };
  for (int i = 2; is_taken(); ++i) name = wanted + "-" + std::to_string(i);
  return name;
}

// A model file is both what the user calls the model and where the error is.
Error load_error(Error error, const std::string& model, const ChainOptions& options) {
  if (error.where.starts_with(model + ": " + model)) error.where.erase(0, model.size() + 2);
  if (options.assignments.empty() || options.models.size() + options.then.size() < 2) return error;
  if (!error.hint.empty()) error.hint += "; ";
  error.hint += "--set holds for every model: put what is one's own into its .yaml";
  return error;
}

// A file does not say what its training did to pixels, few classifiers take them as they are, and
// classes of pixels that are scaled wrongly look as sure as others.
void ask_for_scaling(const Model& model, const std::string& name, const Context& context) {
  const InputSpec& how = model.spec().input;
  if (model.info().task != "classification" || model.info().input.scale) return;
  if (how.scale || !how.mean.empty() || !how.std.empty()) return;
  const TensorInfo& input = model.parts().front()->inputs().front();
  const auto is_colour = [&](std::size_t axis) {
    return input.shape.rank() == 4 && (input.shape[axis] == 1 || input.shape[axis] == 3);
  };
  if (input.dtype != DType::kFloat32 || !(is_colour(1) || is_colour(3))) return;
  context.note(
      name +
      ": nothing says how pixels are scaled, so they go in from 0 to 255; set input.scale, "
      "mean and std as in its training, or input.scale=1 if that is right");
}

Result<ModelSpec> spec_of(const std::string& model, const ChainOptions& options,
                          const std::string& backend) {
  WEIR_ASSIGN(ModelSpec spec, model_argument(model, options.assignments));
  if (!backend.empty()) spec.backend = backend;
  if (options.score >= 0) spec.thresholds.score = options.score;
  if (options.top > 0) spec.thresholds.max_findings = options.top;
  if (options.batch > 1) spec.batch.max = options.batch;
  return spec;
}

Result<std::vector<Member>> members_of(const ChainOptions& options, const std::string& backend) {
  std::vector<Member> members;
  const auto add = [&](const std::string& model, bool then) -> Status {
    WEIR_ASSIGN(ModelSpec spec, spec_of(model, options, backend));
    members.push_back({model, free_name(step_name(model), members), std::move(spec), then});
    return {};
  };
  for (const std::string& model : options.models) WEIR_TRY(add(model, false));
  for (const std::string& model : options.then) WEIR_TRY(add(model, true));
  return members;
}

// What to write instead where what the first model gives does not do for this one.
std::string other_first(const std::vector<Member>& members, const Member& then,
                        const Gives& given) {
  const Needs& needs = then.known->needs;
  std::string hint = "let the first -m be a detector";
  if (given.box) hint += " that gives them";
  for (const Member& other : members) {
    if (other.then || !other.known || !other.known->gives || !other.known->gives->box) continue;
    if (misfit_in_words(needs, {}, *other.known->gives)) continue;
    hint = "let '-m " + other.model + "' be the first";
    break;
  }
  if (!given.box || needs.points_option.empty()) return hint;
  return hint + ", or write 'family_options: {" + needs.points_option + ": false}' in a spec of '" +
         then.name + "' for the box alone";
}

// What the first model finds against what those that look at it need, as `weir check` does.
Status check_then(const std::vector<Member>& members) {
  if (members.empty() || !members.front().known || !members.front().known->gives) return {};
  const Gives& given = *members.front().known->gives;
  for (const Member& member : members) {
    if (!member.then || !member.known) continue;
    const auto why = misfit_in_words(member.known->needs, members.front().name, given);
    if (!why) continue;
    return Error(ErrorCode::kInvalidArgument, "'" + member.name + "' " + *why, "--then",
                 other_first(members, member, given));
  }
  return {};
}

// Before anything is fetched: what the specs and the names of the catalogue tell.
Status check_named(Runtime& runtime, std::vector<Member>& members) {
  const auto named = [](const Member& member) { return !member.spec.use.empty(); };
  const catalogue::Catalogue* names = nullptr;
  if (std::any_of(members.begin(), members.end(), named)) {
    WEIR_ASSIGN(names, runtime.catalogue());
  }
  for (Member& member : members) {
    member.known = known_model(member.spec, runtime.families(), names);
  }
  return check_then(members);
}

}  // namespace

std::vector<Option> ChainOptions::table() {
  return {{.flags = "-m,--model",
           .target = &models,
           .help = "A catalogue name, a model file or a spec (.yaml); may be given again",
           .value = "MODEL",
           .required = true},
          {.flags = "--then",
           .target = &then,
           .help = "A model that looks at each finding of the first one; may be given again",
           .value = "MODEL"},
          {.flags = "-b,--backend",
           .target = &backend,
           .help = "What runs them; default: the first that reads the file",
           .value = "BACKEND"},
          {.flags = "--score",
           .target = &score,
           .help = "How sure a model must be, from 0 to 1; default: as the family has it",
           .value = "SCORE",
           .least = 0,
           .most = 1},
          {.flags = "--top",
           .target = &top,
           .help = "At most so many findings of a model, or classes of a classifier",
           .value = "N",
           .least = 1},
          {.flags = "--batch",
           .target = &batch,
           .help = "So many pictures in one run, where the model can; default: 1",
           .value = "N",
           .least = 1,
           .most = 4096},
          {.flags = "--set",
           .target = &assignments,
           .help = "Set a key of the specs of all models: input.size=320; may be given again",
           .value = "KEY=VALUE"},
          {.flags = "-t,--threads",
           .target = &threads,
           .help = "Threads of the whole process; default: the cores",
           .value = "N"}};
}

Result<std::unique_ptr<Chain>> make_chain(Runtime& runtime, const ChainOptions& options,
                                          const std::string& backend, const Context& context) {
  const Interrupt interrupt;
  catalogue::PullOptions pull = pull_options(context);
  pull.stop = interrupt.token();
  WEIR_ASSIGN(std::vector<Member> members,
              members_of(options, backend.empty() ? options.backend : backend));
  WEIR_TRY(check_named(runtime, members));
  std::vector<ChainStep> steps;
  for (Member& member : members) {
    auto loaded = runtime.load_model(member.spec, member.model, pull);
    if (!loaded) return load_error(std::move(loaded).error(), member.model, options);
    auto model = std::move(loaded).value();
    if (backend.empty()) ask_for_scaling(*model, member.model, context);  // once if two compare
    member.known = known_model(model->info(), model->spec().family_options);
    steps.push_back(
        {member.name, std::move(model), member.then ? members.front().name : std::string()});
  }
  WEIR_TRY(check_then(members));
  return Chain::make(std::move(steps));
}

}  // namespace weir::cli
