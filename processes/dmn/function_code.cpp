#include "processes/dmn/function_code.h"

#include <utility>

#include "processes/dmn/scope.h"
#include "processes/feel/embedded.h"

namespace fermata::dmn {
namespace {

// The levels of a call, given back also when a bound is hit.
class CallDepth {
 public:
  CallDepth(feel::Evaluation& run, std::uint32_t at, std::size_t levels) : run_(run), levels_(levels) {
    run.enter(at, levels);
  }
  ~CallDepth() { run_.leave(levels_); }
  CallDepth(const CallDepth&) = delete;
  CallDepth& operator=(const CallDepth&) = delete;

 private:
  feel::Evaluation& run_;
  std::size_t levels_;
};

constexpr std::size_t levels_of_call = 6;

std::vector<std::string> names_of(const FunctionCode& code) {
  std::vector<std::string> names;
  for (const FunctionCode::Parameter& parameter : code.parameters) names.push_back(parameter.name);
  return names;
}

class BoxedFunction final : public feel::Function {
 public:
  BoxedFunction(std::shared_ptr<const FunctionCode> code, Variables kept, std::size_t depth)
      : Function(depth), model_(code->model.lock()), code_(std::move(code)), kept_(std::move(kept)) {}

  [[nodiscard]] Value call(feel::Evaluation& run, std::uint32_t at, std::span<const Value> arguments) const override {
    Scope scope(run);
    if (!code_->name.empty()) scope.set(code_->name, Value::boxed(this));
    for (const Variable& variable : kept_) scope.set(variable.name, variable.value);
    return call_code(run, at, *code_, scope, arguments);
  }
  [[nodiscard]] bool arrange(const std::vector<std::string>& names, std::vector<Value>& arguments) const override {
    return feel::arrange_by_name(names_of(*code_), names, arguments);
  }
  [[nodiscard]] std::size_t parameter_count() const override { return code_->parameters.size(); }
  [[nodiscard]] bool conforms_to(const feel::Type& type) const override {
    return type.arguments.empty() || type.arguments.size() == code_->parameters.size() + 1;
  }

 private:
  std::shared_ptr<const void> model_;
  std::shared_ptr<const FunctionCode> code_;
  Variables kept_;
};

class FunctionNode final : public feel::Node {
 public:
  explicit FunctionNode(std::shared_ptr<const FunctionCode> code) : Node(0), code_(std::move(code)) {
    adopt(*code_->body);
  }
  [[nodiscard]] Value evaluate(feel::Evaluation& run) const override {
    run.step(0, 1 + code_->captured.size());
    run.charge(0, sizeof(BoxedFunction));
    Variables kept;
    std::size_t held_depth = 0;
    for (const std::string& name : code_->captured) {
      const Value* found = run.variables == nullptr ? nullptr : run.variables->find(name);
      if (found == nullptr || name == code_->name) continue;
      run.charge(0, name.size() + sizeof(Variable));
      held_depth = std::max(held_depth, found->depth());
      kept.push_back({name, *found});
    }
    return run.checked(0, Value::boxed(new BoxedFunction(code_, std::move(kept), held_depth + 1)));
  }

 private:
  std::shared_ptr<const FunctionCode> code_;
};

}  // namespace

Value call_code(feel::Evaluation& run, std::uint32_t at, const FunctionCode& code, Scope& scope_of_body,
                std::span<const Value> arguments) {
  if (arguments.size() != code.parameters.size()) {
    return run.null_because(at, [&] {
      return "the function " + code.name + " takes " + std::to_string(code.parameters.size()) + " arguments, not " +
             std::to_string(arguments.size());
    });
  }
  run.step(at, 1 + arguments.size());
  const CallDepth depth(run, at, code.body->depth + levels_of_call);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const FunctionCode::Parameter& parameter = code.parameters[i];
    Value value = arguments[i];
    if (parameter.type != nullptr && !value.is_null()) {
      value = fit(run, std::move(value), *parameter.type, "the argument " + parameter.name);
      if (value.is_null()) return value;
    }
    scope_of_body.set(parameter.name, std::move(value));
  }
  const feel::EmbeddedFrame frame(run, code.frame, code.place.get());
  Value value = code.body->evaluate(run);
  return code.result == nullptr ? value : fit(run, std::move(value), *code.result, "the result of " + code.name);
}

feel::NodePtr make_function_node(std::shared_ptr<const FunctionCode> code) {
  return std::make_unique<FunctionNode>(std::move(code));
}

}  // namespace fermata::dmn
