#include "processes/bpmn/deploy.h"

#include <algorithm>

#include "engine/base/limits.h"
#include "processes/bpmn/compile/process_compiler.h"
#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

std::string documentation_of(const XmlElement& process) {
  std::string text;
  for (const XmlElement* part : process.children_named("documentation")) {
    if (!text.empty()) text += "\n\n";
    text += part->trimmed_text();
  }
  return text;
}

CompiledProcess link(const Model& model, CompiledScope scope) {
  const XmlElement& xml = *scope.process->xml;
  CompiledProcess process;
  process.id = xml.get("id");
  process.name = xml.get("name");
  process.version_tag = scope.version_tag;
  process.documentation = documentation_of(xml);
  process.line = xml.position.line;
  process.graph = link_graph(model, std::move(scope));
  return process;
}

void check_size(const CompiledScope& scope, Findings& findings) {
  if (scope.elements.size() + scope.flows.size() <= limits::elements_per_process_max) return;
  findings.add(rules::xml_bounds, *scope.process->xml,
               "the process has more than " + std::to_string(limits::elements_per_process_max) + " elements and flows");
}

}  // namespace

bool CompileResult::refused() const {
  return std::ranges::any_of(problems, [](const Problem& problem) { return problem.severity == Severity::error; });
}

CompileResult compile(std::string_view, std::string_view bytes, ExpressionCompiler& expressions,
                      const CompileOptions& options) {
  CompileResult result;
  XmlRead read = read_xml(bytes);
  if (!read.tree) {
    result.problems.push_back(std::move(*read.problem));
    return result;
  }
  const XmlTree& tree = *read.tree;
  Findings findings(dialect_of(tree.root()) != Dialect::neutral);
  if (!tree.root().is("definitions")) {
    findings.add(rules::not_bpmn, tree.root(),
                 "the root element is <" + tree.root().name + ">, not <definitions> of BPMN 2.0");
    result.problems = std::move(findings).take();
    return result;
  }
  const Model model = build_model(tree, options.all_processes ? Executable::all : Executable::stated);
  check_all(tree, model, findings);
  CompileContext context(model, findings, expressions);
  std::vector<CompiledScope> scopes = compile_processes(context);
  if (scopes.empty() && options.require_executable) {
    findings.add(rules::no_executable_process, tree.root(), "no process of the file is executable");
  }
  for (const CompiledScope& scope : scopes) check_size(scope, findings);
  if (!findings.has_error()) {
    check_unread_extensions(model, findings);
    for (CompiledScope& scope : scopes) result.processes.push_back(link(model, std::move(scope)));
  }
  result.problems = std::move(findings).take();
  return result;
}

std::string format_problem(std::string_view resource_name, const Problem& problem) {
  std::string text(resource_name);
  if (problem.line > 0) text += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
  text += ": " + std::string(severity_name(problem.severity)) + " " + problem.rule;
  if (!problem.element_id.empty()) text += " (" + problem.element_id + ")";
  return text + ": " + problem.message;
}

}  // namespace fermata::bpmn
