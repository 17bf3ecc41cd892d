#include "processes/bpmn/dialect/zeebe.h"

namespace fermata::bpmn::zeebe {
namespace {

const XmlElement* find(const XmlElement& xml, std::string_view name) {
  return extension(xml, Namespace::zeebe, name);
}

bool is_blank(const XmlElement& at, std::string_view attribute) { return trimmed(at.get(attribute)).empty(); }

// The value of an attribute that the extension cannot do without.
ExpressionPtr required(CompileContext& context, const XmlElement& at, std::string_view attribute) {
  if (is_blank(at, attribute)) {
    context.report(rules::extension_missing, at, described(at) + " has no '" + std::string(attribute) + "'");
    return nullptr;
  }
  return context.read_value(at, at.find(attribute));
}

// A value that is always an expression, whether or not somebody forgot the '='.
ExpressionPtr expression(CompileContext& context, const XmlElement& at, std::string_view attribute) {
  return context.read_expression(at, at.get(attribute));
}

bool flag(const XmlElement& at, std::string_view attribute, bool otherwise) {
  return is_true(at.find(attribute), otherwise);
}

void read_mapping(CompileContext& context, const XmlElement& from, std::vector<Mapping>& to) {
  const std::string_view target = from.get("target");
  if (target.empty()) {
    context.report(rules::extension_missing, from, described(from) + " has no 'target'");
    return;
  }
  if (is_blank(from, "source")) {
    context.report(rules::extension_missing, from, described(from) + " has no 'source'");
    return;
  }
  ExpressionPtr value = context.read_value(from, from.find("source"));
  if (value == nullptr) return;
  std::vector<std::string> path = split_path(target);
  for (const std::string& part : path) {
    if (part.empty()) {
      context.report(rules::extension_value, from,
                     "the target '" + std::string(target) + "' is not a variable name or a path");
      return;
    }
  }
  to.push_back({std::move(value), std::move(path)});
}

// bindingType and versionTag of what is called.
VersionBinding read_binding(CompileContext& context, const XmlElement& called) {
  VersionBinding binding;
  const std::string_view type = called.get("bindingType");
  if (type == "deployment") {
    binding.kind = VersionBinding::Kind::deployment;
  } else if (type == "versionTag") {
    binding.kind = VersionBinding::Kind::version_tag;
    binding.version_tag = called.get("versionTag");
    if (binding.version_tag.empty()) {
      context.report(rules::extension_missing, called, "the call is bound to a version tag, but 'versionTag' is empty");
    }
  } else if (!type.empty() && type != "latest") {
    context.report(rules::extension_value, called, "bindingType '" + std::string(type) + "' is unknown");
  }
  return binding;
}

}  // namespace

bool read_job(CompileContext& context, const XmlElement& xml, Element& element) {
  const XmlElement* definition = find(xml, "taskDefinition");
  if (definition == nullptr) return false;
  if (!element.job) element.job.emplace();
  element.job->type = required(context, *definition, "type");
  element.job->retries = context.read_number(*definition, definition->find("retries"));
  if (const XmlElement* headers = find(xml, "taskHeaders")) {
    for (const XmlElement* header : headers->children_named(Namespace::zeebe, "header")) {
      element.job->headers.emplace_back(header->get("key"), header->get("value"));
    }
  }
  return true;
}

void read_io_mapping(CompileContext& context, const XmlElement& xml, Element& element) {
  for (const XmlElement* mapping : extensions(xml, Namespace::zeebe, "ioMapping")) {
    for (const XmlElement* input : mapping->children_named(Namespace::zeebe, "input")) {
      read_mapping(context, *input, element.inputs);
    }
    for (const XmlElement* output : mapping->children_named(Namespace::zeebe, "output")) {
      read_mapping(context, *output, element.outputs);
    }
  }
}

void read_user_task(CompileContext& context, const XmlElement& xml, UserTaskDefinition& task) {
  if (const XmlElement* assignment = find(xml, "assignmentDefinition")) {
    task.assignee = context.read_value(*assignment, assignment->find("assignee"));
    task.candidate_users = context.read_value(*assignment, assignment->find("candidateUsers"));
    task.candidate_groups = context.read_value(*assignment, assignment->find("candidateGroups"));
  }
  if (const XmlElement* schedule = find(xml, "taskSchedule")) {
    task.due_date = context.read_value(*schedule, schedule->find("dueDate"));
    task.follow_up_date = context.read_value(*schedule, schedule->find("followUpDate"));
  }
  if (const XmlElement* priority = find(xml, "priorityDefinition")) {
    task.priority = context.read_number(*priority, priority->find("priority"));
  }
  if (const XmlElement* form = find(xml, "formDefinition")) {
    task.form_id = form->get("formId");
    const XmlAttribute* key = form->has("formKey") ? form->find("formKey") : form->find("externalReference");
    task.form_key = context.read_value(*form, key);
  }
}

bool read_call(CompileContext& context, const XmlElement& xml, CallDefinition& call) {
  const XmlElement* called = find(xml, "calledElement");
  if (called == nullptr) return false;
  call.process_id = required(context, *called, "processId");
  call.copy_all_to_child = flag(*called, "propagateAllParentVariables", true);
  call.copy_all_to_parent = flag(*called, "propagateAllChildVariables", true);
  call.binding = read_binding(context, *called);
  return true;
}

bool read_script(CompileContext& context, const XmlElement& xml, Element& element) {
  const XmlElement* script = find(xml, "script");
  if (script == nullptr) return false;
  if (is_blank(*script, "expression")) {
    context.report(rules::extension_missing, *script, described(*script) + " has no 'expression'");
  }
  element.script =
      ScriptDefinition{expression(context, *script, "expression"), std::string(script->get("resultVariable"))};
  return true;
}

bool read_decision(CompileContext& context, const XmlElement& xml, Element& element) {
  const XmlElement* called = find(xml, "calledDecision");
  if (called == nullptr) return false;
  element.decision.emplace();
  element.decision->decision_id = required(context, *called, "decisionId");
  element.decision->binding = read_binding(context, *called);
  element.decision->result_variable = called->get("resultVariable");
  if (element.decision->result_variable.empty()) {
    context.report(rules::extension_missing, *called, described(*called) + " has no 'resultVariable'");
  }
  return true;
}

void read_multi_instance(CompileContext& context, const XmlElement& loop, MultiInstance& multi) {
  const XmlElement* characteristics = find(loop, "loopCharacteristics");
  if (characteristics == nullptr) return;
  if (is_blank(*characteristics, "inputCollection")) {
    context.report(rules::extension_missing, *characteristics,
                   described(*characteristics) + " has no 'inputCollection'");
  }
  multi.collection = expression(context, *characteristics, "inputCollection");
  multi.input_element = characteristics->get("inputElement");
  multi.output_collection = characteristics->get("outputCollection");
  multi.output_element = expression(context, *characteristics, "outputElement");
  if (multi.output_collection.empty() != is_blank(*characteristics, "outputElement")) {
    context.report(rules::extension_missing, *characteristics,
                   "'outputCollection' and 'outputElement' belong together; one is missing");
  }
}

ExpressionPtr read_correlation_key(CompileContext& context, const XmlElement& message) {
  const XmlElement* subscription = find(message, "subscription");
  if (subscription == nullptr) return nullptr;
  if (is_blank(*subscription, "correlationKey")) {
    context.report(rules::extension_missing, *subscription, described(*subscription) + " has no 'correlationKey'");
    return nullptr;
  }
  return context.read_value(*subscription, subscription->find("correlationKey"));
}

std::string read_version_tag(const XmlElement& process) {
  const XmlElement* tag = find(process, "versionTag");
  return tag == nullptr ? std::string{} : std::string(tag->get("value"));
}

}  // namespace fermata::bpmn::zeebe
