#include "apps/cli/json.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "weir/base/json_text.h"

namespace weir::cli {
namespace {

constexpr int kIndent = 2;

template <typename T>
std::string number_text(T value) {
  std::string text;
  append_json_number(text, value);
  return text;
}

}  // namespace

Json::Json(Number, int64_t value) : text_(number_text(value)) {}
Json::Json(uint64_t value) : text_(number_text(value)) {}
Json::Json(float value) : text_(number_text(value)) {}
Json::Json(double value) : text_(number_text(value)) {}

Json::Json(std::initializer_list<Json> list) : kind_(Kind::kArray), text_() {
  const bool pairs =
      std::all_of(list.begin(), list.end(), [](const Json& j) { return j.is_pair(); });
  if (!pairs || list.size() == 0) {
    items_ = list;
    return;
  }
  kind_ = Kind::kObject;
  for (const Json& pair : list) (*this)[pair.items_[0].text_] = pair.items_[1];
}

Json Json::array(std::initializer_list<Json> items) {
  Json json;
  json.kind_ = Kind::kArray;
  json.items_ = items;
  return json;
}

Json Json::object() {
  Json json;
  json.kind_ = Kind::kObject;
  return json;
}

bool Json::is_pair() const {
  return kind_ == Kind::kArray && items_.size() == 2 && items_[0].kind_ == Kind::kText;
}

Json& Json::operator[](std::string_view key) {
  assert(kind_ == Kind::kObject || (kind_ == Kind::kPlain && text_ == "null"));
  kind_ = Kind::kObject;
  const auto at = std::find(keys_.begin(), keys_.end(), key);
  if (at != keys_.end()) return items_[static_cast<std::size_t>(at - keys_.begin())];
  keys_.emplace_back(key);
  return items_.emplace_back();
}

void Json::push_back(Json item) {
  assert(kind_ == Kind::kArray || (kind_ == Kind::kPlain && text_ == "null"));
  kind_ = Kind::kArray;
  items_.push_back(std::move(item));
}

void Json::append_to(std::string& out, int indent) const {
  if (kind_ == Kind::kPlain) {
    out += text_;
    return;
  }
  if (kind_ == Kind::kText) {
    append_json_string(out, text_);
    return;
  }
  const bool object = kind_ == Kind::kObject;
  out += object ? '{' : '[';
  for (std::size_t i = 0; i < items_.size(); ++i) {
    out += i == 0 ? "\n" : ",\n";
    out.append(static_cast<std::size_t>(indent + kIndent), ' ');
    if (object) {
      append_json_string(out, keys_[i]);
      out += ": ";
    }
    items_[i].append_to(out, indent + kIndent);
  }
  if (!items_.empty()) {
    out += '\n';
    out.append(static_cast<std::size_t>(indent), ' ');
  }
  out += object ? '}' : ']';
}

Json to_json(const Error& error) {
  return {{"error",
           {{"code", name(error.code)},
            {"message", error.message},
            {"where", error.where},
            {"hint", error.hint}}}};
}

std::string print(const Json& json) {
  std::string text;
  json.append_to(text, 0);
  return text + "\n";
}

}  // namespace weir::cli
