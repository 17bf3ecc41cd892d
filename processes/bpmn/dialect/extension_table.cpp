#include "processes/bpmn/dialect/extension_table.h"

namespace fermata::bpmn {
namespace {

using enum Treatment;
constexpr Namespace c7 = Namespace::camunda;
constexpr Namespace c8 = Namespace::zeebe;

constexpr std::string_view work = "serviceTask sendTask businessRuleTask messageEventDefinition";
constexpr std::string_view jobs = "serviceTask sendTask businessRuleTask scriptTask intermediateThrowEvent endEvent";

constexpr KnownExtension elements[] = {
    {c8, "taskDefinition", executed, jobs},
    {c8, "taskHeaders", executed, jobs},
    {c8, "ioMapping", executed, ""},
    {c8, "assignmentDefinition", executed, "userTask"},
    {c8, "taskSchedule", executed, "userTask"},
    {c8, "priorityDefinition", executed, "userTask"},
    {c8, "formDefinition", executed, "userTask"},
    {c8, "formDefinition", ignored, "startEvent"},
    {c8, "userTask", harmless, "userTask"},
    {c8, "userTaskForm", harmless, ""},
    {c8, "properties", harmless, ""},
    {c8, "calledElement", executed, "callActivity"},
    {c8, "calledDecision", executed, "businessRuleTask"},
    {c8, "script", executed, "scriptTask"},
    {c8, "loopCharacteristics", executed, "multiInstanceLoopCharacteristics"},
    {c8, "subscription", executed, "message"},
    {c8, "versionTag", executed, "process"},
    {c8, "executionListeners", listener, ""},
    {c8, "taskListeners", listener, ""},
    {c8, "linkedResources", refused, ""},
    {c8, "adHoc", refused, ""},
    {c8, "conditionalFilter", refused, ""},
    {c7, "inputOutput", executed, ""},
    {c7, "connector", executed, work},
    {c7, "properties", executed, work},
    {c7, "properties", harmless, ""},
    {c7, "in", executed, "callActivity"},
    {c7, "out", executed, "callActivity"},
    {c7, "errorEventDefinition", executed, "serviceTask"},
    {c7, "failedJobRetryTimeCycle", executed, work},
    {c7, "failedJobRetryTimeCycle", ignored, ""},
    {c7, "formData", ignored, "userTask startEvent"},
    {c7, "formProperty", ignored, "userTask startEvent"},
    {c7, "field", ignored, ""},
    {c7, "potentialStarter", ignored, "process"},
    {c7, "executionListener", listener, ""},
    {c7, "taskListener", listener, ""},
    {c7, "constraint", refused, ""},
    {c7, "script", refused, ""},
};

constexpr KnownExtension attributes[] = {
    {c7, "type", executed, work},
    {c7, "topic", executed, work},
    {c7, "taskPriority", executed, "process serviceTask sendTask businessRuleTask messageEventDefinition"},
    {c7, "class", executed, work},
    {c7, "delegateExpression", executed, work},
    {c7, "expression", executed, "serviceTask"},
    {c7, "expression", refused, "sendTask businessRuleTask messageEventDefinition"},
    {c7, "resultVariable", executed, "serviceTask scriptTask"},
    {c7, "assignee", executed, "userTask"},
    {c7, "candidateUsers", executed, "userTask"},
    {c7, "candidateGroups", executed, "userTask"},
    {c7, "dueDate", executed, "userTask"},
    {c7, "followUpDate", executed, "userTask"},
    {c7, "priority", executed, "userTask"},
    {c7, "formKey", executed, "userTask"},
    {c7, "formKey", ignored, "startEvent"},
    {c7, "formRef", executed, "userTask"},
    {c7, "formRef", ignored, "startEvent"},
    {c7, "formRefBinding", harmless, "userTask startEvent"},
    {c7, "formRefVersion", ignored, "userTask startEvent"},
    {c7, "formHandlerClass", refused, ""},
    {c7, "calledElementBinding", executed, "callActivity"},
    {c7, "calledElementVersion", executed, "callActivity"},
    {c7, "calledElementVersionTag", executed, "callActivity"},
    {c7, "calledElementTenantId", refused, "callActivity"},
    {c7, "variableMappingClass", refused, "callActivity"},
    {c7, "variableMappingDelegateExpression", refused, "callActivity"},
    {c7, "caseRef", refused, "callActivity"},
    {c7, "caseBinding", refused, "callActivity"},
    {c7, "caseVersion", refused, "callActivity"},
    {c7, "caseTenantId", refused, "callActivity"},
    {c7, "decisionRef", executed, "businessRuleTask"},
    {c7, "decisionRefBinding", executed, "businessRuleTask"},
    {c7, "decisionRefVersion", executed, "businessRuleTask"},
    {c7, "decisionRefVersionTag", executed, "businessRuleTask"},
    {c7, "decisionRefTenantId", refused, "businessRuleTask"},
    {c7, "mapDecisionResult", executed, "businessRuleTask"},
    {c7, "collection", executed, "multiInstanceLoopCharacteristics"},
    {c7, "elementVariable", executed, "multiInstanceLoopCharacteristics"},
    {c7, "errorCodeVariable", executed, "errorEventDefinition"},
    {c7, "errorMessageVariable", executed, "errorEventDefinition"},
    {c7, "escalationCodeVariable", executed, "escalationEventDefinition"},
    {c7, "resource", refused, "scriptTask"},
    {c7, "versionTag", executed, "process"},
    {c7, "historyTimeToLive", harmless, "process"},
    {c7, "isStartableInTasklist", harmless, "process"},
    {c7, "candidateStarterUsers", ignored, "process"},
    {c7, "candidateStarterGroups", ignored, "process"},
    {c7, "jobPriority", ignored, ""},
    {c7, "asyncBefore", harmless, ""},
    {c7, "asyncAfter", harmless, ""},
    {c7, "async", harmless, ""},
    {c7, "exclusive", harmless, ""},
    {c7, "modelerTemplate", harmless, ""},
    {c7, "modelerTemplateVersion", harmless, ""},
    {c7, "modelerTemplateIcon", harmless, ""},
    {c7, "diagramRelationId", harmless, ""},
    {c7, "errorMessage", executed, "error"},
    {c7, "initiator", refused, "startEvent"},
    {c7, "variableName", refused, ""},
    {c7, "variableEvents", refused, ""},
    {c8, "modelerTemplate", harmless, ""},
    {c8, "modelerTemplateVersion", harmless, ""},
    {c8, "modelerTemplateIcon", harmless, ""},
};

const KnownExtension* find(std::span<const KnownExtension> table, Namespace space, std::string_view name,
                           std::string_view owner) {
  const KnownExtension* first = nullptr;
  for (const KnownExtension& known : table) {
    if (known.space != space || known.name != name) continue;
    if (belongs_to(known, owner)) return &known;
    if (first == nullptr) first = &known;
  }
  return first;
}

}  // namespace

const KnownExtension* find_extension_element(Namespace space, std::string_view name, std::string_view owner) {
  return find(elements, space, name, owner);
}
const KnownExtension* find_extension_attribute(Namespace space, std::string_view name, std::string_view owner) {
  return find(attributes, space, name, owner);
}
std::span<const KnownExtension> extension_elements() {
  return elements;
}
std::span<const KnownExtension> extension_attributes() {
  return attributes;
}

bool belongs_to(const KnownExtension& extension, std::string_view owner) {
  if (extension.owners.empty()) return true;
  std::string_view words = extension.owners;
  while (true) {
    const std::size_t space = words.find(' ');
    if (words.substr(0, space) == owner) return true;
    if (space == std::string_view::npos) return false;
    words.remove_prefix(space + 1);
  }
}

}  // namespace fermata::bpmn
