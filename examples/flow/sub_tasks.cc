// A task that is split into items, which run in parallel, and is joined again: the words of a text.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "weir/flow/pipeline.h"

using namespace weir;
using namespace weir::flow;

namespace {

struct Text {
  std::string line;
  std::vector<std::string> words;
  std::vector<std::size_t> lengths;  // each item writes its own
  std::size_t longest = 0;
};

struct Split final : StageBody {
  StageResult run(Slot& slot, StopToken) override {
    Text& text = *slot.payload<Text>();
    std::size_t begin = 0;
    while (begin < text.line.size()) {
      const std::size_t end = std::min(text.line.find(' ', begin), text.line.size());
      if (end > begin) text.words.push_back(text.line.substr(begin, end - begin));
      begin = end + 1;
    }
    text.lengths.resize(text.words.size());
    return StageResult::fan_out(static_cast<uint32_t>(text.words.size()));  // may be none
  }
};

struct Measure final : StageBody {
  StageResult run(Slot& slot, StopToken) override {
    Text& text = *slot.payload<Text>();
    text.lengths[slot.item()] = text.words[slot.item()].size();
    return StageResult::done();
  }
};

struct Join final : StageBody {
  StageResult run(Slot& slot, StopToken) override {
    Text& text = *slot.payload<Text>();
    for (const std::size_t length : text.lengths) text.longest = std::max(text.longest, length);
    return StageResult::done();
  }
};

}  // namespace

int main() {
  GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = 2}};
  spec.stages = {{.name = "split", .fans_out = true, .body = std::make_shared<Split>()},
                 {.name = "measure", .items_of = "split", .body = std::make_shared<Measure>()},
                 {.name = "join", .joins = "split", .body = std::make_shared<Join>()}};
  auto graph = Graph::compile(spec);
  if (!graph) return std::fprintf(stderr, "%s\n", graph.error().to_string().c_str()), 1;
  auto pipe = Pipeline::start(*graph);
  auto stream = (*pipe)->open_stream({});
  bool right = true;
  const std::pair<const char*, std::size_t> cases[] = {{"a weir keeps the water", 5}, {"", 0}};
  for (const auto& [line, longest] : cases) {
    auto text = std::make_unique<Text>();
    text->line = line;
    auto ticket = (*pipe)->post(*stream, Payload::own(std::move(text)));
    auto result = (*pipe)->wait(*ticket);
    right = right && result && result->payload.as<Text>()->longest == longest;
    std::printf("'%s': the longest word has %zu letters\n", line, longest);
  }
  return right ? 0 : 1;
}
