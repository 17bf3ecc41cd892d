// The face of a compiled model: finds what is asked for and runs it.
#include <algorithm>

#include "processes/dmn/instance.h"

namespace fermata::dmn {

std::string_view logic_name(Logic logic) {
  static constexpr std::string_view names[] = {
      "none",       "literalExpression", "decisionTable", "context", "list", "relation", "functionDefinition",
      "invocation", "conditional",       "filter",        "iterator"};
  return names[static_cast<std::size_t>(logic)];
}

const std::string& variable_of(const ModelData& model, const Reference& reference) {
  const ModelData& target = reference.import == Reference::own ? model : *model.imports[reference.import].model;
  switch (reference.kind) {
    case Reference::Kind::input:
      return target.inputs[reference.index].info.name;
    case Reference::Kind::decision:
      return target.decisions[reference.index].info.variable;
    case Reference::Kind::knowledge:
      return target.knowledge[reference.index].name;
    case Reference::Kind::service:
      return target.services[reference.index].info.name;
  }
  return target.name;
}

std::string_view second_name_of(const ModelData& model, const Reference& reference) {
  if (reference.import != Reference::own || reference.kind != Reference::Kind::decision) return {};
  const std::string& id = model.decisions[reference.index].info.id;
  return model.variables.contains(id) ? std::string_view() : std::string_view(id);
}

namespace {

class NoVariables final : public VariableScope {
 public:
  [[nodiscard]] const Value* find(std::string_view) const override { return nullptr; }
};

class CompiledModel final : public Model {
 public:
  explicit CompiledModel(std::shared_ptr<const ModelData> data) : data_(std::move(data)) {}

  [[nodiscard]] const std::string& resource() const override { return data_->resource; }
  [[nodiscard]] const std::string& id() const override { return data_->id; }
  [[nodiscard]] const std::string& name() const override { return data_->name; }
  [[nodiscard]] const std::string& name_space() const override { return data_->name_space; }
  [[nodiscard]] const std::vector<InputInfo>& inputs() const override { return data_->input_infos; }
  [[nodiscard]] const std::vector<DecisionInfo>& decisions() const override { return data_->decision_infos; }
  [[nodiscard]] const std::vector<ServiceInfo>& services() const override { return data_->service_infos; }

  [[nodiscard]] Result<Evaluation> evaluate_decision(std::string_view id_or_name, const Value& inputs,
                                                     const EvaluateOptions& options) const override {
    const std::size_t index = find(data_->decisions, id_or_name);
    if (index == data_->decisions.size()) return not_there("decision", id_or_name);
    return evaluate(options, [&](Run& run) {
      Value value = Instance(data_, &inputs).decision(run, index);
      // Its own table ends after those of the decisions and knowledge models it rests on.
      const Logic logic = data_->decision_infos[index].logic;
      if (logic != Logic::decision_table) run.has_result = logic != Logic::none;
      return value;
    });
  }

  [[nodiscard]] Result<Evaluation> evaluate_decision_service(std::string_view id_or_name, const Value& inputs,
                                                             const EvaluateOptions& options) const override {
    const std::size_t index = find(data_->services, id_or_name);
    if (index == data_->services.size()) return not_there("decision service", id_or_name);
    const Service& service = data_->services[index];
    return evaluate(options, [&](Run& run) {
      Instance instance(data_, nullptr);
      for (const Reference& parameter : service.parameters) {
        const Value* given = inputs.find(variable_of(*data_, parameter));
        if (given == nullptr && parameter.import != Reference::own) {
          const Value* imported = inputs.find(data_->imports[parameter.import].name);
          given = imported == nullptr ? nullptr : imported->find(variable_of(*data_, parameter));
        }
        instance.preset(parameter,
                        Instance::as_parameter(run, *data_, parameter, given == nullptr ? Value::null() : *given));
      }
      Value value = instance.service(run, service);
      run.has_result = true;
      return value;
    });
  }

  [[nodiscard]] const std::shared_ptr<const ModelData>& data() const { return data_; }

 private:
  template <class Element>
  static std::size_t find(const std::vector<Element>& elements, std::string_view id_or_name) {
    auto found = std::ranges::find_if(elements, [&](const Element& each) { return each.info.id == id_or_name; });
    if (found == elements.end() || id_or_name.empty())
      found = std::ranges::find_if(elements, [&](const Element& each) { return each.info.name == id_or_name; });
    return static_cast<std::size_t>(found - elements.begin());
  }

  Result<Evaluation> not_there(const char* what, std::string_view wanted) const {
    constexpr std::size_t shown_max = 100;
    return fail(ErrorCode::not_found, "there is no " + std::string(what) + " with the id or name '" +
                                          std::string(wanted.substr(0, shown_max)) + "' in " + data_->resource);
  }

  template <class Work>
  Result<Evaluation> evaluate(const EvaluateOptions& options, Work&& work) const {
    const NoVariables none;
    const EvaluationInput input{none, options.now};
    Run run(input, data_->limits, options);
    try {
      Value value = work(run);
      feel::Extent extent;
      feel::measure(value, extent, run.feel_limits.steps_max);
      if (extent.parts > run.feel_limits.steps_max || extent.bytes > run.feel_limits.memory_bytes_max)
        return fail(ErrorCode::resource_exhausted, data_->resource + ": the result is too large");
      return run.finish(std::move(value));
    } catch (const feel::EvaluationFailure& failure) {
      return fail(failure.code, Run::describe(failure));
    }
  }

  std::shared_ptr<const ModelData> data_;
};

}  // namespace

ModelPtr make_model(std::shared_ptr<const ModelData> data) {
  return std::make_shared<CompiledModel>(std::move(data));
}

std::shared_ptr<const ModelData> data_of(const ModelPtr& model) {
  return static_cast<const CompiledModel&>(*model).data();  // the only kind there is
}

}  // namespace fermata::dmn
