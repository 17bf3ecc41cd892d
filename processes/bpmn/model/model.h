// Model: the XML tree read as BPMN: processes, scopes, flow nodes and sequence flows that know each other.
//
// Built from any well-formed tree, right or wrong: what cannot be resolved is null here and reported by the rules. Owns
// nothing of the tree, which must outlive it. Read-only after build_model(), but for the marks of the tree.
//
//   Model model = build_model(*tree);
//   for (const Node& node : model.nodes) if (node.type == NodeType::start_event) ...
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "processes/bpmn/xml.h"

namespace fermata::bpmn {

/// Every flow node of the standard, executed or not (BPMN 2.0.2, 10.2 to 10.6).
enum class NodeType : unsigned char {
  start_event,
  end_event,
  intermediate_catch_event,
  intermediate_throw_event,
  boundary_event,
  task,
  manual_task,
  service_task,
  send_task,
  receive_task,
  user_task,
  script_task,
  business_rule_task,
  call_activity,
  subprocess,
  transaction,
  ad_hoc_subprocess,
  exclusive_gateway,
  parallel_gateway,
  inclusive_gateway,
  event_based_gateway,
  complex_gateway,
  choreography,  ///< choreographyTask, callChoreography, subChoreography: never inside a process
};

[[nodiscard]] constexpr bool is_event(NodeType type) {
  return type <= NodeType::boundary_event;
}
[[nodiscard]] constexpr bool is_activity(NodeType type) {
  return type >= NodeType::task && type <= NodeType::ad_hoc_subprocess;
}
[[nodiscard]] constexpr bool is_subprocess(NodeType type) {
  return type >= NodeType::subprocess && type <= NodeType::ad_hoc_subprocess;
}
[[nodiscard]] constexpr bool is_gateway(NodeType type) {
  return type >= NodeType::exclusive_gateway && type <= NodeType::complex_gateway;
}

struct Node;
struct Scope;

struct Flow {
  const XmlElement* xml = nullptr;
  Scope* scope = nullptr;
  Node* source = nullptr;  ///< null when the reference does not lead to a flow node
  Node* target = nullptr;
  const XmlElement* condition = nullptr;  ///< conditionExpression, or null
};

struct EventDefinition {
  const XmlElement* xml = nullptr;
  bool shared = false;  ///< found through eventDefinitionRef

  [[nodiscard]] bool is(std::string_view name) const { return xml->is(name); }
};

struct Node {
  const XmlElement* xml = nullptr;
  NodeType type = NodeType::task;
  Scope* scope = nullptr;  ///< that contains it
  Scope* inner = nullptr;  ///< of a subprocess
  std::vector<Flow*> incoming;
  std::vector<Flow*> outgoing;
  std::vector<EventDefinition> events;
  Node* attached_to = nullptr;         ///< of a boundary event
  std::vector<Node*> boundary_events;  ///< of an activity
  std::vector<Node*> handlers;         ///< of a compensation boundary event: what its associations lead to
  bool for_compensation = false;
  bool event_subprocess = false;  ///< triggeredByEvent

  [[nodiscard]] std::string_view id() const { return xml->get("id"); }
  [[nodiscard]] bool has_event(std::string_view name) const;
  [[nodiscard]] bool interrupting() const;  ///< of a start or boundary event
};

struct Scope {
  const XmlElement* xml = nullptr;  ///< process or subprocess
  Scope* parent = nullptr;
  Node* node = nullptr;     ///< the subprocess; null for a process
  bool executable = false;  ///< the process it belongs to is executed
  std::vector<Node*> nodes;
  std::vector<Flow*> flows;

  [[nodiscard]] bool is_process() const { return node == nullptr; }
  [[nodiscard]] std::vector<Node*> of_type(NodeType type) const;
};

struct Model {
  const XmlElement* definitions = nullptr;
  std::unordered_map<std::string_view, const XmlElement*>
      by_id;  ///< elements of the BPMN namespace; the first of equal ids
  std::deque<Node> nodes;
  std::deque<Flow> flows;
  std::deque<Scope> scopes;
  std::vector<Scope*> processes;
  std::vector<const XmlElement*> associations;
  std::unordered_map<const XmlElement*, Node*> node_of;

  /// What a QName or IDREF refers to, or null. `from` supplies the prefixes.
  [[nodiscard]] const XmlElement* resolve(const XmlElement& from, std::string_view reference) const;
  /// The reference's prefix stands for the namespace of another file.
  [[nodiscard]] bool is_foreign(const XmlElement& from, std::string_view reference) const;
  [[nodiscard]] Node* node(const XmlElement* xml) const;
};

/// Which processes are executed. By default those that say so, and the only process of a file when it says nothing.
enum class Executable : unsigned char { stated, all };

[[nodiscard]] Model build_model(const XmlTree& tree, Executable which = Executable::stated);

/// Names of the schema: "intermediateCatchEvent" ...; false when it is no flow node.
[[nodiscard]] bool flow_node_type(std::string_view bpmn_name, NodeType& type);

}  // namespace fermata::bpmn
