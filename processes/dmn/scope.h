// Scope: the variables that expressions see at one place: innermost first, then those around it.
//
// Lives on the stack of an evaluation and is what run.variables points to as long as it lives.
#pragma once

#include "engine/base/value.h"
#include "processes/feel/evaluation.h"

namespace fermata::dmn {

class Scope : public VariableScope {
 public:
  /// `isolated`: nothing around it is seen, as within a knowledge model (10.4).
  explicit Scope(feel::Evaluation& run, bool isolated = false)
      : run_(run), before_(run.variables), outer_(isolated ? nullptr : run.variables) {
    run.variables = this;
  }
  ~Scope() override { run_.variables = before_; }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  void set(std::string_view name, Value value) { variables_.push_back({name, std::move(value)}); }

  [[nodiscard]] const Value* find(std::string_view name) const override {
    for (auto at = variables_.rbegin(); at != variables_.rend(); ++at) {
      if (at->name == name) return &at->value;
    }
    return outer_ == nullptr ? nullptr : outer_->find(name);
  }

 private:
  struct Entry {
    std::string_view name;  // of the model, which outlives the evaluation
    Value value;
  };
  feel::Evaluation& run_;
  const VariableScope* before_;
  const VariableScope* outer_;
  std::vector<Entry> variables_;
};

/// One variable that is not copied: the "?" of a unary test.
class TestedValue final : public VariableScope {
 public:
  TestedValue(feel::Evaluation& run, const Value& value) : run_(run), outer_(run.variables), value_(value) {
    run.variables = this;
  }
  ~TestedValue() override { run_.variables = outer_; }
  TestedValue(const TestedValue&) = delete;
  TestedValue& operator=(const TestedValue&) = delete;

  [[nodiscard]] const Value* find(std::string_view name) const override {
    if (name == "?") return &value_;
    return outer_ == nullptr ? nullptr : outer_->find(name);
  }

 private:
  feel::Evaluation& run_;
  const VariableScope* outer_;
  const Value& value_;
};

}  // namespace fermata::dmn
