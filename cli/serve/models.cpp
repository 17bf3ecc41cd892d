#include "cli/serve/models.h"

#include <chrono>

#include "engine/base/json.h"
#include "processes/bpmn/deploy.h"
#include "processes/bpmn/feel_expressions.h"
#include "processes/dmn/deploy.h"
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

std::vector<http::CompiledDecisions> compile_decision_files(const std::vector<http::UploadedFile>& files) {
  std::vector<dmn::Resource> resources;
  for (const http::UploadedFile& file : files) resources.push_back({file.name, file.content});
  std::vector<http::CompiledDecisions> compiled;
  for (dmn::DeployedFile& file : dmn::compile_together(resources)) {
    http::CompiledDecisions& made = compiled.emplace_back();
    made.problems = std::move(file.problems);
    if (file.model == nullptr) continue;
    made.decisions.emplace();
    made.decisions->requirements_id = std::move(file.id);
    made.decisions->requirements_name = std::move(file.name);
    made.decisions->imports = file.imports;
    made.decisions->model = std::move(file.model);
    for (dmn::DecisionInfo& decision : file.decisions) {
      made.decisions->all.push_back({std::move(decision.id), std::move(decision.name), std::move(decision.version_tag)});
    }
  }
  return compiled;
}

Result<DecisionModelPtr> recompile_decisions(const Resource& file, const std::vector<Resource>& beside) {
  std::vector<dmn::Resource> resources;
  for (const Resource& each : beside) resources.push_back({each.name, each.content});
  dmn::ReadOptions options;
  options.lint = false;  // its hints were given when it was deployed
  std::vector<dmn::DeployedFile> compiled = dmn::compile_together(resources, options);
  for (std::size_t i = 0; i < compiled.size(); ++i) {
    if (beside[i].key != file.key) continue;
    if (compiled[i].model != nullptr) return std::move(compiled[i].model);
    for (const dmn::Problem& problem : compiled[i].problems) {
      if (problem.severity == dmn::Severity::error) return fail(ErrorCode::data_loss, dmn::format_problem(file.name, problem));
    }
  }
  return fail(ErrorCode::data_loss, "the file " + file.name + " is not in its deployment any more");
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
