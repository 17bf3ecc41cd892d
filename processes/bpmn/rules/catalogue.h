// The catalogue of rules: every reason why a model may be refused or remarked upon, each with an id that never changes.
//
// docs/RULES.md is printed from this list and a test holds the two together. Numbers are never reused. `clause` names
// the section of BPMN 2.0.2 and, where there is one, the constraint of the BPMNspector catalogue (EXT.nnn) that says
// the same.
//
//   findings.add(rules::default_flow, flow, "the default flow of 'gw' leaves another element");
#pragma once

#include <span>
#include <string_view>

#include "processes/bpmn/problem.h"
#include "processes/xml/rule.h"

namespace fermata::bpmn {

using xml::Rule;

// clang-format off
#define FERMATA_BPMN_RULES(X) \
  /* The file */ \
  X(xml_bounds, "BPMN-0001", error, "The file stays within the bounds on size, elements, depth, attributes and names.", "engine/base/limits.h", "Split the model or remove what a modeler would not write.") \
  X(encoding, "BPMN-0002", error, "The encoding is UTF-8, US-ASCII, ISO-8859-1, Windows-1252 or UTF-16.", "XML 1.0, 4.3.3", "Save the file as UTF-8.") \
  X(invalid_character, "BPMN-0003", error, "Every character is valid UTF-8 and allowed in XML.", "XML 1.0, 2.2", "Save the file as UTF-8 and remove control characters.") \
  X(doctype, "BPMN-0004", error, "There is no DOCTYPE.", "security", "Remove it: BPMN needs none, and it can make a reader load other files or explode.") \
  X(entity, "BPMN-0005", error, "Only the five entities of XML are used.", "security", "Write the character itself.") \
  X(not_well_formed, "BPMN-0006", error, "The file is well-formed XML with one root.", "XML 1.0, 2.1", "Open it in a modeler and save it again, or correct the XML here.") \
  X(duplicate_attribute, "BPMN-0007", error, "No element has an attribute twice.", "XML 1.0, 3.1", "Keep one of them.") \
  X(unbound_prefix, "BPMN-0008", error, "Every prefix is bound to a namespace.", "Namespaces in XML", "Add the xmlns declaration of the prefix to <definitions>.") \
  X(not_bpmn, "BPMN-0009", error, "The root is <definitions> in the namespace of BPMN 2.0.", "BPMN 2.0.2, 8.1.1", "Deploy a BPMN 2.0 file (http://www.omg.org/spec/BPMN/20100524/MODEL).") \
  X(too_many_problems, "BPMN-0010", warning, "The list of problems is complete.", "engine/base/limits.h", "Mend these first and try again.") \
  X(unknown_element, "BPMN-0011", error, "Elements in the BPMN namespace are those of the standard, where the standard allows them.", "BPMN 2.0.2, 15 (schema)", "Remove it, move it, or put vendor data into <extensionElements> under a namespace of its own.") \
  X(unknown_attribute, "BPMN-0012", error, "Attributes without prefix are those of the standard.", "BPMN 2.0.2, 15 (schema)", "Correct its name or remove it; vendor attributes need a prefix.") \
  X(missing_attribute, "BPMN-0013", error, "Required attributes and elements are present.", "BPMN 2.0.2, 15 (schema)", "Add it.") \
  X(invalid_value, "BPMN-0014", error, "Values are of the type that the standard gives them.", "BPMN 2.0.2, 15 (schema); EXT.029, EXT.030", "Correct the value.") \
  /* Identity and references */ \
  X(missing_id, "BPMN-0101", error, "What is executed has an id.", "BPMN 2.0.2, 8.3.1; EXT.003", "Give it an id: history, incidents and operators name elements by it.") \
  X(duplicate_id, "BPMN-0102", error, "An id is used once in a file.", "BPMN 2.0.2, 8.3.1", "Give one of them another id.") \
  X(dangling_reference, "BPMN-0103", error, "A reference names an element of the file.", "BPMN 2.0.2, 8.3.1; REF", "Correct the id or add the missing element.") \
  X(reference_type, "BPMN-0104", error, "A reference names an element of the right type.", "BPMN 2.0.2, 8.3.1; REF, EXT.006 to EXT.009, EXT.021, EXT.022", "Let it refer to an element of that type.") \
  X(no_executable_process, "BPMN-0105", error, "The file contains an executable process.", "BPMN 2.0.2, 10.2.1", "Set isExecutable=\"true\" on the process that the engine shall run.") \
  X(executable_unstated, "BPMN-0106", warning, "A process says whether it is executable.", "BPMN 2.0.2, 10.2.1", "Set isExecutable=\"true\", or \"false\" if it is only a drawing.") \
  X(public_executable, "BPMN-0107", error, "A public process is not executable.", "BPMN 2.0.2, 10.2.1; EXT.035", "Set processType=\"Private\", or isExecutable=\"false\".") \
  X(import_not_read, "BPMN-0108", error, "The file is complete: a BPMN file is deployed by itself, imports are not followed.", "BPMN 2.0.2, 8.3.2; EXT.001, EXT.002", "Copy what is imported into this file, or call the other process by its id.") \
  X(error_reference, "BPMN-0109", error, "An errorRef names an <error> of the file.", "BPMN 2.0.2, 10.5.5; REF", "Add the <error>; until then the reference itself is the error code, as in Camunda.") \
  /* Sequence and message flows */ \
  X(flow_scope, "BPMN-0202", error, "A sequence flow stays within its process and subprocess.", "BPMN 2.0.2, 10.5.1 and 13.2; EXT.028, EXT.152", "End the subprocess with an end event and continue after it, or use a message between processes.") \
  X(default_flow, "BPMN-0203", error, "A default flow leaves the element that names it.", "BPMN 2.0.2, 8.4.13; EXT.026", "Choose one of the element's own outgoing flows.") \
  X(default_condition, "BPMN-0204", error, "A default flow has no condition.", "BPMN 2.0.2, 8.4.13", "Remove the condition: the flow is taken when no other is.") \
  X(lone_condition, "BPMN-0205", error, "An activity's only outgoing flow has no condition.", "BPMN 2.0.2, 8.4.13; EXT.025", "Remove the condition, or add a second flow that is taken otherwise.") \
  X(flow_lists, "BPMN-0206", error, "<incoming> and <outgoing>, where an element lists any, name exactly its flows.", "BPMN 2.0.2, 8.4.13; EXT.023, EXT.101", "Open and save the file in a modeler, or list the flow.") \
  X(missing_incoming, "BPMN-0208", error, "Beside a start event, every element of the flow is reached by a sequence flow.", "BPMN 2.0.2, 10.5.2; EXT.150", "Connect it, or delete it: no token ever gets there.") \
  X(missing_outgoing, "BPMN-0209", error, "Beside an end event, every path leads to an end event.", "BPMN 2.0.2, 10.5.3; EXT.151", "Connect it to what follows or to an end event.") \
  X(meaningless_condition, "BPMN-0210", error, "A condition stands only after an activity and after an exclusive, inclusive or complex gateway.", "BPMN 2.0.2, 8.4.13; EXT.137", "Remove the condition, or put an exclusive gateway before the flow.") \
  X(empty_expression, "BPMN-0211", error, "A formal expression has a body.", "BPMN 2.0.2, 8.4.7; EXT.013", "Write the expression, or remove the element.") \
  X(natural_expression, "BPMN-0212", error, "In an executable process every expression is formal.", "BPMN 2.0.2, 8.4.6; EXT.012, EXT.123", "Give it xsi:type=\"tFormalExpression\" and write it in FEEL.") \
  X(message_flow_pool, "BPMN-0213", error, "A message flow connects two different pools.", "BPMN 2.0.2, 9.4; EXT.031", "Use a sequence flow within a pool.") \
  X(message_flow_end, "BPMN-0214", error, "A message flow leaves what sends and reaches what receives.", "BPMN 2.0.2, 7.6.2, 10.5; EXT.102, EXT.103, EXT.108, EXT.109, EXT.119", "Turn it round, or give the event a message definition.") \
  X(self_loop, "BPMN-0215", error, "A gateway has no flow to itself.", "BPMN 2.0.2, 10.6", "Remove the flow: its token would go round for ever.") \
  X(condition_not_asked, "BPMN-0216", warning, "A flow out of a parallel gateway has no condition.", "BPMN 2.0.2, 10.6.4", "A parallel gateway takes all its flows without asking; remove the condition.") \
  /* Events */ \
  X(start_incoming, "BPMN-0301", error, "A start event has no incoming flow.", "BPMN 2.0.2, 10.5.2; EXT.096", "Let the flow lead to the element after the start event.") \
  X(end_outgoing, "BPMN-0302", error, "An end event has no outgoing flow.", "BPMN 2.0.2, 10.5.3; EXT.104", "Use an intermediate event where the process goes on.") \
  X(process_start_kind, "BPMN-0303", error, "A process starts by none, message, timer, conditional or signal.", "BPMN 2.0.2, 10.5.2; EXT.098", "Use an event subprocess for errors, escalations and compensation.") \
  X(subprocess_start_kind, "BPMN-0304", error, "An embedded subprocess starts with a none start event.", "BPMN 2.0.2, 10.5.2; EXT.100", "Remove the event definition, or put the trigger on the boundary or into an event subprocess.") \
  X(event_subprocess_start, "BPMN-0305", error, "An event subprocess has exactly one start event.", "BPMN 2.0.2, 10.3.5; EXT.058", "Make one event subprocess for each start event.") \
  X(event_subprocess_kind, "BPMN-0306", error, "An event subprocess starts by message, timer, error, escalation, compensation, conditional or signal.", "BPMN 2.0.2, 10.5.2; EXT.059", "Give its start event one of these definitions; error and compensation always interrupt.") \
  X(no_start_event, "BPMN-0308", error, "Beside an end event there is a start event.", "BPMN 2.0.2, 10.5.3; EXT.097", "Add a start event, so that it is clear where the token begins.") \
  X(no_end_event, "BPMN-0309", error, "Where there is a start event there is an end event.", "BPMN 2.0.2, 10.5.3; EXT.105", "Add an end event.") \
  X(no_event_definition, "BPMN-0310", error, "A boundary event and a catch event have an event definition.", "BPMN 2.0.2, 10.5.4; EXT.110, EXT.129", "Say what it waits for: a message, a timer, a signal ...") \
  X(boundary_kind, "BPMN-0311", error, "A boundary event catches what a boundary may catch; error, cancel and compensation always interrupt.", "BPMN 2.0.2, 10.5.4; EXT.110, EXT.147", "Choose another event type, or make it interrupting.") \
  X(boundary_incoming, "BPMN-0312", error, "A boundary event has no incoming flow.", "BPMN 2.0.2, 10.5.4; EXT.112", "Let the flow lead to the activity.") \
  X(boundary_outgoing, "BPMN-0313", error, "A boundary event has an outgoing flow.", "BPMN 2.0.2, 10.5.4; EXT.113", "Draw what happens when it occurs.") \
  X(compensation_outgoing, "BPMN-0314", error, "A compensation boundary event has no outgoing sequence flow.", "BPMN 2.0.2, 10.5.4; EXT.114", "Connect it to its handler by an association (dotted line).") \
  X(compensation_handler, "BPMN-0315", error, "A compensation boundary event is associated with exactly one activity that is marked for compensation.", "BPMN 2.0.2, 10.5.4 and 11.5.2; EXT.143, EXT.144", "Draw an association from the event to the activity that undoes the work, and set isForCompensation=\"true\" on it.") \
  X(compensation_flow, "BPMN-0316", error, "An activity for compensation stands outside of the normal flow.", "BPMN 2.0.2, 10.3 and 11.5.2", "Remove its sequence flows and boundary events; only the association leads to it.") \
  X(intermediate_flow, "BPMN-0317", error, "An intermediate event has incoming and outgoing flows.", "BPMN 2.0.2, 10.5.4; EXT.115, EXT.116", "Connect it, or use a start or end event.") \
  X(catch_kind, "BPMN-0318", error, "An intermediate event catches message, timer, conditional, link or signal.", "BPMN 2.0.2, 10.5.4; EXT.122, EXT.148", "Catch errors, escalations and compensation on a boundary or in an event subprocess.") \
  X(throw_kind, "BPMN-0319", error, "An intermediate event throws none, message, escalation, compensation, link or signal.", "BPMN 2.0.2, 10.5.4; EXT.149", "Use an end event for errors and termination.") \
  X(end_kind, "BPMN-0320", error, "An end event is none, message, escalation, error, cancel, compensation, signal or terminate.", "BPMN 2.0.2, 10.5.3; EXT.146", "Choose one of these types.") \
  X(cancel_place, "BPMN-0321", error, "Cancel events belong to a transaction.", "BPMN 2.0.2, 10.5.3; EXT.106, EXT.111", "Use an error event outside of a transaction.") \
  X(link_pair, "BPMN-0322", error, "Links come in pairs within one scope: any number of sources, one target of the same name.", "BPMN 2.0.2, 10.5.5; EXT.117, EXT.118, EXT.124 to EXT.126", "Give both ends the same name, and only one target.") \
  X(timer_definition, "BPMN-0323", error, "A timer has exactly one of timeDate, timeDuration and timeCycle.", "BPMN 2.0.2, 10.5.5; EXT.129 to EXT.131", "Write one of them.") \
  X(timer_value, "BPMN-0324", error, "A constant timer value is a valid ISO 8601 date, duration or repeating interval, or a cron expression.", "BPMN 2.0.2, 10.5.5; EXT.132, EXT.133", "Examples: 2026-12-24T18:00:00Z, PT15M, R3/PT10H, 0 0 9 * * MON-FRI.") \
  X(message_missing, "BPMN-0325", error, "A message event, and a send task without a job, refers to a message with a name; in files for Camunda 8 a receive task as well.", "BPMN 2.0.2, 8.4.11; EXT.127", "Choose or create a message and give it a name.") \
  X(signal_missing, "BPMN-0326", error, "A signal event refers to a signal with a name.", "BPMN 2.0.2, 10.5.5", "Choose or create a signal and give it a name.") \
  X(error_code, "BPMN-0327", error, "A thrown error has an error code.", "BPMN 2.0.2, 10.5.5", "Choose an error and give it a code: who catches it asks for the code.") \
  X(escalation_code, "BPMN-0328", error, "A thrown escalation has an escalation code.", "BPMN 2.0.2, 10.5.5; EXT.011", "Choose an escalation and give it a code.") \
  X(compensation_target, "BPMN-0329", error, "The activity to compensate is visible from the throwing event and can be compensated.", "BPMN 2.0.2, 10.5.5 and 13.5.5", "Name an activity of the same scope that has a compensation handler, or name none to compensate the whole scope.") \
  X(condition_missing, "BPMN-0330", error, "A conditional event has a condition.", "BPMN 2.0.2, 10.5.5; EXT.123", "Write the condition.") \
  X(duplicate_start, "BPMN-0331", error, "Two start events of a process do not wait for the same message or signal.", "BPMN 2.0.2, 13.5.1", "Keep one: the same message would start two instances.") \
  X(shared_throw_definition, "BPMN-0334", error, "The event definition of a throw event is used by nobody else.", "BPMN 2.0.2, 10.5.5; EXT.095", "Give the throwing event a definition of its own.") \
  X(duplicate_boundary, "BPMN-0335", error, "Two boundary events of an activity do not catch the same error, escalation or message.", "BPMN 2.0.2, 10.5.4", "Keep one: it would not be clear which one catches.") \
  X(attached_to, "BPMN-0336", error, "A boundary event is attached to an activity of its own scope.", "BPMN 2.0.2, 10.5.4", "Attach it to a task, subprocess or call activity beside it.") \
  X(timer_zone, "BPMN-0337", warning, "A fixed date of a timer has a zone.", "ISO 8601; Fermata", "It is read as UTC; add Z or an offset such as +01:00.") \
  /* Gateways */ \
  X(gateway_direction, "BPMN-0401", error, "gatewayDirection agrees with the flows.", "BPMN 2.0.2, 10.6; EXT.017 to EXT.019", "Correct the attribute, or remove it.") \
  X(gateway_pointless, "BPMN-0402", error, "A gateway has several incoming or several outgoing flows.", "BPMN 2.0.2, 10.6; EXT.135", "Remove the gateway, or draw the missing path.") \
  X(event_gateway_flows, "BPMN-0403", error, "An event-based gateway has at least two outgoing flows.", "BPMN 2.0.2, 10.6.6; EXT.136", "Draw the second event, or wait for the one event without a gateway.") \
  X(event_gateway_target, "BPMN-0404", error, "An event-based gateway leads to receive tasks and to catching message, timer, signal and conditional events.", "BPMN 2.0.2, 10.6.6; EXT.138", "Put a catching event behind the gateway.") \
  X(event_gateway_mix, "BPMN-0405", error, "Behind one event-based gateway stand message events or receive tasks, not both.", "BPMN 2.0.2, 10.6.6; EXT.139", "Use one of the two.") \
  X(event_gateway_boundary, "BPMN-0406", error, "A receive task behind an event-based gateway has no boundary events.", "BPMN 2.0.2, 10.6.6; EXT.140", "Give the gateway another branch instead.") \
  X(event_gateway_incoming, "BPMN-0407", error, "What stands behind an event-based gateway has no other incoming flow.", "BPMN 2.0.2, 10.6.6; EXT.141", "Let the other flow lead to the element after it.") \
  X(instantiate_incoming, "BPMN-0408", error, "A gateway or receive task that starts instances has no incoming flow.", "BPMN 2.0.2, 10.6.6; EXT.049, EXT.142", "Remove the flow, or instantiate=\"true\".") \
  X(gateway_no_condition, "BPMN-0409", error, "Of several flows out of an exclusive gateway each has a condition or is the default.", "BPMN 2.0.2, 10.6.2", "Write the condition, or make the flow the default.") \
  /* Activities */ \
  X(event_subprocess_flow, "BPMN-0501", error, "An event subprocess has no sequence flows and no boundary events.", "BPMN 2.0.2, 10.3.5; EXT.057", "It is started by its event; remove the flow.") \
  X(called_element, "BPMN-0502", error, "A call activity says what it calls.", "BPMN 2.0.2, 10.3.6", "Enter the id of the process.") \
  X(loop_markers, "BPMN-0503", error, "An activity has one loop marker at most.", "BPMN 2.0.2, 10.3.8; EXT.041, EXT.055", "Keep one of them.") \
  X(multi_instance_count, "BPMN-0504", error, "A multi-instance activity has a cardinality or a collection.", "BPMN 2.0.2, 10.3.8; EXT.067", "Enter one of them.") \
  X(quantity, "BPMN-0505", error, "startQuantity and completionQuantity are at least 1.", "BPMN 2.0.2, 10.3; EXT.037 to EXT.039", "Correct the number.") \
  X(script_format, "BPMN-0506", warning, "A script says its language.", "BPMN 2.0.2, 10.3.3; EXT.053", "Set scriptFormat=\"feel\"; without it the script is read as FEEL.") \
  X(no_implementation, "BPMN-0507", error, "A service, send or business rule task says who does the work.", "Fermata", "Give it a job type (zeebe:taskDefinition, or camunda:type=\"external\" with a topic), a decision or an expression.") \
  X(receive_without_message, "BPMN-0508", warning, "A receive task refers to a message.", "BPMN 2.0.2, 10.3.3", "Without one it waits for a message that is called like the id of the task; choose or create a message and give it a name.") \
  X(choreography_in_process, "BPMN-0509", error, "A process contains no choreography and no conversation.", "BPMN 2.0.2, 10.1; EXT.036, EXT.056, EXT.062", "Remove it from the process.") \
  X(ad_hoc_content, "BPMN-0510", error, "An ad-hoc subprocess contains activities, and no start or end event.", "BPMN 2.0.2, 10.3.5; EXT.061, EXT.062", "Add an activity and remove the events.") \
  X(called_without_start, "BPMN-0511", error, "A called process has a none start event.", "BPMN 2.0.2, 10.3.6; EXT.099", "Add a none start event to the called process.") \
  X(collaboration_shape, "BPMN-0513", error, "Choreographies and conversations refer to each other as the standard allows.", "BPMN 2.0.2, 9 and 11; EXT.027, EXT.032, EXT.033", "Correct the reference.") \
  /* Data */ \
  X(io_sets, "BPMN-0601", error, "Data inputs and outputs belong to their sets, and optional and while-executing ones are listed in them.", "BPMN 2.0.2, 10.4.2; EXT.084 to EXT.090", "Correct the inputSet or outputSet.") \
  X(io_place, "BPMN-0602", error, "Subprocesses have no ioSpecification.", "BPMN 2.0.2, 10.4.2; EXT.079", "Move it to the activities inside.") \
  X(data_association, "BPMN-0603", error, "A data association has one source, of the same type as its target, or a transformation.", "BPMN 2.0.2, 10.4.2; EXT.091, EXT.092", "Correct it, or add the transformation.") \
  X(item_collection, "BPMN-0604", error, "isCollection agrees with the item definition.", "BPMN 2.0.2, 10.4.1; EXT.020, EXT.077, EXT.081, EXT.083", "Let both say the same.") \
  X(message_io, "BPMN-0605", error, "A task that refers to a message or an operation has at most one data set of the same type as the message.", "BPMN 2.0.2, 10.3.3; EXT.042 to EXT.052", "Correct the ioSpecification.") \
  X(event_io, "BPMN-0606", error, "An event with data has one data item for each event definition, of its type.", "BPMN 2.0.2, 10.5.1; EXT.093, EXT.094", "Correct the data inputs or outputs of the event.") \
  X(operation_missing, "BPMN-0607", warning, "In an executable process a message event refers to an operation.", "BPMN 2.0.2, 10.5.5; EXT.128", "Nothing needs to be done: the message is enough for this engine.") \
  X(callable_io, "BPMN-0608", error, "A call activity's data match those of what it calls, and bindings are complete.", "BPMN 2.0.2, 10.3.6 and 10.4.2; EXT.063 to EXT.065", "Correct the ioSpecification or the binding.") \
  X(loop_data, "BPMN-0609", error, "The data of a multi-instance marker are declared by the activity and of the item's type.", "BPMN 2.0.2, 10.3.8; EXT.068 to EXT.071", "Declare them in the ioSpecification of the activity.") \
  X(data_object_name, "BPMN-0610", warning, "A data object reference with a state is named 'Name [State]'.", "BPMN 2.0.2, 10.4.1; EXT.076", "Rename it.") \
  X(is_immediate, "BPMN-0611", error, "isImmediate is not false in an executable process.", "BPMN 2.0.2, 8.4.13; EXT.024", "Remove the attribute.") \
  X(text_format, "BPMN-0612", error, "textFormat is a mime type.", "BPMN 2.0.2, 8.4.1; EXT.145", "Write a mime type such as text/plain.") \
  /* Expressions and extensions */ \
  X(expression, "BPMN-0701", error, "Every expression compiles.", "FEEL (DMN 1.5, 10.3); the JUEL subset", "Correct the expression.") \
  X(expression_language, "BPMN-0702", error, "Expressions and scripts are written in FEEL or in the JUEL subset (${...}).", "Fermata", "Rewrite it in FEEL.") \
  X(extension_value, "BPMN-0703", error, "Extension attributes have valid values.", "Fermata, docs/RULES.md", "Correct the value.") \
  X(extension_missing, "BPMN-0704", error, "Extension elements have the attributes they need.", "Fermata, docs/RULES.md", "Add it.") \
  X(extension_conflict, "BPMN-0705", error, "An element says once how it is implemented.", "Fermata", "Keep one of them.") \
  X(extension_unknown, "BPMN-0706", warning, "Extensions in the camunda and zeebe namespaces are known.", "Fermata", "It is ignored; check its spelling.") \
  X(class_as_job, "BPMN-0707", warning, "Work is done by job workers or plugins, not by classes in the engine.", "Fermata", "Serve this job type with a worker, or change the task to an external task.") \
  X(extension_place, "BPMN-0708", error, "Extensions stand where they have a meaning.", "Fermata", "Remove it from this element.") \
  X(extension_ignored, "BPMN-0709", warning, "An extension that changes nothing where it stands is pointed out.", "Fermata", "Nothing needs to be done, unless it was meant to have an effect.") \
  X(expression_remark, "BPMN-0710", hint, "Expressions call functions that exist, and compare what can be compared.", "Fermata; FEEL (DMN 1.5, 10.3)", "Correct the expression, unless null is what is meant.") \
  /* Not executed */ \
  X(no_complex_gateway, "BPMN-0901", error, "Complex gateways are not executed.", "BPMN 2.0.2, 10.6.5", "Use exclusive, inclusive or parallel gateways.") \
  X(no_link, "BPMN-0902", error, "Link events are not executed.", "BPMN 2.0.2, 10.5.5", "Connect the two places by a sequence flow.") \
  X(no_conditional, "BPMN-0903", error, "Conditional events are not executed.", "BPMN 2.0.2, 10.5.5", "Use a message or signal that is sent when the condition holds.") \
  X(no_cancel, "BPMN-0904", error, "Cancel events are not executed.", "BPMN 2.0.2, 10.5.5", "Throw a compensation, then an error to a boundary event.") \
  X(no_multiple, "BPMN-0905", error, "Events with several definitions are not executed.", "BPMN 2.0.2, 10.5.5", "Use one event for each definition, for example behind an event-based gateway.") \
  X(no_parallel_multiple, "BPMN-0906", error, "Parallel multiple events are not executed.", "BPMN 2.0.2, 10.5.5", "Use one event for each definition between parallel gateways.") \
  X(no_transaction, "BPMN-0907", error, "Transactions are not executed.", "BPMN 2.0.2, 10.3.5", "Use a subprocess with compensation and error events.") \
  X(no_ad_hoc, "BPMN-0908", error, "Ad-hoc subprocesses are not executed.", "BPMN 2.0.2, 10.3.5", "Draw the flow, or use a multi-instance activity.") \
  X(no_standard_loop, "BPMN-0909", error, "Standard loops are not executed.", "BPMN 2.0.2, 10.3.8", "Draw the loop with an exclusive gateway, or use a multi-instance marker.") \
  X(no_instantiate, "BPMN-0910", error, "Receive tasks and event-based gateways do not start instances.", "BPMN 2.0.2, 10.3.3 and 10.6.6", "Use message start events.") \
  X(no_io_specification, "BPMN-0911", error, "Activities do not wait for data inputs (ioSpecification).", "BPMN 2.0.2, 10.4.2", "Map variables by zeebe:ioMapping or camunda:inputOutput.") \
  X(no_start_quantity, "BPMN-0912", error, "startQuantity and completionQuantity other than 1 are not executed.", "BPMN 2.0.2, 10.3", "Use parallel gateways or a multi-instance marker.") \
  X(no_behavior, "BPMN-0914", error, "Multi-instance behavior other than All is not executed.", "BPMN 2.0.2, 10.3.8", "Throw the event from inside the activity.") \
  X(no_global_task, "BPMN-0916", error, "Global tasks cannot be called.", "BPMN 2.0.2, 10.3.6", "Wrap the task in a process.") \
  X(no_data_mapping, "BPMN-0919", error, "Data associations that move data, their assignments and transformations are not executed.", "BPMN 2.0.2, 10.4.2", "Map variables by zeebe:ioMapping or camunda:inputOutput.") \
  X(no_correlation_subscription, "BPMN-0920", error, "Correlation subscriptions of a process are not executed.", "BPMN 2.0.2, 8.4.2", "Correlate by zeebe:subscription, or by business key and variables.") \
  X(no_compensation_start, "BPMN-0921", error, "Compensation event subprocesses are not executed.", "BPMN 2.0.2, 10.5.2", "Use compensation boundary events inside the subprocess.") \
  X(no_listener, "BPMN-0922", error, "Listeners are not executed.", "Fermata", "Put the work into a task of its own, or into an input or output mapping.") \
  X(no_extension, "BPMN-0925", error, "This extension is not executed.", "Fermata", "Remove it.") \
  X(must_understand, "BPMN-0926", error, "An extension that must be understood is understood.", "BPMN 2.0.2, 8.3.3", "Remove the extension, or mustUnderstand.") \
  X(no_resource_role, "BPMN-0927", error, "Resource roles other than humanPerformer and potentialOwner with an expression are not executed.", "BPMN 2.0.2, 10.3.1", "Use zeebe:assignmentDefinition or camunda:assignee.") \
  X(no_implicit_start, "BPMN-0928", error, "Processes and subprocesses without a start event are not executed.", "BPMN 2.0.2, 10.5.2", "Add a start event, so that it is clear where the token begins.") \
  X(no_several_starts, "BPMN-0929", error, "Several none start events of one process or subprocess are not executed.", "BPMN 2.0.2, 10.5.2", "Keep one and join the paths after it.") \
  X(no_property, "BPMN-0930", error, "Properties of tasks and events are not executed.", "BPMN 2.0.2, 10.4.1", "Use a property of the process or of a subprocess, or a local variable by zeebe:ioMapping or camunda:inputOutput.") \
  X(no_detached_compensation, "BPMN-0931", error, "Compensation that is not waited for is not executed.", "BPMN 2.0.2, 10.5.5", "Remove waitForCompletion=\"false\", or throw the compensation on a parallel path.") \
  X(no_parallel_event_gateway, "BPMN-0932", error, "Parallel event-based gateways are not executed.", "BPMN 2.0.2, 10.6.6", "Remove eventGatewayType=\"Parallel\", or catch the events on parallel paths.") \
  X(no_correlation_key, "BPMN-0933", error, "Correlation keys of a collaboration or conversation are not executed.", "BPMN 2.0.2, 8.4.2", "Correlate by zeebe:subscription, or by business key and variables.")
// clang-format on

namespace rules {
#define FERMATA_DECLARE_RULE(name, id, severity, title, clause, advice) \
  inline constexpr Rule name{id, Severity::severity, title, clause, advice};
FERMATA_BPMN_RULES(FERMATA_DECLARE_RULE)
#undef FERMATA_DECLARE_RULE
}  // namespace rules

/// Rules that Camunda's engines do not enforce. In a file that declares the camunda: or zeebe: vocabulary they warn:
/// such files run elsewhere as they are, and what they leave open has one meaning only (a path that stops has ended).
inline constexpr const Rule* tolerated_in_vendor_files[] = {
    &rules::error_reference,     &rules::lone_condition,    &rules::flow_lists,        &rules::missing_incoming,
    &rules::missing_outgoing,    &rules::no_end_event,      &rules::boundary_outgoing, &rules::gateway_pointless,
    &rules::event_gateway_flows, &rules::gateway_direction,
};
[[nodiscard]] constexpr bool is_tolerated_in_vendor_files(const Rule& rule) {
  for (const Rule* tolerated : tolerated_in_vendor_files) {
    if (tolerated == &rule) return true;
  }
  return false;
}

/// All of them, in the order of their ids.
[[nodiscard]] std::span<const Rule* const> all_rules();

}  // namespace fermata::bpmn
