// Decision tables (chapter 8): from XML to TableParts.
#include <algorithm>

#include "processes/dmn/lint/table_lint.h"
#include "processes/dmn/logic_compiler.h"
#include "processes/feel/scanner.h"
#include "processes/xml/unicode.h"

namespace fermata::dmn {
namespace {

template <class Enum>
struct Named {
  std::string_view name;
  Enum value;
};

constexpr Named<HitPolicy> hit_policies[] = {
    {"UNIQUE", HitPolicy::unique},
    {"ANY", HitPolicy::any},
    {"PRIORITY", HitPolicy::priority},
    {"FIRST", HitPolicy::first},
    {"COLLECT", HitPolicy::collect},
    {"RULE ORDER", HitPolicy::rule_order},
    {"OUTPUT ORDER", HitPolicy::output_order},
};
constexpr Named<Aggregation> aggregations[] = {
    {"SUM", Aggregation::sum}, {"COUNT", Aggregation::count}, {"MIN", Aggregation::min}, {"MAX", Aggregation::max}};

template <class Enum, std::size_t size>
bool read_name(const Named<Enum> (&table)[size], std::string_view name, Enum& value) {
  if (name.empty()) return true;
  const auto found = std::ranges::find_if(table, [&](const auto& each) { return each.name == name; });
  if (found == std::end(table)) return false;
  value = found->value;
  return true;
}

std::string label_of(const XmlElement& clause) {
  return std::string(clause.get("name").empty() ? clause.get("label") : clause.get("name"));
}

}  // namespace

feel::NodePtr LogicCompiler::table(const XmlElement& expression) {
  TableParts parts;
  parts.id = expression.get("id");
  parts.owner_id = owner_id_;
  if (!read_name(hit_policies, xml::trimmed(expression.get("hitPolicy")), parts.policy) ||
      !read_name(aggregations, xml::trimmed(expression.get("aggregation")), parts.aggregation)) {
    context_.problems.add(rules::hit_policy, expression,
                          "there is no hit policy '" + std::string(expression.get("hitPolicy").substr(0, 40)) +
                              "' with aggregation '" + std::string(expression.get("aggregation").substr(0, 40)) + "'");
  }
  if (parts.policy != HitPolicy::collect) parts.aggregation = Aggregation::none;
  const std::vector<const XmlElement*> outputs = children(expression, "output");
  if (outputs.empty()) context_.problems.add(rules::no_output, expression, "the table has no output");
  if (parts.aggregation != Aggregation::none && parts.aggregation != Aggregation::count && outputs.size() > 1)
    context_.problems.add(rules::aggregation, expression, "several outputs cannot be aggregated");
  for (const XmlElement* input : children(expression, "input")) parts.inputs.push_back(table_input(*input));
  const bool by_priority = parts.policy == HitPolicy::priority || parts.policy == HitPolicy::output_order;
  for (const XmlElement* output : outputs)
    parts.outputs.push_back(table_output(*output, expression, outputs.size(), by_priority));
  for (const XmlElement* rule : children(expression, "rule")) parts.rules.push_back(table_rule(*rule, parts));
  if (context_.options.lint) lint::lint_table(context_, expression, parts, seen_);
  return make_decision_table(std::move(parts));
}

TableParts::Input LogicCompiler::table_input(const XmlElement& input) {
  TableParts::Input made;
  made.id = input.get("id");
  made.name = label_of(input);
  made.place = context_.place_of(input);
  const XmlElement* expression = child(input, "inputExpression");
  if (expression != nullptr && language_is_feel(*expression)) {
    made.expression = text(*expression, false);
    made.type = type_of(context_, *expression, expression->get("typeRef"));
    if (const XmlElement* written = child(*expression, "text"); written != nullptr && made.name.empty())
      made.name = written->trimmed_text();
  }
  if (made.expression == nullptr) {
    context_.problems.add(rules::missing_expression, input, described(input) + " has no expression");
    made.expression = null_node(input, "the input has no expression");
  }
  if (const XmlElement* values = child(input, "inputValues")) {
    const Known known(*this, {"?"});
    made.allowed_values = text(*values, true);
  }
  return made;
}

TableParts::Output LogicCompiler::table_output(const XmlElement& output, const XmlElement& table, std::size_t outputs,
                                               bool by_priority) {
  TableParts::Output made;
  made.id = output.get("id");
  made.name = label_of(output);
  made.place = context_.place_of(output);
  if (outputs > 1 && output.get("name").empty() && output.get("label").empty())
    context_.problems.add(rules::output_name, output, "the output has no name");
  made.type = type_of(context_, output, output.get("typeRef"));
  const Known known(*this, {"?"});
  if (const XmlElement* values = child(output, "outputValues")) made.allowed_values = text(*values, true);
  if (const XmlElement* fallback = child(output, "defaultOutputEntry")) made.fallback = text(*fallback, false);
  if (!by_priority) return made;
  const std::string priorities = priorities_text(output, made, table, outputs);
  if (priorities.empty()) {
    // A table of several outputs may go by the first of them only: the others then decide nothing.
    if (outputs == 1) context_.problems.add(rules::output_values, output, "the output has no output values");
    return made;
  }
  try {
    for (const std::string& test : feel::split_tests(priorities)) {
      auto source = std::make_shared<feel::Source>(*context_.place_of(output));
      source->text = test;
      made.priorities.push_back(compile_source(source, output, true));
    }
  } catch (const feel::ParseError& error) {
    context_.problems.add(rules::output_values, output, "the output values cannot be read: " + error.message);
  }
  return made;
}

// The output values of the output, or the allowed values of its type, or of its part of the table's type.
std::string LogicCompiler::priorities_text(const XmlElement& output, const TableParts::Output& made,
                                           const XmlElement& table, std::size_t outputs) {
  if (const XmlElement* values = child(output, "outputValues")) {
    if (const XmlElement* text = child(*values, "text"); text != nullptr && !text->trimmed_text().empty())
      return std::string(text->trimmed_text());
  }
  if (made.type != nullptr && !made.type->allowed_values_text.empty()) return made.type->allowed_values_text;
  ItemTypePtr whole = table.has("typeRef") ? type_of(context_, table, table.get("typeRef")) : expected_;
  while (whole != nullptr && whole->components.empty() && whole->base != nullptr && whole->allowed_values_text.empty())
    whole = whole->base;
  if (whole == nullptr) return {};
  if (outputs == 1) return whole->allowed_values_text;
  for (const ItemType::Component& component : whole->components) {
    if (component.name == made.name) return component.type->allowed_values_text;
  }
  return {};
}

TableParts::Rule LogicCompiler::table_rule(const XmlElement& rule, const TableParts& parts) {
  TableParts::Rule made;
  made.id = rule.get("id");
  made.place = context_.place_of(rule);
  const std::vector<const XmlElement*> inputs = children(rule, "inputEntry");
  const std::vector<const XmlElement*> outputs = children(rule, "outputEntry");
  if (inputs.size() != parts.inputs.size() || outputs.size() != parts.outputs.size()) {
    context_.problems.add(rules::rule_shape, rule,
                          "the rule has " + std::to_string(inputs.size()) + " input and " +
                              std::to_string(outputs.size()) + " output entries for " +
                              std::to_string(parts.inputs.size()) + " inputs and " +
                              std::to_string(parts.outputs.size()) + " outputs");
    return made;
  }
  const Known known(*this, {"?"});
  for (const XmlElement* entry : inputs) {
    const XmlElement* written = child(*entry, "text");
    const bool anything = written == nullptr || written->trimmed_text().empty() || written->trimmed_text() == "-";
    made.tests.push_back(anything || !language_is_feel(*entry) ? nullptr : text(*entry, true));
  }
  for (const XmlElement* entry : outputs) {
    const XmlElement* written = child(*entry, "text");
    const bool nothing = written == nullptr || written->trimmed_text().empty() || written->trimmed_text() == "-";
    made.outputs.push_back(nothing || !language_is_feel(*entry) ? std::make_unique<feel::Constant>(0, Value::null())
                                                                : text(*entry, false));
  }
  return made;
}

}  // namespace fermata::dmn
