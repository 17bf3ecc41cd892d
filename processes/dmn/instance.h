// Instance: the values of one model within one evaluation: its inputs as given, its decisions as they are evaluated,
// each once.
//
// A model that is imported under a name has an instance of its own below it, with inputs of its own; a call of a
// decision service makes one that lives as long as the call.
#pragma once

#include <memory>
#include <optional>

#include "processes/dmn/model_data.h"
#include "processes/dmn/run.h"

namespace fermata::dmn {

class Instance {
 public:
  /// `inputs`: a context, or anything else for none; must outlive the instance.
  Instance(std::shared_ptr<const ModelData> model, const Value* inputs);

  /// The value of the decision; evaluates it and what it requires unless that has happened.
  [[nodiscard]] const Value& decision(Run& run, std::size_t index);
  [[nodiscard]] const Value& input(Run& run, std::size_t index);

  /// The arguments of a decision service in place of what its inputs would be (10.4).
  void preset(const Reference& reference, Value value);
  /// The value of the service, its parameters being set.
  [[nodiscard]] Value service(Run& run, const Service& service);

  /// A value as the parameter of the service takes it.
  [[nodiscard]] static Value as_parameter(Run& run, const ModelData& model, const Reference& parameter, Value value);
  [[nodiscard]] Instance& of(const Reference& reference);

 private:
  void evaluate_logic(Run& run, std::size_t index);
  [[nodiscard]] Value value_of(Run& run, const Reference& reference);

  std::shared_ptr<const ModelData> model_;
  const Value* inputs_;
  std::vector<std::optional<Value>> input_values_;
  std::vector<std::optional<Value>> decision_values_;
  std::vector<std::unique_ptr<Instance>> imports_;
};

/// A knowledge model or decision service as a function value.
[[nodiscard]] Value function_of(const std::shared_ptr<const ModelData>& model, const Reference& reference);

}  // namespace fermata::dmn
