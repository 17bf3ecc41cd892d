#include "processes/dmn/deploy.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/value_size.h"

namespace fermata::dmn {

namespace {

// What the history keeps of one evaluation. Decisions hand the same large values to each other and show them all as their inputs, and a
// value that takes little memory may be an enormous text: so each is written out only as long as there is room.
class Keeper {
 public:
  explicit Keeper(std::size_t bytes_max) : bytes_max_(bytes_max), left_(bytes_max) {}

  Value keep(const Value& value) {
    return take(text_bytes(value, left_)) ? value : Value::string("(not kept: too large for the history)");
  }

  /// A list of {id, name, value}.
  Value keep(std::span<const NamedValue> values) {
    Value::List list;
    for (const NamedValue& each : values) {
      if (!take(entry_bytes + each.id.size() + each.name.size())) break;
      list.push_back(Value::context({{"id", Value::string(each.id)}, {"name", Value::string(each.name)}, {"value", keep(each.value)}}));
    }
    return Value::list(std::move(list));
  }

  Value keep_rules(std::span<const TableEvaluation> tables) {
    Value::List rules;
    for (const TableEvaluation& table : tables) {
      for (const MatchedRule& rule : table.matched) {
        if (!take(entry_bytes + rule.rule_id.size())) return Value::list(std::move(rules));
        rules.push_back(Value::context({{"index", Value::integer(static_cast<std::int64_t>(rule.index))},
                                        {"id", Value::string(rule.rule_id)},
                                        {"outputs", keep(rule.outputs)}}));
      }
    }
    return Value::list(std::move(rules));
  }

  [[nodiscard]] std::optional<std::string> warning() const {
    if (!left_out_) return std::nullopt;
    return "the history keeps at most " + std::to_string(bytes_max_) + " bytes of one evaluation: not all of its inputs, rules and results are there";
  }

 private:
  static constexpr std::size_t entry_bytes = 40;

  bool take(std::size_t bytes) {
    if (bytes <= left_) {
      left_ -= bytes;
      return true;
    }
    left_out_ = true;
    return false;
  }

  std::size_t bytes_max_;
  std::size_t left_;
  bool left_out_ = false;
};

// Of a decision table what its input clauses saw; of other logic what it requires.
std::span<const NamedValue> inputs_of(const DecisionEvaluation& decision) {
  const bool is_table = decision.logic == Logic::decision_table && !decision.tables.empty();
  return is_table ? decision.tables.back().inputs : decision.inputs;
}

// An id is optional in the standard; the name is not.
const std::string& id_or_name(const std::string& id, const std::string& name) { return id.empty() ? name : id; }

class EngineModel final : public DecisionModel {
 public:
  EngineModel(ModelPtr model, std::size_t history_bytes_max) : model_(std::move(model)), history_bytes_max_(history_bytes_max) {}

  Result<DecisionResult> evaluate(std::string_view decision_id, const Value& variables, Timestamp now) const override {
    EvaluateOptions how;
    how.now = now;
    how.temporal_from_text = true;  // variables come from JSON
    const Result<Evaluation> made = model_->evaluate_decision(decision_id, variables, how);
    if (!made) return fail(made.error());
    DecisionResult result;
    result.value = made->value;
    result.has_result = made->has_result;
    for (const DecisionInfo& info : model_->decisions()) {
      if (id_or_name(info.id, info.name) != decision_id) continue;
      result.outputs = info.outputs;
      result.is_list = info.gives_list;
    }
    for (const Warning& warning : made->warnings) result.warnings.push_back(format_warning(warning));
    Keeper keeper(history_bytes_max_);
    // From the one that was asked for to those it rests on: when there is no room for all, these go first.
    for (auto decision = made->decisions.rbegin(); decision != made->decisions.rend(); ++decision) {
      Value value = keeper.keep(decision->value);
      Value rules = keeper.keep_rules(decision->tables);
      result.decisions.push_back({id_or_name(decision->id, decision->name), decision->name, std::string(logic_name(decision->logic)),
                                  decision->model_namespace != model_->name_space(), keeper.keep(inputs_of(*decision)), std::move(rules),
                                  std::move(value)});
    }
    std::reverse(result.decisions.begin(), result.decisions.end());
    if (const auto warning = keeper.warning()) result.warnings.push_back(*warning);
    return result;
  }

 private:
  ModelPtr model_;
  std::size_t history_bytes_max_;
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
    file.model = std::make_shared<const EngineModel>(std::move(all[i].model), options.limits.history_bytes_max);
  }
  return made;
}

std::string format_warning(const Warning& warning) {
  return warning.resource + ':' + std::to_string(warning.line) + ':' + std::to_string(warning.column) + ": " +
         (warning.element_id.empty() ? "" : '(' + warning.element_id + ") ") + warning.message;
}

}  // namespace fermata::dmn
