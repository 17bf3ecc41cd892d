// CompileContext: what every compile function needs: the model, where problems go, and how texts become expressions.
//
// One per file, on the stack of compile(). Each read_* answers null after reporting a problem: callers need not check,
// because nothing of a refused file is used.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/process_graph.h"
#include "processes/bpmn/expression_compiler.h"
#include "processes/bpmn/model/model.h"
#include "processes/bpmn/rules/findings.h"

namespace fermata::bpmn {

/// Whose conventions a file follows where the standard is silent. Both vocabularies are read in any file.
enum class Dialect : unsigned char { neutral, camunda, zeebe };

/// modeler:executionPlatform decides; otherwise the vendor namespace that the root declares.
[[nodiscard]] Dialect dialect_of(const XmlElement& definitions);

class CompileContext {
 public:
  CompileContext(const Model& model, Findings& findings, ExpressionCompiler& expressions)
      : model_(model), findings_(findings), expressions_(expressions), dialect_(dialect_of(*model.definitions)) {}

  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] Dialect dialect() const { return dialect_; }

  /// Something was refused already, in any part of the file.
  [[nodiscard]] bool has_error() const { return findings_.has_error(); }
  void report(const Rule& rule, const XmlElement& at, const std::string& what) { findings_.add(rule, at, what); }
  void report(const Rule& rule, const XmlElement& element, const XmlAttribute& at, const std::string& what) {
    findings_.add(rule, element, at, what);
  }

  /// "=a + b" is FEEL, "${a + b}" and "order-${id}" are JUEL, anything else is the text itself. Empty: null without a
  /// problem.
  ExpressionPtr read_value(const XmlElement& at, std::string_view text);
  /// Of an attribute; null when it is absent or empty.
  ExpressionPtr read_value(const XmlElement& element, const XmlAttribute* attribute);
  /// As read_value, but a constant whole number becomes a number.
  ExpressionPtr read_number(const XmlElement& element, const XmlAttribute* attribute);
  /// FEEL with or without the leading '=', or JUEL: where only an expression makes sense (conditions, collections).
  ExpressionPtr read_expression(const XmlElement& at, std::string_view text);
  /// A tFormalExpression element such as conditionExpression: obeys its `language` attribute, and refuses an empty
  /// body.
  ExpressionPtr read_formal(const XmlElement& element);
  /// As read_formal, for what must be true or false: a constant of another type is refused.
  ExpressionPtr read_condition(const XmlElement& element);
  /// Text in the language that `format` names: "", "feel", "juel"; others are refused.
  ExpressionPtr read_script(const XmlElement& at, std::string_view format, std::string_view text);

 private:
  ExpressionPtr accept(const XmlElement& at, std::string_view text, Result<ExpressionPtr> compiled);
  ExpressionPtr accept(const XmlElement& element, const XmlAttribute& at, std::string_view text,
                       Result<ExpressionPtr> compiled);
  /// With hints at `at` about an expression that compiles.
  Result<ExpressionPtr> compile_feel(const XmlElement& at, std::string_view text);
  Result<ExpressionPtr> compile_value(const XmlElement& at, std::string_view text);

  const Model& model_;
  Findings& findings_;
  ExpressionCompiler& expressions_;
  Dialect dialect_;
};

/// Where the text names a variable or a path: "order.id" -> {"order", "id"}.
[[nodiscard]] std::vector<std::string> split_path(std::string_view text);
/// The extension element of that name below <extensionElements>, or null.
[[nodiscard]] const XmlElement* extension(const XmlElement& owner, Namespace space, std::string_view name);
[[nodiscard]] std::vector<const XmlElement*> extensions(const XmlElement& owner, Namespace space,
                                                        std::string_view name);

}  // namespace fermata::bpmn
