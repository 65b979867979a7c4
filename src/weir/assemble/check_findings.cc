#include "weir/assemble/check_findings.h"

#include <algorithm>
#include <utility>

#include "weir/assemble/check_sinks.h"

namespace weir {
namespace {

class Check {
 public:
  Check(const PipelineSpec& spec, const KnownModels& models)
      : spec_(spec), models_(models), gives_(gives_of(spec, models)) {}

  Status run() const {
    for (std::size_t i = 0; i < spec_.steps.size(); ++i) {
      WEIR_TRY(check_on(i));
      WEIR_TRY(check_keep(i));
      WEIR_TRY(check_score(i));
    }
    return {};
  }

 private:
  const std::string& name(std::size_t step) const { return spec_.steps[step].first; }
  const StepSpec& step(std::size_t step) const { return spec_.steps[step].second; }
  const std::optional<Gives>& given_by(const std::string& step) const {
    return gives_[static_cast<std::size_t>(spec_.step(step))];
  }
  Needs needs_of(std::size_t number) const {
    if (step(number).tracks()) return {.box = true, .box_use = "follows boxes"};
    const auto known = models_.find(step(number).model);
    return known == models_.end() ? Needs() : known->second.needs;
  }

  Error wrong(std::size_t number, std::vector<std::string> key, const std::string& what,
              std::string hint) const {
    key.insert(key.begin(), {"steps", name(number)});
    return Error(ErrorCode::kInvalidArgument, "'" + name(number) + "' " + what, spec_.place(key),
                 std::move(hint));
  }

  // Steps that come before this one, and whose findings are known to be right for it.
  std::string others(std::size_t number, const Needs& needs, const std::string& otherwise) const {
    std::string names;
    for (const int32_t other : order_of(spec_)) {
      const auto at = static_cast<std::size_t>(other);
      if (at == number) break;
      if (!gives_[at] || !gives_[at]->box || misfit_in_words(needs, {}, *gives_[at])) continue;
      names += (names.empty() ? "'" : " or '") + name(at) + "'";
    }
    return names.empty() ? otherwise : "look 'on' " + names;
  }

  Status check_on(std::size_t number) const {
    const Needs needs = needs_of(number);
    for (std::size_t i = 0; i < step(number).on.size(); ++i) {
      const std::optional<Gives>& given = given_by(step(number).on[i]);
      if (!given) continue;
      const auto why = misfit_in_words(needs, step(number).on[i], *given);
      if (!why) continue;
      const std::string hint =
          given->box ? others(number, needs, "use a detector that gives them") +
                           without_points(number, needs)
                     : others(number, needs, "make a step of a detector, and look 'on' that");
      return wrong(number, {"on", std::to_string(i)}, *why, hint);
    }
    return {};
  }

  std::string without_points(std::size_t number, const Needs& needs) const {
    if (needs.points_option.empty()) return {};
    return ", or write 'family_options: {" + needs.points_option + ": false}' in the model '" +
           step(number).model + "' for the box alone";
  }

  // Of several steps one that has it is enough: the findings of the others fall through.
  Status check_keep(std::size_t number) const {
    std::vector<std::string> seen = step(number).on;
    if (seen.empty()) seen.push_back(name(number));
    const auto nobody = [&](bool Gives::*part) {
      return std::all_of(seen.begin(), seen.end(), [&](const std::string& from) {
        const std::optional<Gives>& given = given_by(from);
        return given && !((*given).*part);
      });
    };
    const KeepSpec& keep = step(number).keep;
    const auto cannot = [&](const char* key, const char* part) {
      std::string from;
      for (const std::string& one : seen) from += (from.empty() ? "'" : " and '") + one + "'";
      return wrong(number, {"keep", key},
                   std::string("keeps by '") + key + "', and what " + from +
                       (seen.size() > 1 ? " give has " : " gives has ") + part,
                   std::string("take '") + key + "' away: it would let nothing through");
    };
    if (!keep.labels.empty() && nobody(&Gives::classes)) return cannot("labels", "no class");
    if (keep.min_score && nobody(&Gives::score)) return cannot("min_score", "no score");
    if (keep.min_side > 0 && nobody(&Gives::box)) return cannot("min_side", "no box");
    if (!keep.zone.empty() && nobody(&Gives::box)) return cannot("zone", "no box");
    return {};
  }

  Status check_score(std::size_t number) const {
    const std::optional<Gives>& given = gives_[number];
    if (!step(number).score || !given || given->score) return {};
    return wrong(number, {"score"}, "gives " + in_words(*given) + ", which has no score",
                 "take 'score' away");
  }

  const PipelineSpec& spec_;
  const KnownModels& models_;
  const StepGives gives_;
};

}  // namespace

Status check_findings(const PipelineSpec& spec, const KnownModels& models) {
  WEIR_TRY(Check(spec, models).run());
  return check_sink_findings(spec, models);
}

}  // namespace weir
