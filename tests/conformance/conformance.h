// One suite over every back end: the same cases, on models that each back end gets in a form that
// it reads. A case says what it needs; a back end without that skips it, and says so.
//
// To add a back end: a row in subjects.cc. To add a case: a row in one of the *_cases.cc tables.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/backend.h"

namespace weir::conformance {

// A small model in the forms in which the back ends read it.
struct Model {
  std::string onnx;
  std::string fake;
};

enum class Form { kOnnx, kFake };

struct Subject {
  std::string name;
  Form form;
  int floor;                  // the number of cases without files that it must not fall below
  std::vector<DType> dtypes;  // that it must carry: one that it stopped to claim is a loss
  std::function<std::unique_ptr<Backend>()> make;
};
const std::vector<Subject>& subjects();

// One back end at work in one case.
class Bench {
 public:
  explicit Bench(const Subject& subject) : subject_(subject), backend_(subject.make()) {}

  Backend& backend() { return *backend_; }
  const Capabilities& able() const { return backend_->capabilities(); }
  Form form() const { return subject_.form; }
  bool has(DType dtype) const;
  const std::vector<DType>& dtypes() const { return subject_.dtypes; }
  // Destroys the back end; models and sessions go on.
  void drop_backend() { backend_.reset(); }

  std::string ending() const { return form() == Form::kOnnx ? ".onnx" : ".fake"; }
  const std::string& bytes(const Model& model) const {
    return form() == Form::kOnnx ? model.onnx : model.fake;
  }
  // The model as bytes, or as a file where the back end takes only those.
  BackendSpec spec(const Model& model);
  BackendSpec file_spec(std::string_view name, std::string_view bytes);

  // Fails the test and returns null on an Error.
  std::shared_ptr<const LoadedModel> open(const BackendSpec& spec);
  std::unique_ptr<Session> session(const BackendSpec& spec);
  std::unique_ptr<Session> session(const Model& model) { return session(spec(model)); }
  // The Error of opening; fails the test if it opens.
  Error refusal(const BackendSpec& spec);

 private:
  const Subject& subject_;
  std::unique_ptr<Backend> backend_;
};

struct Case {
  std::string_view name;
  // Why this back end cannot have the case; empty: it can.
  std::function<std::string(const Capabilities&, Form)> skip;
  std::function<void(Bench&)> run;
  std::string_view asset = {};  // the file that it needs, which is not at hand everywhere
};

std::string needs_nothing(const Capabilities&, Form);

std::vector<Case> type_cases();
std::vector<Case> shape_cases();
std::vector<Case> range_cases();
std::vector<Case> file_cases();
std::vector<Case> run_cases();
std::vector<Case> asset_cases();
const std::vector<Case>& all_cases();

// Models. Dims are sizes, or -1 for an open one.
Model identity(DType dtype, const std::vector<int64_t>& dims);
// y = x + 1.
Model add_one(DType dtype, const std::vector<int64_t>& dims);
// sum = a + b and copy = a, with names that are hard to write into an option or a file name.
Model two_in_two_out(const std::vector<int64_t>& dims);
inline constexpr std::string_view kOddInput = "a:b/c.1";
inline constexpr std::string_view kOddOutput = "out put;0%s";
// y = x for x [?, 4], but only a batch of 1 runs.
Model false_batch();
// y = where x [n] is not zero: int64, its size depends on the data.
Model nonzero();

// Fills the input with bytes that differ from element to element and are valid for its type.
void fill(const TensorView& view, int seed);
std::string_view raw(const TensorView& view);

// The folder of this test process, emptied at its start.
std::string scratch_folder();
// A file below ../shared/assets; empty where it is not.
std::string asset(const std::string& path);

}  // namespace weir::conformance
