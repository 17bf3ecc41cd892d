// The camunda: extensions (Camunda 7; operaton: and activiti: are the same) read into the compiled graph.
//
// Each function looks for its attributes or extension elements on `xml` and fills in `element`; without them it does
// nothing. Attributes are JUEL when they contain ${...}, otherwise text. shared/api wire-compatibility 6.2 is the
// mapping.
#pragma once

#include "processes/bpmn/compile/context.h"

namespace fermata::bpmn::camunda {

/// External tasks (type, topic, taskPriority), connectors, classes, delegates and expressions, wherever work is
/// configured: on service, send and business rule tasks, and on the message definition of a throwing event. Fills `job`
/// or `script`. Answers whether there was any of them.
bool read_implementation(CompileContext& context, const XmlElement& xml, Element& element);
/// camunda:inputOutput, and that of a connector.
void read_io_mapping(CompileContext& context, const XmlElement& xml, Element& element);
/// That of a connector alone, which may stand in a message event definition.
void read_connector_mapping(CompileContext& context, const XmlElement& xml, Element& element);
/// camunda:assignee, candidateUsers, candidateGroups, dueDate, followUpDate, priority, formKey, formRef.
void read_user_task(CompileContext& context, const XmlElement& xml, UserTaskDefinition& task);
/// camunda:in and camunda:out, calledElementBinding, Version, VersionTag.
void read_call(CompileContext& context, const XmlElement& xml, CallDefinition& call);
/// camunda:decisionRef, decisionRefBinding, Version, VersionTag, resultVariable, mapDecisionResult; answers whether it is there.
bool read_decision(CompileContext& context, const XmlElement& xml, Element& element);
/// camunda:collection and elementVariable on multiInstanceLoopCharacteristics.
void read_multi_instance(CompileContext& context, const XmlElement& loop, MultiInstance& multi);
/// camunda:failedJobRetryTimeCycle: "R3/PT10S" or "PT10M,PT17M,PT20M".
void read_retries(CompileContext& context, const XmlElement& xml, JobDefinition& job);
/// camunda:versionTag of a process, or "".
std::string read_version_tag(const XmlElement& process);
/// An inputParameter, outputParameter, entry or field: text, script, list or map. Null after reporting a problem.
ExpressionPtr read_parameter(CompileContext& context, const XmlElement& parameter);

}  // namespace fermata::bpmn::camunda
