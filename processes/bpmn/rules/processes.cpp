// Processes as wholes: executable or not, starts and ends, imports, called processes.
#include <algorithm>
#include <map>

#include "processes/bpmn/rules/rules.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

void check_executable(const Scope& process, Findings& findings) {
  const XmlElement& xml = *process.xml;
  if (!xml.has("isExecutable")) {
    findings.add(rules::executable_unstated, xml,
                 described(xml) + " does not say whether it is executable, and is taken as " +
                     (process.executable ? "executable" : "a drawing"));
  }
  const std::string_view type = xml.get("processType");
  if (is_true(xml.find("isExecutable"), false) && type == "Public") {
    findings.add(rules::public_executable, xml, described(xml) + " is public and executable");
  }
}

bool starts_by_itself(const Node& node) {
  if (node.type == NodeType::start_event) return true;
  return (node.type == NodeType::receive_task || node.type == NodeType::event_based_gateway) &&
         is_true(node.xml->find("instantiate"), false);
}

void check_start_events(const Scope& scope, Findings& findings) {
  const bool ad_hoc = scope.node != nullptr && scope.node->type == NodeType::ad_hoc_subprocess;
  if (ad_hoc || (scope.nodes.empty() && !scope.executable)) return;  // a black box, or a rule of its own
  const std::vector<Node*> starts = scope.of_type(NodeType::start_event);
  const bool has_end = !scope.of_type(NodeType::end_event).empty();
  if (starts.empty() && std::ranges::none_of(scope.nodes, [](const Node* node) { return starts_by_itself(*node); })) {
    if (has_end) {
      findings.add(rules::no_start_event, *scope.xml, described(*scope.xml) + " has an end event and no start event");
    } else if (scope.executable) {
      findings.add(rules::no_implicit_start, *scope.xml, described(*scope.xml) + " has no start event");
    }
  }
  if (!starts.empty() && !has_end)
    findings.add(rules::no_end_event, *scope.xml, described(*scope.xml) + " has no end event");
  if (scope.node != nullptr && scope.node->event_subprocess) {
    if (starts.size() > 1) {
      findings.add(rules::event_subprocess_start, *starts[1]->xml, described(*scope.xml) + " has several start events");
    }
    return;
  }
  const auto none_starts = std::ranges::count_if(starts, [](const Node* start) { return start->events.empty(); });
  if (none_starts < 2 || !scope.executable) return;
  const auto second =
      std::ranges::find_if(starts.rbegin(), starts.rend(), [](const Node* start) { return start->events.empty(); });
  findings.add(rules::no_several_starts, *(*second)->xml, described(*scope.xml) + " has several none start events");
}

// One message or signal would start two instances of the same process at once.
void check_duplicate_starts(const Model& model, const Scope& process, Findings& findings) {
  std::map<std::string, const Node*> seen;
  for (const Node* start : process.of_type(NodeType::start_event)) {
    for (const EventDefinition& event : start->events) {
      const std::string_view attribute = event.is("messageEventDefinition")  ? "messageRef"
                                         : event.is("signalEventDefinition") ? "signalRef"
                                                                             : "";
      if (attribute.empty()) continue;
      const XmlElement* root = model.resolve(*event.xml, event.xml->get(attribute));
      if (root == nullptr || root->get("name").empty()) continue;
      const auto [first, added] = seen.emplace(root->name + " '" + std::string(root->get("name")) + "'", start);
      if (added) continue;
      findings.add(
          rules::duplicate_start, *start->xml,
          described(*start->xml) + " and " + described(*first->second->xml) + " wait for the same " + first->first);
    }
  }
}

void check_called_process(const Model& model, const Node& call, Findings& findings) {
  const XmlElement* called = model.resolve(*call.xml, call.xml->get("calledElement"));
  if (called == nullptr || !called->is("process")) return;
  for (const Scope* process : model.processes) {
    if (process->xml != called) continue;
    const std::vector<Node*> starts = process->of_type(NodeType::start_event);
    if (std::ranges::any_of(starts, [](const Node* start) { return start->events.empty(); })) return;
    findings.add(rules::called_without_start, *call.xml,
                 described(*called) + ", which is called here, has no none start event");
  }
}

// A reference into another file cannot be followed, because a file is deployed by itself.
void check_imports(const Model& model, Findings& findings) {
  for (const XmlElement* import : model.definitions->children_named("import")) {
    const std::string_view type = import->get("importType");
    if (type != "http://www.omg.org/spec/BPMN/20100524/MODEL" && type != "http://schema.omg.org/spec/BPMN/2.0")
      continue;
    findings.add(rules::import_not_read, *import,
                 "the file imports '" + std::string(import->get("location").substr(0, 120)) + "'");
  }
}

}  // namespace

void check_processes(const Model& model, Findings& findings) {
  check_imports(model, findings);
  for (const Scope* process : model.processes) {
    check_executable(*process, findings);
    check_duplicate_starts(model, *process, findings);
  }
  for (const Scope& scope : model.scopes) check_start_events(scope, findings);
  for (const Node& node : model.nodes) {
    if (node.type == NodeType::call_activity) check_called_process(model, node, findings);
  }
}

}  // namespace fermata::bpmn
