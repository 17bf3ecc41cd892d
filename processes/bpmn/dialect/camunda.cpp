#include "processes/bpmn/dialect/camunda.h"

#include "processes/bpmn/compile/composite_expression.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn::camunda {
namespace {

std::string_view get(const XmlElement& xml, std::string_view name) {
  return xml.get(Namespace::camunda, name);
}

// camunda:in or camunda:out that copies one variable: source or sourceExpression, and target.
void read_variable_copy(CompileContext& context, const XmlElement& copy, std::vector<Mapping>& to) {
  const XmlAttribute* source = copy.find("source");
  const XmlAttribute* expression = copy.find("sourceExpression");
  const std::string_view target = copy.get("target");
  if (source == nullptr && expression == nullptr) {
    context.report(rules::extension_missing, copy, described(copy) + " has neither 'source' nor 'sourceExpression'");
    return;
  }
  if (trimmed((source != nullptr ? source : expression)->value).empty()) {
    context.report(rules::extension_missing, copy, described(copy) + " has an empty source");
    return;
  }
  if (target.empty()) {
    context.report(rules::extension_missing, copy, described(copy) + " has no 'target'");
    return;
  }
  ExpressionPtr value = source != nullptr ? make_variable(source->value) : context.read_value(copy, expression);
  to.push_back({std::move(value), {std::string(target)}});
}

// Answers whether all variables are copied.
bool read_variable_copies(CompileContext& context, const XmlElement& xml, std::string_view name,
                          std::vector<Mapping>& to, ExpressionPtr* business_key) {
  bool all = false;
  for (const XmlElement* copy : extensions(xml, Namespace::camunda, name)) {
    if (is_true(copy->find("local"), false)) {
      context.report(rules::no_extension, *copy, "'local' of " + described(*copy) + " is not executed");
    }
    if (copy->has("variables")) {
      all = copy->get("variables") == "all";
      if (!all)
        context.report(rules::extension_value, *copy, "'variables' of " + described(*copy) + " can only be 'all'");
    } else if (business_key != nullptr && copy->has("businessKey")) {
      *business_key = context.read_value(*copy, copy->find("businessKey"));
    } else {
      read_variable_copy(context, *copy, to);
    }
  }
  return all;
}

// camunda:calledElementBinding, or camunda:decisionRefBinding, and the attributes that belong to it.
VersionBinding read_binding(CompileContext& context, const XmlElement& xml, const std::string& prefix) {
  VersionBinding binding;
  const std::string_view kind = get(xml, prefix + "Binding");
  if (kind == "deployment") {
    binding.kind = VersionBinding::Kind::deployment;
  } else if (kind == "version") {
    binding.kind = VersionBinding::Kind::version;
    binding.version = context.read_number(xml, xml.find(Namespace::camunda, prefix + "Version"));
    if (binding.version == nullptr)
      context.report(rules::extension_missing, xml, "the call is bound to a version, but 'camunda:" + prefix + "Version' is missing");
  } else if (kind == "versionTag") {
    binding.kind = VersionBinding::Kind::version_tag;
    binding.version_tag = get(xml, prefix + "VersionTag");
    if (binding.version_tag.empty())
      context.report(rules::extension_missing, xml, "the call is bound to a version tag, but 'camunda:" + prefix + "VersionTag' is missing");
  } else if (!kind.empty() && kind != "latest") {
    context.report(rules::extension_value, xml, "camunda:" + prefix + "Binding '" + std::string(kind) + "' is unknown");
  }
  return binding;
}

}  // namespace

void read_user_task(CompileContext& context, const XmlElement& xml, UserTaskDefinition& task) {
  const auto read = [&](ExpressionPtr& to, std::string_view name) {
    if (ExpressionPtr value = context.read_value(xml, xml.find(Namespace::camunda, name))) to = std::move(value);
  };
  read(task.assignee, "assignee");
  read(task.candidate_users, "candidateUsers");
  read(task.candidate_groups, "candidateGroups");
  read(task.due_date, "dueDate");
  read(task.follow_up_date, "followUpDate");
  if (ExpressionPtr priority = context.read_number(xml, xml.find(Namespace::camunda, "priority")))
    task.priority = std::move(priority);
  read(task.form_key, "formKey");
  if (const std::string_view reference = get(xml, "formRef"); !reference.empty()) task.form_id = reference;
}

void read_call(CompileContext& context, const XmlElement& xml, CallDefinition& call) {
  call.copy_all_to_child = read_variable_copies(context, xml, "in", call.to_child, &call.business_key);
  call.copy_all_to_parent = read_variable_copies(context, xml, "out", call.to_parent, nullptr);
  call.binding = read_binding(context, xml, "calledElement");
}

bool read_decision(CompileContext& context, const XmlElement& xml, Element& element) {
  const XmlAttribute* reference = xml.find(Namespace::camunda, "decisionRef");
  if (reference == nullptr) return false;
  DecisionReference& decision = element.decision.emplace();
  decision.decision_id = context.read_value(xml, reference);
  if (decision.decision_id == nullptr) {
    context.report(rules::extension_missing, xml, "'camunda:decisionRef' of " + described(xml) + " is empty");
  }
  decision.binding = read_binding(context, xml, "decisionRef");
  decision.result_variable = get(xml, "resultVariable");
  using As = DecisionReference::Mapping;
  decision.mapping = As::result_list;
  const std::string_view mapping = get(xml, "mapDecisionResult");
  if (mapping == "singleEntry") {
    decision.mapping = As::single_entry;
  } else if (mapping == "singleResult") {
    decision.mapping = As::single_result;
  } else if (mapping == "collectEntries") {
    decision.mapping = As::collect_entries;
  } else if (!mapping.empty() && mapping != "resultList") {
    context.report(rules::extension_value, xml, "camunda:mapDecisionResult '" + std::string(mapping) +
                                                    "' is unknown: it is singleEntry, singleResult, collectEntries or resultList");
  }
  return true;
}

void read_multi_instance(CompileContext& context, const XmlElement& loop, MultiInstance& multi) {
  const XmlAttribute* collection = loop.find(Namespace::camunda, "collection");
  if (collection != nullptr && !trimmed(collection->value).empty()) {
    const std::string_view text = trimmed(collection->value);
    const bool is_expression = text.find('{') != std::string_view::npos || text.starts_with('=');
    multi.collection = is_expression ? context.read_value(loop, collection) : make_variable(std::string(text));
  }
  if (const std::string_view name = get(loop, "elementVariable"); !name.empty()) multi.input_element = name;
}

std::string read_version_tag(const XmlElement& process) {
  return std::string(get(process, "versionTag"));
}

}  // namespace fermata::bpmn::camunda
