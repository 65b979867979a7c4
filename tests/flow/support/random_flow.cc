#include "tests/flow/support/random_flow.h"

#include <string>

namespace weir::flow {
namespace {

class RandomFlow {
 public:
  RandomFlow(Dice& dice, std::shared_ptr<StageBody> body) : dice_(dice), body_(std::move(body)) {}

  GraphSpec make() {
    executors();
    const uint32_t plain = dice_.from(2, 4);
    for (uint32_t i = 0; i < plain; ++i) {
      add("s" + std::to_string(i), some_before());
      if (i == 0 && dice_.chance(60)) fan_out("a", "", {"s0"}, 1);
      if (i == 1 && dice_.chance(15)) fan_out("b", "", {"s1"}, 1);
    }
    return std::move(spec_);
  }

 private:
  void executors() {
    const uint32_t count = dice_.from(1, 3);
    for (uint32_t e = 0; e < count; ++e) {
      ExecutorSpec executor;
      executor.name = "e" + std::to_string(e);
      executor.workers = dice_.from(1, 4);
      if (dice_.chance(25)) {
        executor.kind = ExecutorKind::kDevice;
        executor.lanes = dice_.from(1, 3);
      }
      spec_.executors.push_back(executor);
    }
  }

  std::vector<std::string> some_before() {
    std::vector<std::string> names;
    for (const std::string& name : task_stages_) {
      if (dice_.chance(45)) names.push_back(name);
    }
    if (names.empty() && !task_stages_.empty() && dice_.chance(80)) {
      names.push_back(task_stages_.back());
    }
    return names;
  }

  StageSpec& add(const std::string& name, std::vector<std::string> after,
                 const std::string& items_of = "", int depth = 0) {
    StageSpec stage;
    stage.name = name;
    stage.after = std::move(after);
    stage.items_of = items_of;
    stage.body = body_;
    stage.executor =
        spec_.executors[dice_.below(static_cast<uint32_t>(spec_.executors.size()))].name;
    stage.role = static_cast<Role>(dice_.below(4));
    if (dice_.chance(30)) stage.step = static_cast<int>(spec_.stages.size());
    if (dice_.chance(8)) stage.always = true;
    if (dice_.chance(10)) stage.service_ns = dice_.from(1, 20);
    const uint32_t kind = dice_.below(100);
    if (kind < 30) {
      stage.kind = StageKind::kSerial;
    } else if (kind < 40) {
      stage.kind = StageKind::kExclusive;
    } else if (kind < 55) {
      stage.limit = dice_.from(1, 3);
    }
    if (stage.kind != StageKind::kSerial && dice_.chance(18)) {
      stage.batch.max = dice_.from(2, 5);
      if (dice_.chance(40)) stage.batch.preferred = {1, stage.batch.max};
      stage.batch.max_age_ns = dice_.from(0, 60);
    }
    spec_.stages.push_back(stage);
    if (depth == 0) task_stages_.push_back(name);
    return spec_.stages.back();
  }

  void fan_out(const std::string& name, const std::string& items_of, std::vector<std::string> after,
               int depth) {
    add(name, std::move(after), items_of, depth - 1).fans_out = true;
    const uint32_t inner = dice_.from(1, 2);
    std::string last;
    for (uint32_t i = 0; i < inner; ++i) {
      const std::string stage = name + "i" + std::to_string(i);
      std::vector<std::string> before;
      if (!last.empty() && dice_.chance(70)) before.push_back(last);
      add(stage, before, name, depth);
      last = stage;
    }
    if (depth == 1 && dice_.chance(25)) fan_out(name + "n", name, {last}, 2);
    StageSpec& join = add(name + "j", {}, items_of, depth - 1);
    join.joins = name;
    if (dice_.chance(50)) join.join_policy = JoinPolicy::kFailTask;
  }

  Dice& dice_;
  std::shared_ptr<StageBody> body_;
  GraphSpec spec_;
  std::vector<std::string> task_stages_;
};

}  // namespace

GraphSpec random_flow(Dice& dice, std::shared_ptr<StageBody> body) {
  return RandomFlow(dice, std::move(body)).make();
}

}  // namespace weir::flow
