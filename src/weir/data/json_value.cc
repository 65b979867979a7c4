#include "weir/data/json_value.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace weir::json {
namespace {

constexpr std::size_t kMaxDepth = 16;
// A value takes about a hundred bytes, and a few bytes of text are enough to ask for one.
constexpr std::size_t kMaxValues = std::size_t{1} << 20;

// Builds the tree from the parser's events. The open containers are a path of pointers: only the
// last container of each level grows, so they stay valid.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(Value& root) : root_(root) {}

  bool null() override { return add({}) != nullptr; }
  bool boolean(bool truth) override {
    return add({.kind = Kind::kBool, .truth = truth}) != nullptr;
  }
  bool number_integer(number_integer_t number) override {
    return add_number(std::to_string(number));
  }
  bool number_unsigned(number_unsigned_t number) override {
    return add_number(std::to_string(number));
  }
  bool number_float(number_float_t, const string_t& text) override {
    // The parser puts the decimal point of the process's locale into the text.
    std::string plain = text;
    std::replace(plain.begin(), plain.end(), ',', '.');
    return add_number(std::move(plain));
  }
  bool string(string_t& text) override {
    return add({.kind = Kind::kString, .text = std::move(text)}) != nullptr;
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Kind::kObject); }
  bool start_array(std::size_t) override { return open(Kind::kArray); }
  bool key(string_t& text) override {
    key_ = std::move(text);
    return true;
  }
  bool end_object() override { return open_.pop_back(), true; }
  bool end_array() override { return open_.pop_back(), true; }
  bool parse_error(std::size_t byte, const std::string&,
                   const nlohmann::json::exception&) override {
    if (error_.message.empty()) {
      error_ = Error(ErrorCode::kCorrupt, "not JSON: damaged at byte " + std::to_string(byte));
    }
    return false;
  }

  const Error& error() const { return error_; }

 private:
  // Null when there are too many.
  Value* add(Value value) {
    if (++count_ > kMaxValues) {
      error_ = Error(ErrorCode::kExhausted,
                     "JSON of more than " + std::to_string(kMaxValues) + " values");
      return nullptr;
    }
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Value& parent = *open_.back();
    if (parent.kind == Kind::kArray) return &parent.items.emplace_back(std::move(value));
    return &parent.fields.emplace_back(std::move(key_), std::move(value)).second;
  }
  bool add_number(std::string text) {
    return add({.kind = Kind::kNumber, .text = std::move(text)}) != nullptr;
  }
  bool open(Kind kind) {
    if (open_.size() == kMaxDepth) {
      error_ = Error(ErrorCode::kCorrupt,
                     "JSON nested deeper than " + std::to_string(kMaxDepth) + " levels");
      return false;
    }
    Value* const value = add({.kind = kind});
    if (value != nullptr) open_.push_back(value);
    return value != nullptr;
  }

  Value& root_;
  std::vector<Value*> open_;
  std::string key_;
  std::size_t count_ = 0;
  Error error_{ErrorCode::kCorrupt, ""};
};

}  // namespace

const Value* Value::find(std::string_view key) const {
  for (const auto& [name, value] : fields) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string_view describe(Kind kind) {
  constexpr std::string_view kNames[] = {"null",     "true or false", "a number",
                                         "a string", "a list",        "an object"};
  return kNames[static_cast<int>(kind)];
}

Result<Value> parse(std::string_view text) {
  Value root;
  Builder builder(root);
  try {
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return builder.error();
  } catch (const std::exception& error) {
    return Error(ErrorCode::kCorrupt, std::string("not JSON: ") + error.what());
  }
  return root;
}

}  // namespace weir::json
