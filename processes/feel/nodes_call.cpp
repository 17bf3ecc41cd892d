// Functions: calls, and closures.
#include <array>

#include "processes/feel/nodes.h"

namespace fermata::feel {

BuiltinCall::BuiltinCall(std::uint32_t at, const Builtin& builtin, const Form& form, std::vector<NodePtr> arguments)
    : Node(at), builtin_(builtin), form_(form), arguments_(std::move(arguments)) {
  for (const NodePtr& argument : arguments_) adopt(*argument);
}

Value BuiltinCall::evaluate(Evaluation& run) const {
  run.step(offset, 1 + arguments_.size());
  constexpr std::size_t in_place = 4;
  if (arguments_.size() <= in_place) {
    std::array<Value, in_place> values;
    for (std::size_t i = 0; i < arguments_.size(); ++i) values[i] = arguments_[i]->evaluate(run);
    return call_builtin(run, offset, builtin_, form_, {values.data(), arguments_.size()});
  }
  run.charge(offset, arguments_.size() * sizeof(Value));
  std::vector<Value> values;
  values.reserve(arguments_.size());
  for (const NodePtr& argument : arguments_) values.push_back(argument->evaluate(run));
  return call_builtin(run, offset, builtin_, form_, values);
}

DynamicCall::DynamicCall(std::uint32_t at, NodePtr function, std::vector<std::string> names,
                         std::vector<NodePtr> arguments)
    : Node(at), function_(std::move(function)), names_(std::move(names)), arguments_(std::move(arguments)) {
  adopt(*function_);
  for (const NodePtr& argument : arguments_) adopt(*argument);
}

Value DynamicCall::evaluate(Evaluation& run) const {
  run.step(offset, 1 + arguments_.size());
  const Value callee = function_->evaluate(run);
  std::vector<Value> values;
  values.reserve(arguments_.size());
  for (const NodePtr& argument : arguments_) values.push_back(argument->evaluate(run));
  if (const auto* range = unbox<Range>(callee); range != nullptr && values.size() == 1) {
    // A test such as "< 10" may be called with the value to test.
    const std::optional<bool> inside = contains(*range, values[0]);
    if (inside) return Value::boolean(*inside);
  }
  const Function* function = as_function(callee);
  if (function == nullptr) {
    return run.null_because(
        offset, [&] { return "a " + std::string(type_name(callee)) + " cannot be called like a function"; });
  }
  if (!names_.empty() && !function->arrange(names_, values)) {
    return run.null_because(offset, [&] { return "the function has no parameters of these names"; });
  }
  return function->call(run, offset, values);
}

namespace {

class Closure final : public Function {
 public:
  Closure(std::shared_ptr<const FunctionBody> body, std::vector<Value> captured, Variables globals,
          std::size_t held_depth)
      : Function(held_depth), body_(std::move(body)), captured_(std::move(captured)), globals_(std::move(globals)) {}

  [[nodiscard]] Value call(Evaluation& run, std::uint32_t at, std::span<const Value> arguments) const override;
  [[nodiscard]] bool arrange(const std::vector<std::string>& names, std::vector<Value>& arguments) const override;
  [[nodiscard]] std::size_t parameter_count() const override { return body_->parameters.size(); }
  [[nodiscard]] bool conforms_to(const Type& type) const override {
    if (type.arguments.empty()) return true;
    if (type.arguments.size() != body_->parameters.size() + 1) return false;
    // What the code answers is not known before it runs, so only the parameters can tell two types apart. One without
    // a type takes everything.
    for (std::size_t i = 0; i < body_->parameters.size(); ++i) {
      if (!type_conforms(type.arguments[i], body_->parameters[i].type)) return false;
    }
    return true;
  }

 private:
  std::shared_ptr<const FunctionBody> body_;
  std::vector<Value> captured_;
  Variables globals_;
};

// The outside variables of a function: those it kept (sorted by name), then those of its caller.
class ClosureScope final : public VariableScope {
 public:
  ClosureScope(const Variables& kept, const VariableScope& caller) : kept_(kept), caller_(caller) {}
  [[nodiscard]] const Value* find(std::string_view name) const override {
    const auto at =
        std::lower_bound(kept_.begin(), kept_.end(), name,
                         [](const Variable& variable, std::string_view wanted) { return variable.name < wanted; });
    if (at != kept_.end() && at->name == name) return &at->value;
    return caller_.find(name);
  }

 private:
  const Variables& kept_;
  const VariableScope& caller_;
};

// The frame of one call: pushed on construction, popped on destruction, also when a bound is hit.
class Frame {
 public:
  Frame(Evaluation& run, std::uint32_t at, const FunctionBody& body, const Variables& globals)
      : run_(run),
        scope_(globals, *run.variables),
        caller_variables_(run.variables),
        caller_base_(run.base),
        caller_source_(run.source),
        levels_(body.code->depth + std::size_t{3}) {
    run.enter(at, levels_);
    if (!globals.empty()) run.variables = &scope_;
    if (body.source != nullptr) run.source = body.source.get();
    run.base = run.locals.size();
    run.locals.resize(run.base + body.frame);
  }
  ~Frame() {
    run_.locals.resize(run_.base);
    run_.base = caller_base_;
    run_.variables = caller_variables_;
    run_.source = caller_source_;
    run_.leave(levels_);
  }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

 private:
  Evaluation& run_;
  ClosureScope scope_;
  const VariableScope* caller_variables_;
  std::size_t caller_base_;
  const Source* caller_source_;
  std::size_t levels_;
};

Value Closure::call(Evaluation& run, std::uint32_t at, std::span<const Value> arguments) const {
  const auto& parameters = body_->parameters;
  if (arguments.size() != parameters.size()) {
    return run.null_because(at, [&] {
      return "the function takes " + std::to_string(parameters.size()) + " arguments, not " +
             std::to_string(arguments.size());
    });
  }
  run.step(at, 1 + body_->frame);
  const Frame frame(run, at, *body_, globals_);
  for (std::size_t i = 0; i < captured_.size(); ++i) run.local(i) = captured_[i];
  if (body_->self_slot >= 0) run.local(static_cast<std::size_t>(body_->self_slot)) = Value::boxed(this);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Value value = arguments[i];
    if (!parameters[i].type.arguments.empty()) run.step_through(at, value);
    if (!coerce(value, parameters[i].type)) {
      return run.null_because(at, [&] {
        return "the argument " + parameters[i].name + " is a " + std::string(type_name(value)) +
               ", which the function does not take";
      });
    }
    run.local(captured_.size() + i) = std::move(value);
  }
  return body_->code->evaluate(run);
}

bool Closure::arrange(const std::vector<std::string>& names, std::vector<Value>& arguments) const {
  std::vector<std::string> parameters;
  for (const auto& parameter : body_->parameters) parameters.push_back(parameter.name);
  return arrange_by_name(parameters, names, arguments);
}

}  // namespace

bool arrange_by_name(const std::vector<std::string>& parameters, const std::vector<std::string>& names,
                     std::vector<Value>& arguments) {
  if (names.size() != parameters.size()) return false;
  std::vector<Value> ordered(parameters.size());
  std::vector<bool> seen(parameters.size(), false);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto at = std::find(parameters.begin(), parameters.end(), names[i]);
    if (at == parameters.end()) return false;
    const auto index = static_cast<std::size_t>(at - parameters.begin());
    if (seen[index]) return false;
    seen[index] = true;
    ordered[index] = std::move(arguments[i]);
  }
  arguments = std::move(ordered);
  return true;
}

Value FunctionLiteral::evaluate(Evaluation& run) const {
  run.step(offset, 1 + body_->captured + body_->globals.size());
  run.charge(offset, 128 + body_->captured * sizeof(Value));
  std::vector<Value> captured;
  captured.reserve(body_->captured);
  std::size_t held_depth = 0;
  for (Slot slot = 0; slot < body_->captured; ++slot) {
    captured.push_back(run.local(slot));
    held_depth = std::max(held_depth, captured.back().depth());
  }
  Variables globals;
  for (const std::string& name : body_->globals) {
    const Value* found = run.variables->find(name);
    if (found == nullptr) continue;  // it may exist where the function is called
    run.charge(offset, name.size() + sizeof(Variable));
    globals.push_back({name, *found});
    held_depth = std::max(held_depth, found->depth());
  }
  return run.checked(offset, Value::boxed(new Closure(body_, std::move(captured), std::move(globals), held_depth + 1)));
}

}  // namespace fermata::feel
