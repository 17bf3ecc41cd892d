// Boxed expressions (10.2.1), one function for each.
#include "processes/dmn/logic_compiler.h"

namespace fermata::dmn {

feel::NodePtr LogicCompiler::context(const XmlElement& expression) {
  std::vector<BoxedContextNode::Entry> entries;
  std::vector<std::unique_ptr<Known>> known;  // entries see those before them
  const std::vector<const XmlElement*> all = children(expression, "contextEntry");
  for (const XmlElement* entry : all) {
    const XmlElement* variable = child(*entry, "variable");
    std::string name(variable == nullptr ? std::string_view{} : variable->get("name"));
    if (name.empty() && entry != all.back())
      context_.problems.add(rules::missing_name, *entry, "an entry before the last has no name");
    function_name_ = name;
    feel::NodePtr value = in_or_null(*entry);
    function_name_.clear();
    if (variable != nullptr) value = typed(*variable, std::move(value), variable->get("typeRef"));
    known.push_back(std::make_unique<Known>(*this, std::vector<std::string>{name}));
    entries.push_back({std::move(name), std::move(value)});
  }
  while (!known.empty()) known.pop_back();  // the last first
  return std::make_unique<BoxedContextNode>(std::move(entries), true);
}

feel::NodePtr LogicCompiler::list(const XmlElement& expression) {
  std::vector<feel::NodePtr> items;
  for (const XmlElement* item : expression.children) {
    if (item->space != xml::Namespace::dmn || is(*item, "description") || is(*item, "extensionElements")) continue;
    items.push_back(compile(*item));
  }
  return std::make_unique<feel::ListNode>(0, std::move(items));
}

// A list of contexts, all with the same entries.
feel::NodePtr LogicCompiler::relation(const XmlElement& expression) {
  const std::vector<const XmlElement*> columns = children(expression, "column");
  std::vector<feel::NodePtr> rows;
  for (const XmlElement* row : children(expression, "row")) {
    std::vector<BoxedContextNode::Entry> entries;
    for (const XmlElement* cell : row->children) {
      if (cell->space != xml::Namespace::dmn || is(*cell, "description") || is(*cell, "extensionElements")) continue;
      if (entries.size() == columns.size()) {
        context_.problems.add(rules::rule_shape, *row, "the row has more cells than the relation has columns");
        break;
      }
      const XmlElement& column = *columns[entries.size()];
      if (column.get("name").empty()) context_.problems.add(rules::missing_name, column, "a column has no name");
      entries.push_back({std::string(column.get("name")), typed(column, compile(*cell), column.get("typeRef"))});
    }
    if (entries.size() < columns.size())
      context_.problems.add(rules::rule_shape, *row, "the row has fewer cells than the relation has columns");
    rows.push_back(std::make_unique<BoxedContextNode>(std::move(entries), false));
  }
  return std::make_unique<feel::ListNode>(0, std::move(rows));
}

feel::NodePtr LogicCompiler::function(const XmlElement& expression) {
  // By the name of its context entry a function may call itself.
  return make_function_node(compile_function(expression, std::exchange(function_name_, {})));
}

feel::NodePtr LogicCompiler::invocation(const XmlElement& expression) {
  std::vector<std::string> names;
  std::vector<feel::NodePtr> arguments;
  feel::NodePtr called = in_or_null(expression);
  for (const XmlElement* binding : children(expression, "binding")) {
    const XmlElement* parameter = child(*binding, "parameter");
    if (parameter == nullptr || parameter->get("name").empty()) {
      context_.problems.add(rules::missing_name, *binding, "a binding names no parameter");
      continue;
    }
    names.emplace_back(parameter->get("name"));
    feel::NodePtr argument =
        expression_in(*binding) == nullptr ? std::make_unique<feel::Constant>(0, Value::null()) : in_or_null(*binding);
    arguments.push_back(typed(*parameter, std::move(argument), parameter->get("typeRef")));
  }
  return std::make_unique<feel::DynamicCall>(0, std::move(called), std::move(names), std::move(arguments));
}

feel::NodePtr LogicCompiler::conditional(const XmlElement& expression) {
  feel::NodePtr condition = part(expression, "if");
  feel::NodePtr then = part(expression, "then");
  feel::NodePtr otherwise = part(expression, "else");
  return std::make_unique<BoxedConditionalNode>(std::move(condition), std::move(then), std::move(otherwise));
}

feel::NodePtr LogicCompiler::filter(const XmlElement& expression) {
  feel::NodePtr in = part(expression, "in");
  const feel::Slot item = new_slot();
  feel::KnownNames with_members = *names_;  // the members of the item are names here
  for (const std::string& name : context_.model.member_names) with_members.names.add(name);
  with_members.names.add("item");
  const feel::KnownNames* const before = std::exchange(names_, &with_members);
  ++seen_.open_filters;
  feel::NodePtr match = part(expression, "match");
  --seen_.open_filters;
  names_ = before;
  return std::make_unique<feel::Filter>(0, std::move(in), std::make_unique<FilterItemNode>(item, std::move(match)),
                                        item);
}

feel::NodePtr LogicCompiler::for_each(const XmlElement& expression) {
  const std::string variable(expression.get("iteratorVariable"));
  if (variable.empty()) context_.problems.add(rules::missing_name, expression, "the loop has no iteratorVariable");
  std::vector<feel::Iterator> iterators;
  const feel::Slot slot = new_slot();
  const feel::Slot partial = new_slot();
  iterators.push_back({slot, part(expression, "in"), nullptr});
  std::set<std::string> variables;
  std::set<std::string>* const before = std::exchange(variables_, &variables);
  const Known known(*this, {variable, "partial"});
  feel::NodePtr result = part(expression, "return");
  variables_ = before;
  if (before != nullptr) before->insert(variables.begin(), variables.end());
  const bool uses_partial = variables.contains("partial");
  result = std::make_unique<LoopVariableNode>(slot, variable, uses_partial ? std::optional(partial) : std::nullopt,
                                              std::move(result));
  return std::make_unique<feel::For>(0, std::move(iterators), std::move(result), partial, uses_partial);
}

feel::NodePtr LogicCompiler::quantified(const XmlElement& expression, bool is_every) {
  const std::string variable(expression.get("iteratorVariable"));
  if (variable.empty()) context_.problems.add(rules::missing_name, expression, "the loop has no iteratorVariable");
  std::vector<feel::Iterator> iterators;
  const feel::Slot slot = new_slot();
  iterators.push_back({slot, part(expression, "in"), nullptr});
  const Known known(*this, {variable});
  feel::NodePtr condition =
      std::make_unique<LoopVariableNode>(slot, variable, std::nullopt, part(expression, "satisfies"));
  return std::make_unique<feel::Quantified>(0, is_every, std::move(iterators), std::move(condition), true);
}

}  // namespace fermata::dmn
