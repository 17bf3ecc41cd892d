// camunda:inputOutput: parameters whose value is a text, a script, a list or a map.
#include "processes/bpmn/compile/composite_expression.h"
#include "processes/bpmn/dialect/camunda.h"

namespace fermata::bpmn::camunda {
namespace {

ExpressionPtr read_parameter_list(CompileContext& context, const XmlElement& list) {
  std::vector<ExpressionPtr> items;
  for (const XmlElement* item : list.children) {
    if (item->space != Namespace::camunda) continue;
    item->asked = true;
    ExpressionPtr value = item->name == "script" ? context.read_script(*item, item->get("scriptFormat"), item->text)
                                                 : read_parameter(context, *item);
    items.push_back(value != nullptr ? std::move(value) : make_constant(Value::null()));
  }
  return make_list(std::move(items));
}

ExpressionPtr read_parameter_map(CompileContext& context, const XmlElement& map) {
  std::vector<std::pair<std::string, ExpressionPtr>> entries;
  for (const XmlElement* entry : map.children_named(Namespace::camunda, "entry")) {
    if (entry->get("key").empty()) {
      context.report(rules::extension_missing, *entry, "an entry of a camunda:map has no 'key'");
      continue;
    }
    ExpressionPtr value = read_parameter(context, *entry);
    entries.emplace_back(entry->get("key"), value != nullptr ? std::move(value) : make_constant(Value::null()));
  }
  return make_context(std::move(entries));
}

void read_parameters(CompileContext& context, const XmlElement& owner, std::string_view name,
                     std::vector<Mapping>& to) {
  for (const XmlElement* parameter : owner.children_named(Namespace::camunda, name)) {
    const std::string_view target = parameter->get("name");
    if (target.empty()) {
      context.report(rules::extension_missing, *parameter, described(*parameter) + " has no 'name'");
      continue;
    }
    ExpressionPtr value = read_parameter(context, *parameter);
    // The name is one variable, dots or not: paths are not part of this dialect.
    to.push_back({value != nullptr ? std::move(value) : make_constant(Value::null()), {std::string(target)}});
  }
}

}  // namespace

ExpressionPtr read_parameter(CompileContext& context, const XmlElement& parameter) {
  if (const XmlElement* script = parameter.child(Namespace::camunda, "script")) {
    if (script->has("resource")) {
      context.report(rules::no_extension, *script, "a script in a resource file is not executed");
      return nullptr;
    }
    return context.read_script(*script, script->get("scriptFormat"), script->text);
  }
  if (const XmlElement* list = parameter.child(Namespace::camunda, "list")) return read_parameter_list(context, *list);
  if (const XmlElement* map = parameter.child(Namespace::camunda, "map")) return read_parameter_map(context, *map);
  return context.read_value(parameter, parameter.trimmed_text());
}

void read_io_mapping(CompileContext& context, const XmlElement& xml, Element& element) {
  const std::size_t others = element.outputs.size();
  for (const XmlElement* mapping : extensions(xml, Namespace::camunda, "inputOutput")) {
    read_parameters(context, *mapping, "inputParameter", element.inputs);
    read_parameters(context, *mapping, "outputParameter", element.outputs);
  }
  // What a connector answers is seen by its own parameters only.
  const bool has_connector = extension(xml, Namespace::camunda, "connector") != nullptr;
  if (element.outputs.size() > others && !has_connector) element.outputs_only = false;
  read_connector_mapping(context, xml, element);
}

void read_connector_mapping(CompileContext& context, const XmlElement& xml, Element& element) {
  const XmlElement* connector = extension(xml, Namespace::camunda, "connector");
  if (connector == nullptr) return;
  for (const XmlElement* mapping : connector->children_named(Namespace::camunda, "inputOutput")) {
    read_parameters(context, *mapping, "inputParameter", element.inputs);
    read_parameters(context, *mapping, "outputParameter", element.outputs);
  }
}

}  // namespace fermata::bpmn::camunda
