// What the commands print for programs: one document on stdout, keys in the order of writing.
//
//   Json json = {{"name", "yunet"}, {"boxes", Json::array()}};   // pairs of a text and a value: an
//   object json["boxes"].push_back({{"x", 0.5}, {"y", 1}}); out << print(json);
//
// It is written, never read; a value like any other. It has no templates but for numbers and lists,
// because every command includes it.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/error.h"

namespace weir::cli {

class Json {
 public:
  Json() = default;  // null
  template <std::same_as<bool> T>
  Json(T value) : kind_(Kind::kPlain), text_(value ? "true" : "false") {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Json(T value) : Json(Number(), static_cast<int64_t>(value)) {}
  Json(uint64_t value);
  Json(float value);  // NaN and the infinities are null: JSON has no word for them
  Json(double value);
  Json(std::string text) : kind_(Kind::kText), text_(std::move(text)) {}
  Json(std::string_view text) : Json(std::string(text)) {}
  Json(const char* text) : Json(std::string(text)) {}
  template <typename T>
  Json(const std::vector<T>& values) : kind_(Kind::kArray), items_(values.begin(), values.end()) {}
  // An object if each of them is a pair that begins with a text, else an array.
  Json(std::initializer_list<Json> list);

  static Json array(std::initializer_list<Json> items = {});
  static Json object();

  // Of an object: the value of that key, made null if it was not there. Null becomes an object.
  Json& operator[](std::string_view key);
  // Of an array. Null becomes one.
  void push_back(Json item);

 private:
  enum class Kind { kPlain, kText, kArray, kObject };
  struct Number {};
  Json(Number, int64_t value);

  bool is_pair() const;
  void append_to(std::string& out, int indent) const;
  friend std::string print(const Json& json);

  Kind kind_ = Kind::kPlain;
  std::string text_ = "null";  // kPlain: as it is printed; kText: without quotes
  std::vector<Json> items_;
  std::vector<std::string> keys_;  // kObject: one for each of items_
};

// {"error": {"code", "message", "where", "hint"}}
Json to_json(const Error& error);
// Two spaces, a newline at the end; bytes that are not UTF-8 are replaced.
std::string print(const Json& json);

}  // namespace weir::cli
