// The zeebe: extensions (Camunda 8) as they are written by the modeler, read into the compiled graph.
//
// Each function looks for its extension below `xml` and fills in `element`; without the extension it does nothing.
// Attributes are FEEL when they begin with '=', otherwise text. shared/api wire-compatibility 6.2 is the mapping.
#pragma once

#include "processes/bpmn/compile/context.h"

namespace fermata::bpmn::zeebe {

/// zeebe:taskDefinition (type, retries), zeebe:taskHeaders; answers whether there is a task definition.
bool read_job(CompileContext& context, const XmlElement& xml, Element& element);
/// zeebe:ioMapping with its inputs and outputs.
void read_io_mapping(CompileContext& context, const XmlElement& xml, Element& element);
/// zeebe:assignmentDefinition, taskSchedule, priorityDefinition, formDefinition.
void read_user_task(CompileContext& context, const XmlElement& xml, UserTaskDefinition& task);
/// zeebe:calledElement; answers whether it is there.
bool read_call(CompileContext& context, const XmlElement& xml, CallDefinition& call);
/// zeebe:script; answers whether it is there.
bool read_script(CompileContext& context, const XmlElement& xml, Element& element);
/// zeebe:calledDecision; answers whether it is there.
bool read_decision(CompileContext& context, const XmlElement& xml, Element& element);
/// zeebe:loopCharacteristics below multiInstanceLoopCharacteristics.
void read_multi_instance(CompileContext& context, const XmlElement& loop, MultiInstance& multi);
/// The correlation key of zeebe:subscription below a <message>, or null.
ExpressionPtr read_correlation_key(CompileContext& context, const XmlElement& message);
/// zeebe:versionTag of a process, or "".
std::string read_version_tag(const XmlElement& process);

}  // namespace fermata::bpmn::zeebe
