#include "cli/serve/models.h"

#include <chrono>

#include "engine/base/json.h"
#include "processes/bpmn/deploy.h"
#include "processes/bpmn/feel_expressions.h"
#include "processes/feel/feel.h"

namespace fermata::cli {
namespace {

class VariablesScope final : public VariableScope {
 public:
  explicit VariablesScope(const Variables& variables) : variables_(variables) {}

  // The last of a name wins: what was given later hides what was there.
  const Value* find(std::string_view name) const override {
    for (auto variable = variables_.rbegin(); variable != variables_.rend(); ++variable) {
      if (variable->name == name) return &variable->value;
    }
    return nullptr;
  }

 private:
  const Variables& variables_;
};

std::vector<DeployResource::Process> processes_of(bpmn::CompileResult& result) {
  std::vector<DeployResource::Process> processes;
  for (bpmn::CompiledProcess& process : result.processes) {
    processes.push_back({std::move(process.id), std::move(process.name), std::move(process.graph)});
  }
  return processes;
}

Timestamp wall_now() {
  return Timestamp{
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

}  // namespace

http::CompiledFile compile_file(std::string_view name, std::string_view content) {
  bpmn::FeelExpressions expressions;
  bpmn::CompileResult result = bpmn::compile(name, content, expressions);
  http::CompiledFile compiled;
  compiled.processes = processes_of(result);
  compiled.problems = std::move(result.problems);
  return compiled;
}

Result<std::vector<DeployResource::Process>> recompile(const Resource& resource) {
  bpmn::FeelExpressions expressions;
  bpmn::CompileResult result = bpmn::compile(resource.name, resource.content, expressions);
  if (result.refused()) {
    for (const bpmn::Problem& problem : result.problems) {
      if (problem.severity != bpmn::Severity::error) continue;
      return fail(ErrorCode::data_loss, "The stored model " + resource.name + " does not compile any more: " +
                                            bpmn::format_problem(resource.name, problem));
    }
  }
  return processes_of(result);
}

Result<http::EvaluatedExpression> evaluate_feel(std::string_view text, const Variables& variables, Timestamp now) {
  feel::CompileOptions options;
  for (const Variable& variable : variables) options.known_names.push_back(variable.name);
  const Result<feel::CompiledPtr> compiled = feel::compile(text, options);
  if (!compiled) return fail(compiled.error());
  const VariablesScope scope(variables);
  Result<feel::Evaluated> evaluated = (*compiled)->evaluate_with_warnings({scope, now});
  if (!evaluated) return fail(evaluated.error());
  http::EvaluatedExpression result{std::move(evaluated->value), {}};
  for (const feel::Warning& warning : evaluated->warnings) {
    result.warnings.push_back("line " + std::to_string(warning.line) + ", column " + std::to_string(warning.column) + ": " +
                              warning.message);
  }
  return result;
}

Result<std::string> evaluate_feel_json(std::string_view text, std::string_view context_json) {
  const Result<Value> context = parse_json(context_json);
  if (!context) return fail(context.error());
  if (!context->is_context()) return fail(ErrorCode::invalid_argument, "The context of an expression must be a JSON object.");
  Variables variables;
  for (const Value::Entry& entry : context->as_context()) variables.push_back({entry.key, entry.value});
  const Result<http::EvaluatedExpression> evaluated = evaluate_feel(text, variables, wall_now());
  if (!evaluated) return fail(evaluated.error());
  return to_json(evaluated->value);
}

}  // namespace fermata::cli
