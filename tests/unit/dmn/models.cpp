#include "tests/unit/dmn/models.h"

#include <gtest/gtest.h>

#include "engine/base/json.h"

namespace fermata::dmn {

std::string model_xml(std::string_view content, std::string_view attributes) {
  return "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' id='defs' name='m' namespace='urn:m' " +
         std::string(attributes) + ">\n" + std::string(content) + "\n</definitions>";
}

std::string text_of(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += format_problem("m.dmn", problem) + "\n";
  return text;
}

ModelPtr model_of(std::string_view content, const ReadOptions& options) {
  ReadResult result = read("m.dmn", model_xml(content), options);
  EXPECT_FALSE(result.refused()) << text_of(result.problems);
  return result.model;
}

std::string literal(std::string_view name, std::string_view text, std::string_view requirements,
                    std::string_view type_ref) {
  const std::string type = type_ref.empty() ? "" : " typeRef='" + std::string(type_ref) + "'";
  return "<decision id='" + std::string(name) + "' name='" + std::string(name) + "'><variable name='" +
         std::string(name) + "'" + type + "/>" + std::string(requirements) + "<literalExpression><text>" +
         std::string(text) + "</text></literalExpression></decision>\n";
}

std::string input(std::string_view name, std::string_view type_ref) {
  const std::string type = type_ref.empty() ? "" : " typeRef='" + std::string(type_ref) + "'";
  return "<inputData id='" + std::string(name) + "' name='" + std::string(name) + "'><variable name='" +
         std::string(name) + "'" + type + "/></inputData>\n";
}

std::string needs_input(std::string_view id) {
  return "<informationRequirement><requiredInput href='#" + std::string(id) + "'/></informationRequirement>";
}
std::string needs_decision(std::string_view id) {
  return "<informationRequirement><requiredDecision href='#" + std::string(id) + "'/></informationRequirement>";
}
std::string needs_knowledge(std::string_view id) {
  return "<knowledgeRequirement><requiredKnowledge href='#" + std::string(id) + "'/></knowledgeRequirement>";
}

Value json(std::string_view text) {
  const Result<Value> parsed = parse_json(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed ? *parsed : Value::null();
}

std::string value_of(const ModelPtr& model, std::string_view decision, std::string_view inputs) {
  if (model == nullptr) return "no model";
  const Result<Evaluation> made = model->evaluate_decision(decision, json(inputs));
  return made ? feel::to_feel_text(made->value) : "error: " + made.error().message;
}

std::string warnings_of(const ModelPtr& model, std::string_view decision, std::string_view inputs) {
  if (model == nullptr) return "no model";
  const Result<Evaluation> made = model->evaluate_decision(decision, json(inputs));
  if (!made) return "error: " + made.error().message;
  std::string text;
  for (const Warning& warning : made->warnings) {
    text += warning.element_id + " " + std::to_string(warning.line) + ":" + std::to_string(warning.column) + " " +
            warning.message + "\n";
  }
  return text;
}

}  // namespace fermata::dmn
