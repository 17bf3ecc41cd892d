// Evaluating the model's expressions in a scope of an instance, as the types the engine needs; failures name expression and reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/behavior/execution.h"

namespace fermata {

/// The variables seen from one scope of an instance, innermost first. Within a multi-instance activity also what has no rows: the output
/// collection so far, and the counters numberOfInstances, numberOfActiveInstances, numberOfCompletedInstances,
/// numberOfTerminatedInstances, under Camunda 7's names nrOfInstances, nrOfActiveInstances, nrOfCompletedInstances.
class ScopeVariables final : public VariableScope {
 public:
  /// `completing`: the output of the inner instance `scope`, which counts as completed already (for the completion condition).
  ScopeVariables(const Execution& x, ElementInstanceKey scope, const Value* completing = nullptr) : x_(x), scope_(scope), completing_(completing) {}
  [[nodiscard]] const Value* find(std::string_view name) const override;

 private:
  [[nodiscard]] const Value* find_outputs(const ElementInstance& body, std::string_view name) const;

  const Execution& x_;
  ElementInstanceKey scope_;
  const Value* completing_;
  mutable std::vector<Value> counters_;
  mutable std::optional<Value> outputs_;  ///< with that of the completing one
};

/// Variables that are not (yet) those of an instance: what a message or a called process brings.
class ListedVariables final : public VariableScope {
 public:
  explicit ListedVariables(const Variables& variables) : variables_(variables) {}
  [[nodiscard]] const Value* find(std::string_view name) const override;

 private:
  const Variables& variables_;
};

/// `what` says what the expression is for, as the reader of an incident knows it: "the job type", "the condition of flow 'f1'".
[[nodiscard]] Attempted<Value> evaluate(const Execution& x, const Expression& expression, ElementInstanceKey scope, std::string_view what,
                                        IncidentType type = IncidentType::extract_value_error);
/// Text, or a number or boolean as text; null and anything else fail.
[[nodiscard]] Attempted<std::string> evaluate_text(const Execution& x, const Expression& expression, ElementInstanceKey scope,
                                                   std::string_view what);
/// Like evaluate_text, but a missing expression or null yields "".
[[nodiscard]] Attempted<std::string> evaluate_optional_text(const Execution& x, const ExpressionPtr& expression, ElementInstanceKey scope,
                                                            std::string_view what);
/// An integer from a number or from text.
[[nodiscard]] Attempted<std::int64_t> evaluate_integer(const Execution& x, const Expression& expression, ElementInstanceKey scope,
                                                       std::string_view what);
/// true or false; null and other values fail with condition_error, since a silent "no" would hide a wrong model.
[[nodiscard]] Attempted<bool> evaluate_condition(const Execution& x, const Expression& expression, ElementInstanceKey scope,
                                                 std::string_view what);
/// A list of texts, or one text with names between commas; null: none.
[[nodiscard]] Attempted<std::vector<std::string>> evaluate_names(const Execution& x, const ExpressionPtr& expression,
                                                                 ElementInstanceKey scope, std::string_view what);

/// Text form of a scalar; nullopt for null, lists and contexts.
[[nodiscard]] std::optional<std::string> scalar_text(const Value& value);

}  // namespace fermata
