#include "cli/commands/decide.h"

#include <chrono>
#include <iostream>

#include "engine/base/json.h"
#include "processes/dmn/deploy.h"

namespace fermata::cli {
namespace {

Value text(const std::string& given) { return Value::string(given); }

Value named_values(const std::vector<dmn::NamedValue>& values) {
  Value::List list;
  for (const dmn::NamedValue& each : values) {
    list.push_back(Value::context({{"id", text(each.id)}, {"name", text(each.name)}, {"value", each.value}}));
  }
  return Value::list(std::move(list));
}

Value table_value(const dmn::TableEvaluation& table) {
  Value::List rules;
  for (const dmn::MatchedRule& rule : table.matched) {
    rules.push_back(Value::context({{"index", Value::integer(static_cast<std::int64_t>(rule.index))},
                                    {"ruleId", text(rule.rule_id)},
                                    {"outputs", named_values(rule.outputs)}}));
  }
  return Value::context({{"tableId", text(table.table_id)},
                         {"ownerId", text(table.owner_id)},
                         {"hitPolicy", text(table.hit_policy)},
                         {"inputs", named_values(table.inputs)},
                         {"matchedRules", Value::list(std::move(rules))},
                         {"value", table.value}});
}

Value whole_value(const dmn::Evaluation& made) {
  Value::List decisions;
  for (const dmn::DecisionEvaluation& decision : made.decisions) {
    Value::List tables;
    for (const dmn::TableEvaluation& table : decision.tables) tables.push_back(table_value(table));
    decisions.push_back(Value::context({{"id", text(decision.id)},
                                        {"name", text(decision.name)},
                                        {"namespace", text(decision.model_namespace)},
                                        {"logic", Value::string(dmn::logic_name(decision.logic))},
                                        {"inputs", named_values(decision.inputs)},
                                        {"tables", Value::list(std::move(tables))},
                                        {"value", decision.value}}));
  }
  Value::List warnings;
  for (const dmn::Warning& warning : made.warnings) {
    warnings.push_back(Value::context({{"file", text(warning.resource)},
                                       {"line", Value::integer(warning.line)},
                                       {"column", Value::integer(warning.column)},
                                       {"elementId", text(warning.element_id)},
                                       {"message", text(warning.message)}}));
  }
  return Value::context({{"value", made.value},
                         {"decisions", Value::list(std::move(decisions))},
                         {"warnings", Value::list(std::move(warnings))}});
}

Result<Value> inputs_of(const std::string& argument) {
  if (argument.empty()) return Value::context({});
  return read_json_argument("@" + argument);
}

// Reads all files; prints their problems. Null when the first of them has an error.
dmn::ModelPtr read_models(const std::vector<std::string>& paths, const std::vector<std::string>& contents) {
  std::vector<dmn::Resource> resources;
  for (std::size_t i = 0; i < paths.size(); ++i) resources.push_back({paths[i], contents[i]});
  std::vector<dmn::ReadResult> read = dmn::read_together(resources);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (const dmn::Problem& problem : read[i].problems) std::cerr << dmn::format_problem(paths[i], problem) << '\n';
  }
  return read.front().model;
}

}  // namespace

Exit decide(const DecideOptions& options) {
  std::vector<std::string> contents;
  for (const std::string& path : options.models) {
    Result<std::string> content = read_file(path);
    if (!content) {
      complain(content.error().message);
      return Exit::usage;
    }
    contents.push_back(*std::move(content));
  }
  const Result<Value> inputs = inputs_of(options.input);
  if (!inputs) {
    complain(inputs.error().message);
    return Exit::usage;
  }
  const dmn::ModelPtr model = read_models(options.models, contents);
  if (model == nullptr) return Exit::refused;
  std::string decision = options.decision;
  if (decision.empty() && options.service.empty()) {
    if (model->decisions().size() != 1) {
      complain(model->resource() + " has " + std::to_string(model->decisions().size()) + " decisions: name one with --decision");
      return Exit::usage;
    }
    decision = model->decisions()[0].name;
  }
  dmn::EvaluateOptions how;
  how.now = Timestamp{std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
  how.temporal_from_text = true;
  const Result<dmn::Evaluation> made = options.service.empty() ? model->evaluate_decision(decision, *inputs, how)
                                                               : model->evaluate_decision_service(options.service, *inputs, how);
  if (!made) {
    complain(made.error().message);
    return made.error().code == ErrorCode::not_found ? Exit::usage : Exit::refused;
  }
  if (options.json) {
    std::cout << to_json(whole_value(*made)) << '\n';
    return Exit::done;
  }
  for (const dmn::Warning& warning : made->warnings) {
    std::cerr << dmn::format_warning(warning) << '\n';
  }
  std::cout << to_json(made->value) << '\n';
  return Exit::done;
}

}  // namespace fermata::cli
