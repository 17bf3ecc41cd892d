#include "processes/dmn/deploy.h"

#include <utility>

namespace fermata::dmn {

namespace {

Value rules_of(const DecisionEvaluation& decision) {
  Value::List rules;
  for (const TableEvaluation& table : decision.tables) {
    for (const MatchedRule& rule : table.matched) {
      rules.push_back(Value::context({{"index", Value::integer(static_cast<std::int64_t>(rule.index))},
                                      {"id", Value::string(rule.rule_id)},
                                      {"outputs", named_values(rule.outputs)}}));
    }
  }
  return Value::list(std::move(rules));
}

// Of a decision table what its input clauses saw; of other logic what it requires.
Value inputs_of(const DecisionEvaluation& decision) {
  const bool is_table = decision.logic == Logic::decision_table && !decision.tables.empty();
  return named_values(is_table ? decision.tables.back().inputs : decision.inputs);
}

// An id is optional in the standard; the name is not.
const std::string& id_or_name(const std::string& id, const std::string& name) { return id.empty() ? name : id; }

class EngineModel final : public DecisionModel {
 public:
  explicit EngineModel(ModelPtr model) : model_(std::move(model)) {}

  Result<DecisionResult> evaluate(std::string_view decision_id, const Value& variables, Timestamp now) const override {
    EvaluateOptions how;
    how.now = now;
    how.temporal_from_text = true;  // variables come from JSON
    const Result<Evaluation> made = model_->evaluate_decision(decision_id, variables, how);
    if (!made) return fail(made.error());
    DecisionResult result;
    result.value = made->value;
    for (const DecisionInfo& info : model_->decisions()) {
      if (id_or_name(info.id, info.name) != decision_id) continue;
      result.outputs = info.outputs;
      result.is_list = info.gives_list;
    }
    for (const DecisionEvaluation& decision : made->decisions) {
      result.decisions.push_back({id_or_name(decision.id, decision.name), decision.name, std::string(logic_name(decision.logic)),
                                  decision.model_namespace != model_->name_space(), inputs_of(decision), rules_of(decision), decision.value});
    }
    for (const Warning& warning : made->warnings) result.warnings.push_back(format_warning(warning));
    return result;
  }

 private:
  ModelPtr model_;
};

}  // namespace

std::vector<DeployedFile> compile_together(std::span<const Resource> files, const ReadOptions& options) {
  std::vector<DeployedFile> made;
  std::vector<ReadResult> all = read_together(files, options);
  for (std::size_t i = 0; i < all.size(); ++i) {
    DeployedFile& file = made.emplace_back();
    file.problems = std::move(all[i].problems);
    if (all[i].model == nullptr) continue;
    const Model& model = *all[i].model;
    file.id = id_or_name(model.id(), id_or_name(model.name(), model.resource()));
    file.name = model.name();
    file.imports = !imported_namespaces(files[i].bytes).empty();
    file.decisions = model.decisions();
    for (DecisionInfo& decision : file.decisions) decision.id = id_or_name(decision.id, decision.name);
    file.model = std::make_shared<const EngineModel>(std::move(all[i].model));
  }
  return made;
}

Value named_values(std::span<const NamedValue> values) {
  Value::List list;
  for (const NamedValue& each : values) {
    list.push_back(Value::context({{"id", Value::string(each.id)}, {"name", Value::string(each.name)}, {"value", each.value}}));
  }
  return Value::list(std::move(list));
}

std::string format_warning(const Warning& warning) {
  return warning.resource + ':' + std::to_string(warning.line) + ':' + std::to_string(warning.column) + ": " +
         (warning.element_id.empty() ? "" : '(' + warning.element_id + ") ") + warning.message;
}

}  // namespace fermata::dmn
