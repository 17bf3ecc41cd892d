// Prober: asks the compiled tests of a table what they say about a value, outside of any evaluation of the model.
//
// Lives while one table is looked at; one thread. Throws feel::EvaluationFailure when its budget is spent.
#pragma once

#include "processes/dmn/item_type.h"
#include "processes/dmn/scope.h"

namespace fermata::dmn::lint {

class Prober {
 public:
  explicit Prober(std::uint64_t steps_max) : run_(input_, limits_of(steps_max), nullptr) {}
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  [[nodiscard]] bool holds(const feel::Node& test, const Value& value) {
    const TestedValue tested(run_, value);
    const Value verdict = test.evaluate(run_);
    return verdict.is_boolean() && verdict.as_boolean();
  }
  [[nodiscard]] bool fits(const Value& value, const ItemType& type) { return is_of_type(run_, value, type); }
  /// Whether a test has read anything but the value that it tests since this was asked last.
  [[nodiscard]] bool read_more() { return std::exchange(nothing_.asked, false); }

 private:
  struct Nothing final : VariableScope {
    mutable bool asked = false;
    [[nodiscard]] const Value* find(std::string_view) const override {
      asked = true;
      return nullptr;
    }
  };
  const feel::Limits& limits_of(std::uint64_t steps_max) {
    limits_.steps_max = steps_max;
    return limits_;
  }

  Nothing nothing_;
  feel::Limits limits_;
  EvaluationInput input_{nothing_, {}};
  feel::Evaluation run_;
};

}  // namespace fermata::dmn::lint
