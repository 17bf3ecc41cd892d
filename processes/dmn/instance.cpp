#include "processes/dmn/instance.h"

#include "processes/dmn/scope.h"
#include "processes/feel/embedded.h"

namespace fermata::dmn {
namespace {

// What the caller gave and the model does not declare: a decision without requirements may read it all the same.
class UndeclaredInputs final : public VariableScope {
 public:
  UndeclaredInputs(feel::Evaluation& run, const ModelData& model, const Value* inputs)
      : run_(run), before_(run.variables), model_(model), inputs_(inputs) {
    run.variables = this;
  }
  ~UndeclaredInputs() override { run_.variables = before_; }
  UndeclaredInputs(const UndeclaredInputs&) = delete;
  UndeclaredInputs& operator=(const UndeclaredInputs&) = delete;

  [[nodiscard]] const Value* find(std::string_view name) const override {
    if (inputs_ == nullptr || model_.variables.contains(name)) return nullptr;
    return inputs_->find(name);
  }

 private:
  feel::Evaluation& run_;
  const VariableScope* before_;
  const ModelData& model_;
  const Value* inputs_;
};

class SourceGuard {
 public:
  SourceGuard(feel::Evaluation& run, const feel::Source* source) : run_(run), before_(run.source) {
    run.source = source;
  }
  ~SourceGuard() { run_.source = before_; }
  SourceGuard(const SourceGuard&) = delete;
  SourceGuard& operator=(const SourceGuard&) = delete;

 private:
  feel::Evaluation& run_;
  const feel::Source* before_;
};

Value with_values_from_text(Run& run, Value value, const ItemType& type) {
  if (!run.options.temporal_from_text && !run.options.all_from_text) return value;
  return values_from_text(run.feel, value, type.type, run.options.all_from_text);
}

// Values by name for a scope; those of imported models are gathered in a context for each import.
class Bindings {
 public:
  explicit Bindings(const ModelData& model) : model_(model) {}

  void add(Scope& scope, const Reference& reference, Value value) {
    if (reference.import == Reference::own || model_.imports[reference.import].name.empty()) {
      if (const std::string_view id = second_name_of(model_, reference); !id.empty()) scope.set(id, value);
      scope.set(variable_of(model_, reference), std::move(value));
      return;
    }
    imported_[reference.import].push_back({variable_of(model_, reference), std::move(value)});
  }
  void finish(feel::Evaluation& run, Scope& scope) {
    for (auto& [import, entries] : imported_) {
      run.charge(0, entries.size() * sizeof(Value::Entry));
      scope.set(model_.imports[import].name, run.checked(0, Value::context(std::move(entries))));
    }
  }

 private:
  const ModelData& model_;
  std::map<std::size_t, Value::Entries> imported_;
};

}  // namespace

Instance::Instance(std::shared_ptr<const ModelData> model, const Value* inputs)
    : model_(std::move(model)),
      inputs_(inputs != nullptr && inputs->is_context() ? inputs : nullptr),
      input_values_(model_->inputs.size()),
      decision_values_(model_->decisions.size()),
      imports_(model_->imports.size()) {}

Instance& Instance::of(const Reference& reference) {
  if (reference.import == Reference::own) return *this;
  std::unique_ptr<Instance>& instance = imports_[reference.import];
  if (instance == nullptr) {
    const Import& import = model_->imports[reference.import];
    const Value* inputs = inputs_ == nullptr || import.name.empty() ? inputs_ : inputs_->find(import.name);
    instance = std::make_unique<Instance>(import.model, inputs);
  }
  return *instance;
}

const Value& Instance::input(Run& run, std::size_t index) {
  std::optional<Value>& value = input_values_[index];
  if (value) return *value;
  const InputData& input = model_->inputs[index];
  const Value* given = inputs_ == nullptr ? nullptr : inputs_->find(input.info.name);
  if (given == nullptr && inputs_ != nullptr) given = inputs_->find(input.name);
  value = given == nullptr ? Value::null() : *given;
  if (input.type == nullptr) return *value;
  const SourceGuard guard(run.feel, input.place.get());
  value = with_values_from_text(run, *std::move(value), *input.type);
  value = fit(run.feel, std::move(*value), *input.type, "the input " + input.info.name);
  return *value;
}

void Instance::preset(const Reference& reference, Value value) {
  Instance& instance = of(reference);
  (reference.kind == Reference::Kind::input ? instance.input_values_ : instance.decision_values_)[reference.index] =
      std::move(value);
}

// Decisions are evaluated before those that require them, without recursion: a long chain needs no deep stack.
const Value& Instance::decision(Run& run, std::size_t index) {
  struct Open {
    Instance* instance;
    std::size_t index;
    std::size_t next = 0;
  };
  std::vector<Open> open;
  if (!decision_values_[index]) open.push_back({this, index});
  while (!open.empty()) {
    Open& top = open.back();
    const std::vector<Reference>& required = top.instance->model_->decisions[top.index].required;
    Instance* instance = nullptr;
    const Reference* missing = nullptr;
    while (missing == nullptr && top.next < required.size()) {
      const Reference& reference = required[top.next++];
      if (reference.kind != Reference::Kind::decision) continue;
      instance = &top.instance->of(reference);
      if (!instance->decision_values_[reference.index]) missing = &reference;
    }
    if (missing != nullptr) {
      open.push_back({instance, missing->index});
      continue;
    }
    top.instance->evaluate_logic(run, top.index);
    open.pop_back();
  }
  return *decision_values_[index];
}

Value Instance::value_of(Run& run, const Reference& reference) {
  Instance& instance = of(reference);
  switch (reference.kind) {
    case Reference::Kind::input:
      return instance.input(run, reference.index);
    case Reference::Kind::decision:
      return *instance.decision_values_[reference.index];
    case Reference::Kind::knowledge:
    case Reference::Kind::service:
      return function_of(instance.model_, reference);
  }
  return Value::null();
}

void Instance::evaluate_logic(Run& run, std::size_t index) {
  const Decision& decision = model_->decisions[index];
  feel::Evaluation& feel = run.feel;
  feel.step(0, 1 + decision.required.size());
  const feel::EmbeddedFrame frame(feel, decision.frame, decision.place.get());
  const UndeclaredInputs undeclared(feel, *model_, inputs_);
  Scope scope(feel);
  Bindings bindings(*model_);
  const bool records = run.records_decisions();
  DecisionEvaluation record;
  for (const Reference& reference : decision.required) {
    Value value = value_of(run, reference);
    if (records && (reference.kind == Reference::Kind::input || reference.kind == Reference::Kind::decision)) {
      const Instance& instance = of(reference);
      const bool is_input = reference.kind == Reference::Kind::input;
      record.inputs.push_back({is_input ? instance.model_->inputs[reference.index].info.id
                                        : instance.model_->decisions[reference.index].info.id,
                               variable_of(*model_, reference), value});
    }
    bindings.add(scope, reference, std::move(value));
  }
  bindings.finish(feel, scope);
  Value value = decision.logic == nullptr ? Value::null() : decision.logic->evaluate(feel);
  if (decision.type != nullptr)
    value = fit(feel, std::move(value), *decision.type, "the result of " + decision.info.name);
  if (records) {
    record.id = decision.info.id;
    record.name = decision.info.name;
    record.model_namespace = model_->name_space;
    record.logic = decision.info.logic;
    record.value = value;
    run.record(std::move(record));
  }
  decision_values_[index] = std::move(value);
}

Value Instance::service(Run& run, const Service& service) {
  Value::Entries entries;
  for (const Reference& output : service.outputs) {
    Value value = of(output).decision(run, output.index);
    if (service.outputs.size() == 1)
      return service.result == nullptr
                 ? value
                 : fit(run.feel, std::move(value), *service.result, "the result of " + service.info.name);
    entries.push_back({variable_of(*model_, output), std::move(value)});
  }
  Value value = run.feel.checked(0, Value::context(std::move(entries)));
  return service.result == nullptr
             ? value
             : fit(run.feel, std::move(value), *service.result, "the result of " + service.info.name);
}

Value Instance::as_parameter(Run& run, const ModelData& model, const Reference& parameter, Value value) {
  const ModelData& target = parameter.import == Reference::own ? model : *model.imports[parameter.import].model;
  const bool is_input = parameter.kind == Reference::Kind::input;
  const ItemTypePtr& type = is_input ? target.inputs[parameter.index].type : target.decisions[parameter.index].type;
  if (type == nullptr) return value;
  const feel::SourcePtr& place =
      is_input ? target.inputs[parameter.index].place : target.decisions[parameter.index].place;
  const SourceGuard guard(run.feel, place.get());
  if (run.calls == 0) value = with_values_from_text(run, std::move(value), *type);
  return fit(run.feel, std::move(value), *type, "the input " + variable_of(model, parameter));
}

namespace {

class KnowledgeFunction final : public feel::Function {
 public:
  KnowledgeFunction(std::shared_ptr<const ModelData> model, std::size_t index)
      : Function(1), model_(std::move(model)), index_(index) {}

  // Sees its parameters, the knowledge that it requires, and itself.
  [[nodiscard]] Value call(feel::Evaluation& run, std::uint32_t at, std::span<const Value> arguments) const override {
    const Knowledge& knowledge = model_->knowledge[index_];
    Scope scope(run, true);
    scope.set(knowledge.name, Value::boxed(this));
    Bindings bindings(*model_);
    for (const Reference& reference : knowledge.required) {
      const std::shared_ptr<const ModelData>& target =
          reference.import == Reference::own ? model_ : model_->imports[reference.import].model;
      bindings.add(scope, reference, function_of(target, reference));
    }
    bindings.finish(run, scope);
    return call_code(run, at, *knowledge.code, scope, arguments);
  }
  [[nodiscard]] bool arrange(const std::vector<std::string>& names, std::vector<Value>& arguments) const override {
    std::vector<std::string> parameters;
    for (const FunctionCode::Parameter& parameter : model_->knowledge[index_].code->parameters)
      parameters.push_back(parameter.name);
    return feel::arrange_by_name(parameters, names, arguments);
  }
  [[nodiscard]] std::size_t parameter_count() const override {
    return model_->knowledge[index_].code->parameters.size();
  }
  [[nodiscard]] bool conforms_to(const feel::Type& type) const override {
    return type.arguments.empty() || type.arguments.size() == parameter_count() + 1;
  }

 private:
  std::shared_ptr<const ModelData> model_;
  std::size_t index_;
};

class CallGuard {
 public:
  CallGuard(Run& run, std::uint32_t at, std::size_t levels) : run_(run), levels_(levels) {
    run.feel.enter(at, levels);
    ++run.calls;
  }
  ~CallGuard() {
    --run_.calls;
    run_.feel.leave(levels_);
  }
  CallGuard(const CallGuard&) = delete;
  CallGuard& operator=(const CallGuard&) = delete;

 private:
  Run& run_;
  std::size_t levels_;
};

class ServiceFunction final : public feel::Function {
 public:
  ServiceFunction(std::shared_ptr<const ModelData> model, std::size_t index)
      : Function(1), model_(std::move(model)), index_(index) {}

  [[nodiscard]] Value call(feel::Evaluation& evaluation, std::uint32_t at,
                           std::span<const Value> arguments) const override {
    const Service& service = model_->services[index_];
    Run* run = Run::of(evaluation);
    if (run == nullptr || arguments.size() != service.parameters.size()) {
      return evaluation.null_because(at, [&] {
        return run == nullptr ? "the decision service " + service.info.name + " can only be called within a decision"
                              : "the decision service " + service.info.name + " takes " +
                                    std::to_string(service.parameters.size()) + " arguments, not " +
                                    std::to_string(arguments.size());
      });
    }
    // Which decisions are needed is decided later: any of them may be.
    constexpr std::size_t levels_of_call = 10;
    const CallGuard guard(*run, at, model_->deepest_logic + levels_of_call);
    evaluation.step(at, 1 + model_->decisions.size() + model_->inputs.size());
    evaluation.charge(at, (model_->decisions.size() + model_->inputs.size()) * sizeof(std::optional<Value>));
    Instance instance(model_, nullptr);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      Value value = Instance::as_parameter(*run, *model_, service.parameters[i], arguments[i]);
      if (value.is_null() && !arguments[i].is_null()) return value;  // as of any function that is called wrongly
      instance.preset(service.parameters[i], std::move(value));
    }
    return instance.service(*run, service);
  }
  [[nodiscard]] bool arrange(const std::vector<std::string>& names, std::vector<Value>& arguments) const override {
    std::vector<std::string> parameters;
    for (const InputInfo& parameter : model_->services[index_].info.parameters) parameters.push_back(parameter.name);
    return feel::arrange_by_name(parameters, names, arguments);
  }
  [[nodiscard]] std::size_t parameter_count() const override { return model_->services[index_].parameters.size(); }
  [[nodiscard]] bool conforms_to(const feel::Type& type) const override {
    return type.arguments.empty() || type.arguments.size() == parameter_count() + 1;
  }

 private:
  std::shared_ptr<const ModelData> model_;
  std::size_t index_;
};

}  // namespace

Value function_of(const std::shared_ptr<const ModelData>& model, const Reference& reference) {
  if (reference.kind == Reference::Kind::service) return Value::boxed(new ServiceFunction(model, reference.index));
  return Value::boxed(new KnowledgeFunction(model, reference.index));
}

}  // namespace fermata::dmn
