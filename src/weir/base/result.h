// A value or an Error, with the member names of std::expected (which g++ 12 has only in C++23).
//
//   Result<Picture> read(const std::string& path);
//
//   WEIR_ASSIGN(Picture picture, read(path));   // returns the Error to our own caller
//   WEIR_TRY(picture.check());                  // the same for a Status
//
// A Result cannot be ignored: it is [[nodiscard]]. Reading the value of a failed one asserts.
#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

#include "weir/base/error.h"

namespace weir {

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit
  template <class U>
  requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::decay_t<U>, T> &&
           !std::is_same_v<std::decay_t<U>, Error> && !std::is_same_v<std::decay_t<U>, Result>)
      Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT: implicit

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return assert(has_value()), *std::get_if<0>(&state_); }
  const T& value() const& { return assert(has_value()), *std::get_if<0>(&state_); }
  T&& value() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return assert(!has_value()), *std::get_if<1>(&state_); }
  const Error& error() const& { return assert(!has_value()), *std::get_if<1>(&state_); }
  Error&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&state_)); }

  template <class U>
  T value_or(U&& other) && {
    return has_value() ? std::move(*this).value() : static_cast<T>(std::forward<U>(other));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  Error& error() & { return assert(!has_value()), *std::get_if<1>(&state_); }
  const Error& error() const& { return assert(!has_value()), *std::get_if<1>(&state_); }
  Error&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<std::monostate, Error> state_;
};

using Status = Result<void>;

}  // namespace weir

#define WEIR_JOIN_INNER(a, b) a##b
#define WEIR_JOIN(a, b) WEIR_JOIN_INNER(a, b)

// Returns the Error of `expression` from the enclosing function, if it has one.
#define WEIR_TRY(expression)                                         \
  do {                                                               \
    auto weir_try_result = (expression);                             \
    if (!weir_try_result) return std::move(weir_try_result).error(); \
  } while (false)

// WEIR_ASSIGN(auto x, f()): x is the value of f(), or its Error is returned.
#define WEIR_ASSIGN(declaration, expression) \
  WEIR_ASSIGN_INNER(WEIR_JOIN(weir_result_, __COUNTER__), declaration, expression)
#define WEIR_ASSIGN_INNER(result, declaration, expression) \
  auto result = (expression);                              \
  if (!result) return std::move(result).error();           \
  declaration = std::move(result).value()
