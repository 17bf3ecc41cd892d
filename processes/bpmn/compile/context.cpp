#include "processes/bpmn/compile/context.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "engine/base/text.h"
#include "processes/bpmn/compile/composite_expression.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

bool contains_juel(std::string_view text) {
  return text.find("${") != std::string_view::npos || text.find("#{") != std::string_view::npos;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

enum class Language : unsigned char { unstated, feel, juel, other };

// FEEL goes by several URIs (one for each DMN version), JUEL by its name.
Language language_of(std::string_view name) {
  const std::string lower = lower_case(trimmed(name));
  if (lower.empty()) return Language::unstated;
  if (lower.find("feel") != std::string::npos) return Language::feel;
  if (lower.find("juel") != std::string::npos || lower.find("java.sun.com/products/jsp") != std::string::npos)
    return Language::juel;
  return Language::other;
}

std::string shortened(std::string_view text) {
  constexpr std::size_t quoted_bytes_max = 120;
  if (text.size() <= quoted_bytes_max) return std::string(text);
  return std::string(utf8_prefix(text, quoted_bytes_max)) + "...";
}

}  // namespace

Dialect dialect_of(const XmlElement& definitions) {
  const std::string_view platform = definitions.get(Namespace::modeler, "executionPlatform");
  if (platform == "Camunda Cloud") return Dialect::zeebe;
  if (!platform.empty()) return Dialect::camunda;
  for (const auto& [prefix, uri] : definitions.prefixes) {
    if (namespace_of_uri(uri) == Namespace::zeebe) return Dialect::zeebe;
    if (namespace_of_uri(uri) == Namespace::camunda) return Dialect::camunda;
  }
  return Dialect::neutral;
}

Result<ExpressionPtr> CompileContext::compile_feel(const XmlElement& at, std::string_view text) {
  Result<ExpressionPtr> compiled = expressions_.compile_feel(text);
  if (!compiled) return compiled;
  for (const std::string& remark : expressions_.remarks_on_feel(text)) {
    report(rules::expression_remark, at, "\"" + shortened(text) + "\": " + remark);
  }
  return compiled;
}

Result<ExpressionPtr> CompileContext::compile_value(const XmlElement& at, std::string_view text) {
  if (text.starts_with('=')) return compile_feel(at, trimmed(text.substr(1)));
  if (contains_juel(text)) return expressions_.compile_juel(text);
  return expressions_.compile_constant(text);
}

ExpressionPtr CompileContext::read_value(const XmlElement& at, std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return nullptr;
  return accept(at, text, compile_value(at, text));
}

ExpressionPtr CompileContext::read_value(const XmlElement& element, const XmlAttribute* attribute) {
  if (attribute == nullptr) return nullptr;
  const std::string_view text = trimmed(attribute->value);
  if (text.empty()) return nullptr;
  return accept(element, *attribute, text, compile_value(element, text));
}

ExpressionPtr CompileContext::read_number(const XmlElement& element, const XmlAttribute* attribute) {
  if (attribute == nullptr) return nullptr;
  const std::string_view text = trimmed(attribute->value);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return make_constant(Value::integer(number));
  if (!text.empty() && !text.starts_with('=') && !contains_juel(text)) {
    report(rules::extension_value, element, *attribute,
           "'" + shortened(text) + "' in '" + attribute->name + "' is neither a whole number nor an expression");
    return nullptr;
  }
  return read_value(element, attribute);
}

ExpressionPtr CompileContext::read_expression(const XmlElement& at, std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return nullptr;
  if (text.starts_with('=')) text = trimmed(text.substr(1));
  return accept(at, text, contains_juel(text) ? expressions_.compile_juel(text) : compile_feel(at, text));
}

ExpressionPtr CompileContext::read_formal(const XmlElement& element) {
  const std::string_view text = element.trimmed_text();
  if (text.empty()) {
    report(rules::empty_expression, element, "the expression of " + described(*element.parent) + " is empty");
    return nullptr;
  }
  const std::string_view language = element.get("language");
  if (language_of(language) == Language::other) {
    report(rules::expression_language, element, "the language '" + shortened(language) + "' is not executed");
    return nullptr;
  }
  return read_expression(element, text);
}

ExpressionPtr CompileContext::read_condition(const XmlElement& element) {
  ExpressionPtr condition = read_formal(element);
  const Value* constant = condition == nullptr ? nullptr : condition->constant();
  if (constant != nullptr && !constant->is_boolean()) {
    report(rules::expression, element,
           "the condition \"" + shortened(element.trimmed_text()) + "\" is neither true nor false");
  }
  return condition;
}

ExpressionPtr CompileContext::read_script(const XmlElement& at, std::string_view format, std::string_view text) {
  text = trimmed(text);
  switch (language_of(format)) {
    case Language::other:
      report(rules::expression_language, at, "a script in the language '" + shortened(format) + "' is not executed");
      return nullptr;
    case Language::juel:
      if (contains_juel(text)) break;
      return accept(at, text, expressions_.compile_juel("${" + std::string(text) + "}"));
    case Language::feel:
    case Language::unstated:
      break;
  }
  if (text.empty()) {
    report(rules::empty_expression, at, "the script is empty");
    return nullptr;
  }
  return read_expression(at, text);
}

ExpressionPtr CompileContext::accept(const XmlElement& at, std::string_view text, Result<ExpressionPtr> compiled) {
  if (compiled) return std::move(*compiled);
  report(rules::expression, at,
         "the expression \"" + shortened(text) + "\" does not compile: " + compiled.error().message);
  return nullptr;
}

ExpressionPtr CompileContext::accept(const XmlElement& element, const XmlAttribute& at, std::string_view text,
                                     Result<ExpressionPtr> compiled) {
  if (compiled) return std::move(*compiled);
  report(
      rules::expression, element, at,
      "the expression \"" + shortened(text) + "\" in '" + at.name + "' does not compile: " + compiled.error().message);
  return nullptr;
}

std::vector<std::string> split_path(std::string_view text) {
  std::vector<std::string> path;
  text = trimmed(text);
  while (true) {
    const std::size_t dot = text.find('.');
    path.emplace_back(trimmed(text.substr(0, dot)));
    if (dot == std::string_view::npos) return path;
    text.remove_prefix(dot + 1);
  }
}

const XmlElement* extension(const XmlElement& owner, Namespace space, std::string_view name) {
  const XmlElement* container = owner.child("extensionElements");
  return container == nullptr ? nullptr : container->child(space, name);
}

std::vector<const XmlElement*> extensions(const XmlElement& owner, Namespace space, std::string_view name) {
  const XmlElement* container = owner.child("extensionElements");
  return container == nullptr ? std::vector<const XmlElement*>{} : container->children_named(space, name);
}

}  // namespace fermata::bpmn
