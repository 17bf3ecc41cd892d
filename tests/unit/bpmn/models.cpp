#include "tests/unit/bpmn/models.h"

#include <gtest/gtest.h>

#include <ctime>
#include <map>
#include <sstream>

#include "engine/base/json.h"
#include "processes/bpmn/feel_expressions.h"

namespace fermata::bpmn::testing {
namespace {

class Scope final : public VariableScope {
 public:
  std::map<std::string, Value, std::less<>> values;
  [[nodiscard]] const Value* find(std::string_view name) const override {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : &found->second;
  }
};

}  // namespace

double cpu_ms() {
  return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::string with_flows(std::string_view body) {
  std::istringstream lines{std::string(body)};
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t arrow = line.find(" -> ");
    if (arrow != std::string::npos && line.find('<') == std::string::npos) {
      const std::string from = line.substr(0, arrow);
      const std::string to = line.substr(arrow + 4);
      line = "<sequenceFlow id=\"" + from + "_" + to + "\" sourceRef=\"" + from + "\" targetRef=\"" + to + "\"/>";
    }
    text += line + "\n";
  }
  return text;
}

std::string definitions(std::string_view content, std::string_view vendor) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  text +=
      "<definitions id=\"d\" xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
  if (vendor == "camunda") text += " xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\"";
  if (vendor == "zeebe") text += " xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\"";
  text += " targetNamespace=\"urn:test\">\n";
  return text + with_flows(content) + "</definitions>\n";
}

std::string process(std::string_view body, std::string_view vendor) {
  return definitions("<process id=\"p\" isExecutable=\"true\">\n" + std::string(body) + "</process>", vendor);
}

CompileResult compile_text(std::string_view bytes, const CompileOptions& options) {
  FeelExpressions expressions;
  return compile("test.bpmn", bytes, expressions, options);
}

std::string problems_of(const CompileResult& result) {
  std::string text;
  for (const Problem& problem : result.problems) text += format_problem("test.bpmn", problem) + "\n";
  return text;
}

ProcessGraphPtr graph_of(std::string_view bytes) {
  const CompileResult result = compile_text(bytes);
  EXPECT_FALSE(result.refused()) << problems_of(result);
  EXPECT_EQ(result.processes.size(), 1U);
  return result.processes.empty() ? nullptr : result.processes.front().graph;
}

const Element& element_of(const ProcessGraph& graph, std::string_view id) {
  const ElementIndex index = graph.find_element(id);
  EXPECT_NE(index, no_element) << id;
  return graph.element(index == no_element ? process_element : index);
}

std::string evaluated(const ExpressionPtr& expression,
                      std::initializer_list<std::pair<std::string_view, std::string_view>> variables) {
  if (expression == nullptr) return "(none)";
  Scope scope;
  for (const auto& [name, json] : variables) scope.values.emplace(name, *parse_json(json));
  const Result<Value> value = expression->evaluate({scope, Timestamp{0}});
  return value ? to_json(*value) : "error: " + value.error().message;
}

}  // namespace fermata::bpmn::testing
