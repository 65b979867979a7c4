// The field table: a room describes its spec once, and from that come reading with good errors,
// writing, the JSON Schema (schema.h), the commented template and the docs page (template.h).
//
//   struct GateSpec { std::string on; double score = 0.5; int every = 1; };
//
//   const config::Fields<GateSpec>& config_fields(const GateSpec*) {
//     static const config::Fields<GateSpec> fields(
//         "gate", "Lets findings through.",
//         {field("on", &GateSpec::on).required().help("The step whose findings it looks at."),
//          field("score", &GateSpec::score).range(0, 1).help("At least so sure.").was("min_score"),
//          field("every", &GateSpec::every).at_least(1).unit("frames").help("Look at every
//          n-th.")});
//     return fields;
//   }
//   WEIR_ASSIGN(GateSpec gate, config::read<GateSpec>(node, "steps.gate"));
//
// The default of a field is what a default-made spec holds. A key that is absent or null keeps it.
// Keys that start with "x-" are the user's own. A table is immutable once made; any thread.
#pragma once

#include <cassert>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/names.h"
#include "weir/config/codec.h"
#include "weir/config/write.h"

namespace weir::config {

// One row. The setters give the row back, so that they chain.
template <class S>
class Field {
 public:
  template <class M>
  Field(std::string name, M S::*member)
      : read_([member](const Node& node, const std::string& path, const Rules& rules, S& out) {
          return Codec<M>::read(node, path, rules, out.*member);
        }),
        write_([member](const S& spec) { return Codec<M>::write(spec.*member); }) {
    doc_.name = std::move(name);
    doc_.type = Codec<M>::type();
  }

  Field& help(std::string text) { return doc_.help = std::move(text), *this; }
  // As it would stand in the file: "0.5", "[640, 640]", "{labels: [Person]}".
  Field& example(std::string yaml) { return doc_.example = std::move(yaml), *this; }
  Field& unit(std::string text) { return doc_.unit = std::move(text), *this; }
  Field& required() { return doc_.required = true, *this; }
  // A name from before, still read.
  Field& was(std::string old) { return doc_.old_names.push_back(std::move(old)), *this; }
  // Of a number, or of each number in a list or map.
  Field& range(double min, double max) { return doc_.rules.max = max, at_least(min); }
  Field& at_least(double min) { return doc_.rules.min = min, *this; }
  Field& above(double min) { return doc_.rules.above_min = true, at_least(min); }
  Field& at_most(double max) { return doc_.rules.max = max, *this; }
  // Of a list or map.
  Field& count(std::size_t min, std::size_t max = Rules::kAnyCount) {
    doc_.rules.min_items = min;
    return doc_.rules.max_items = max, *this;
  }
  // `on: objects` for `on: [objects]`.
  Field& one_or_list() { return doc_.rules.one_for_list = true, *this; }
  // Text that is one of these.
  Field& one_of(std::vector<std::string> names) {
    return doc_.rules.choices = std::move(names), *this;
  }
  // The same, with aliases that are read as the name they stand for.
  Field& one_of(const Names& names) {
    doc_.rules.aliases = names.aliases();
    return one_of(names.all());
  }

 private:
  friend class Fields<S>;
  FieldDoc doc_;
  std::function<Status(const Node&, const std::string&, const Rules&, S&)> read_;
  std::function<Node(const S&)> write_;
};

template <class S, class M>
Field<S> field(std::string name, M S::*member) {
  return Field<S>(std::move(name), member);
}

template <class S>
class Fields {
 public:
  // Looks at a spec that was read without an error: what no single field can say.
  using Check = std::function<Status(const S& spec, const Node& node, const std::string& name)>;

  Fields(std::string name, std::string help, std::vector<Field<S>> rows) : rows_(std::move(rows)) {
    doc_.name = std::move(name);
    doc_.help = std::move(help);
    const S defaults{};
    for (const Field<S>& row : rows_) {
      assert(doc_.find(row.doc_.name) == nullptr && "two fields of one name");
      doc_.fields.push_back(row.doc_);
      doc_.fields.back().default_value = row.write_(defaults);
    }
  }

  // A value that is no map stands for {name: value}.
  Fields& shorthand(std::string name) {
    assert(doc_.find(name) != nullptr);
    return doc_.shorthand = std::move(name), *this;
  }
  Fields& check(Check check) { return check_ = std::move(check), *this; }

  Status read_into(const Node& node, const std::string& name, S& out) const {
    WEIR_TRY(read_table(doc_, node, name,
                        [&](std::size_t i, const Node& value, const std::string& path) {
                          return rows_[i].read_(value, path, doc_.fields[i].rules, out);
                        }));
    return check_ ? check_(out, node, name) : Status();
  }

  // Every field in the order of the table; those at their default only if `all`.
  Node write(const S& spec, bool all = false) const {
    std::vector<Node::Entry> entries;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      Node value = rows_[i].write_(spec);
      if (all || doc_.fields[i].required || !same_as_default(value, i)) {
        entries.push_back({doc_.fields[i].name, std::move(value), {}});
      }
    }
    return Node::map(std::move(entries));
  }

  const TableDoc& doc() const { return doc_; }

 private:
  bool same_as_default(const Node& value, std::size_t i) const {
    return same_value(value, doc_.fields[i].default_value);
  }

  TableDoc doc_;
  std::vector<Field<S>> rows_;
  Check check_;
};

// The one way in: reads a spec from its node. `name` is the dotted path that messages use.
template <HasFields S>
Result<S> read(const Node& node, const std::string& name = {}) {
  S spec{};
  WEIR_TRY(Codec<S>::read(node, name, Rules{}, spec));
  return spec;
}

template <HasFields S>
Node write(const S& spec) {
  return Codec<S>::write(spec);
}

template <HasFields S>
const TableDoc& table_of() {
  return Codec<S>::table();
}

}  // namespace weir::config
