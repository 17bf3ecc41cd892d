#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {

void check_all(const XmlTree& tree, const Model& model, Findings& findings) {
  check_schema(tree, findings);
  check_identity(tree, model, findings);
  check_references(tree, model, findings);
  check_processes(model, findings);
  check_flows(model, findings);
  check_start_and_end(model, findings);
  check_events(model, findings);
  check_event_definitions(model, findings);
  check_compensation(model, findings);
  check_links(model, findings);
  check_gateways(model, findings);
  check_activities(tree, model, findings);
  check_collaborations(tree, model, findings);
  check_data(tree, model, findings);
  check_task_data(tree, model, findings);
  check_not_executed(model, findings);
  check_extensions(model, findings);
}

}  // namespace fermata::bpmn
