// The rules, grouped by what they look at. Each function reports whatever breaks its rules, and never stops at the
// first.
//
// They look at the whole file, executable or not: a broken drawing is broken. Only check_not_executed() and
// check_extensions() confine themselves to processes that are executed.
#pragma once

#include "processes/bpmn/model/model.h"
#include "processes/bpmn/rules/findings.h"

namespace fermata::bpmn {

/// Names, attributes and places of elements (BPMN-0011 to 0014).
void check_schema(const XmlTree& tree, Findings& findings);
/// Ids and references (BPMN-0101 to 0104).
void check_identity(const XmlTree& tree, const Model& model, Findings& findings);
void check_references(const XmlTree& tree, const Model& model, Findings& findings);
/// Processes: executable, importable, with starts and ends (BPMN-0105 to 0108, 0303 to 0309).
void check_processes(const Model& model, Findings& findings);
void check_flows(const Model& model, Findings& findings);
void check_start_and_end(const Model& model, Findings& findings);
void check_events(const Model& model, Findings& findings);
void check_event_definitions(const Model& model, Findings& findings);
void check_compensation(const Model& model, Findings& findings);
void check_links(const Model& model, Findings& findings);
void check_gateways(const Model& model, Findings& findings);
void check_activities(const XmlTree& tree, const Model& model, Findings& findings);
void check_collaborations(const XmlTree& tree, const Model& model, Findings& findings);
void check_data(const XmlTree& tree, const Model& model, Findings& findings);
void check_task_data(const XmlTree& tree, const Model& model, Findings& findings);
/// What executable processes contain and the engine does not execute (BPMN-09xx).
void check_not_executed(const Model& model, Findings& findings);
/// camunda: and zeebe: extensions that are unknown, misplaced or not executed (BPMN-0706 to 0709, 0922, 0925).
void check_extensions(const Model& model, Findings& findings);

/// Executed extensions that no compile function has asked for (BPMN-0709). After compiling, and only when nothing was
/// refused: what was refused may have been left unread.
void check_unread_extensions(const Model& model, Findings& findings);
/// The messages, errors, escalations and signals that a node refers to.
[[nodiscard]] std::vector<const XmlElement*> referred_roots(const Model& model, const Node& node);

/// All but check_unread_extensions(), in an order that puts causes before consequences.
void check_all(const XmlTree& tree, const Model& model, Findings& findings);

}  // namespace fermata::bpmn
