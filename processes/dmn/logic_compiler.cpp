#include "processes/dmn/logic_compiler.h"

#include <algorithm>

#include "processes/dmn/lint/text_lint.h"
#include "processes/feel/scanner.h"
#include "processes/xml/unicode.h"

namespace fermata::dmn {

const LogicCompiler::Kind LogicCompiler::kinds[] = {
    {"literalExpression", Logic::literal, &LogicCompiler::literal},
    {"decisionTable", Logic::decision_table, &LogicCompiler::table},
    {"context", Logic::context, &LogicCompiler::context},
    {"list", Logic::list, &LogicCompiler::list},
    {"relation", Logic::relation, &LogicCompiler::relation},
    {"functionDefinition", Logic::function, &LogicCompiler::function},
    {"invocation", Logic::invocation, &LogicCompiler::invocation},
    {"conditional", Logic::conditional, &LogicCompiler::conditional},
    {"filter", Logic::filter, &LogicCompiler::filter},
    {"for", Logic::iterator, &LogicCompiler::for_each},
    {"some", Logic::iterator, &LogicCompiler::some},
    {"every", Logic::iterator, &LogicCompiler::every},
};

LogicCompiler::Known::Known(LogicCompiler& compiler, std::vector<lint::Variable> variables)
    : compiler_(compiler), before_(compiler.context_.feel.known_names.size()), seen_before_(compiler.seen_.size()) {
  for (lint::Variable& variable : variables) {
    compiler.context_.feel.known_names.push_back(variable.name);
    compiler.seen_.push(std::move(variable));
  }
}

namespace {

std::vector<lint::Variable> computed(std::vector<std::string> names) {
  std::vector<lint::Variable> variables;
  for (std::string& name : names) variables.push_back({std::move(name), nullptr, false});
  return variables;
}

}  // namespace

LogicCompiler::Known::Known(LogicCompiler& compiler, std::vector<std::string> names)
    : Known(compiler, computed(std::move(names))) {}

LogicCompiler::Known::~Known() {
  compiler_.context_.feel.known_names.resize(before_);
  compiler_.seen_.shrink(seen_before_);
}

const LogicCompiler::Kind* LogicCompiler::find_kind(const XmlElement& element) {
  if (element.space != xml::Namespace::dmn) return nullptr;
  const auto found = std::ranges::find_if(kinds, [&](const Kind& kind) { return kind.element == element.name; });
  return found == std::end(kinds) ? nullptr : &*found;
}

const XmlElement* LogicCompiler::expression_in(const XmlElement& element) {
  const auto found =
      std::ranges::find_if(element.children, [](const XmlElement* c) { return find_kind(*c) != nullptr; });
  return found == element.children.end() ? nullptr : *found;
}

Logic LogicCompiler::kind_of(const XmlElement* expression) {
  const Kind* kind = expression == nullptr ? nullptr : find_kind(*expression);
  return kind == nullptr ? Logic::none : kind->logic;
}

feel::NodePtr LogicCompiler::compile(const XmlElement& expression, const ItemTypePtr& expected) {
  const Kind* kind = find_kind(expression);
  if (kind == nullptr) {
    context_.problems.add(rules::unknown_expression, expression, described(expression) + " is no expression of DMN");
    return null_node(expression, "it is no expression of DMN");
  }
  expected_ = expected;
  feel::NodePtr node = (this->*kind->method)(expression);
  if (kind->logic != Logic::literal)
    node = std::make_unique<PlacedNode>(context_.place_of(expression), std::move(node));
  return typed(expression, std::move(node), expression.get("typeRef"));
}

feel::NodePtr LogicCompiler::typed(const XmlElement& at, feel::NodePtr node, std::string_view type_ref) {
  ItemTypePtr type = type_of(context_, at, type_ref);
  if (type == nullptr) return node;
  // The typeRef of a function definition is that of the function, or in older models that of what it gives.
  const bool is_function = is(at, "functionDefinition");
  if (is_function && type->type.kind != feel::Type::Kind::function) return node;
  return std::make_unique<TypedNode>(context_.place_of(at), std::move(node), std::move(type));
}

feel::NodePtr LogicCompiler::null_node(const XmlElement& at, const std::string& why) {
  return std::make_unique<PlacedNode>(context_.place_of(at), std::make_unique<feel::RefusedCall>(0, why));
}

feel::NodePtr LogicCompiler::in_or_null(const XmlElement& holder) {
  if (const XmlElement* expression = expression_in(holder)) return compile(*expression);
  context_.problems.add(rules::missing_expression, holder, described(holder) + " has no expression");
  return null_node(holder, described(holder) + " has no expression");
}

feel::NodePtr LogicCompiler::part(const XmlElement& expression, std::string_view name) {
  if (const XmlElement* holder = child(expression, name)) return in_or_null(*holder);
  context_.problems.add(rules::missing_expression, expression,
                        described(expression) + " has no <" + std::string(name) + ">");
  return null_node(expression, "<" + std::string(name) + "> is missing");
}

bool LogicCompiler::language_is_feel(const XmlElement& expression) {
  std::string_view language = expression.get("expressionLanguage");
  if (language.empty()) language = context_.root.get("expressionLanguage");
  language = xml::trimmed(language);
  const bool is_feel =
      language.empty() || language == "feel" || language == "FEEL" ||
      (language.find("/spec/") != std::string_view::npos && language.find("FEEL") != std::string_view::npos) ||
      language.find("/spec/DMN/") != std::string_view::npos;
  if (!is_feel) {
    context_.problems.add(rules::expression_language, expression,
                          "the expression is written in '" + std::string(language.substr(0, 80)) + "'");
  }
  return is_feel;
}

feel::NodePtr LogicCompiler::literal(const XmlElement& expression) {
  if (child(expression, "importedValues") != nullptr) {
    context_.problems.add(rules::imported_values, expression, described(expression) + " imports its values");
    return null_node(expression, "imported values are not executed");
  }
  if (!language_is_feel(expression)) return null_node(expression, "the expression is not written in FEEL");
  feel::NodePtr node = text(expression, false);
  if (node != nullptr) return node;
  context_.problems.add(rules::missing_expression, expression, described(expression) + " has no text");
  return null_node(expression, "the expression has no text");
}

feel::NodePtr LogicCompiler::text(const XmlElement& holder, bool unary_tests) {
  const XmlElement* text = child(holder, "text");
  if (text == nullptr || text->trimmed_text().empty()) return nullptr;
  return compile_source(context_.source_of(*text), *text, unary_tests);
}

feel::NodePtr LogicCompiler::compile_source(const feel::SourcePtr& source, const XmlElement& at, bool unary_tests) {
  try {
    if (!context_.options.lint) return feel::embed({source, context_.feel, names_, unary_tests, variables_});
    feel::Remarks remarks = lint::remarks_for(seen_);
    feel::NodePtr node = feel::embed({source, context_.feel, names_, unary_tests, variables_, &remarks});
    lint::report_remarks(context_, at, *source, remarks, seen_);
    return node;
  } catch (const feel::ParseError& error) {
    const Position position = position_in_file(*source, error.offset);
    xml::Rule rule = rules::expression;
    if (context_.options.tolerate_expression_errors) rule.severity = Severity::warning;
    context_.problems.add_at(rule, at, position, error.message);
    return std::make_unique<PlacedNode>(
        source, std::make_unique<feel::RefusedCall>(static_cast<std::uint32_t>(error.offset), error.message));
  }
}

std::shared_ptr<FunctionCode> LogicCompiler::compile_function(const XmlElement& function, const std::string& name) {
  auto code = std::make_shared<FunctionCode>();
  code->name = name;
  code->place = context_.place_of(function);
  code->model = context_.model.weak_from_this();
  std::vector<lint::Variable> parameters{{name, nullptr, false}};
  for (const XmlElement* parameter : children(function, "formalParameter")) {
    if (parameter->get("name").empty())
      context_.problems.add(rules::missing_name, *parameter, "a parameter has no name");
    code->parameters.push_back(
        {std::string(parameter->get("name")), type_of(context_, *parameter, parameter->get("typeRef"))});
    parameters.push_back({code->parameters.back().name, code->parameters.back().type});
  }
  if (const ItemTypePtr type = type_of(context_, function, function.get("typeRef")))
    code->result = type->type.kind == feel::Type::Kind::function ? type->function_result : type;

  const Known known(*this, std::move(parameters));
  const feel::Slot slot_before = std::exchange(next_slot_, feel::Slot{0});
  const std::size_t frame_before = std::exchange(frame_max_, std::size_t{0});
  std::set<std::string> variables;
  std::set<std::string>* const variables_before = std::exchange(variables_, &variables);
  const std::string_view kind = function.get("kind");
  if (!kind.empty() && kind != "FEEL") {
    context_.problems.add(rules::external_function, function,
                          "the function is written in " + std::string(kind.substr(0, 20)));
    code->body = null_node(function, "external functions (" + std::string(kind.substr(0, 20)) + ") are not executed");
  } else {
    code->body = in_or_null(function);
  }
  code->captured.assign(variables.begin(), variables.end());
  code->frame = std::exchange(frame_max_, frame_before);
  next_slot_ = slot_before;
  variables_ = variables_before;
  if (variables_ != nullptr) variables_->insert(variables.begin(), variables.end());
  return code;
}

}  // namespace fermata::dmn
