// Pools and message flows; choreographies and conversations as far as they refer to each other (BPMN 2.0.2, 7.6.2, 9
// and 11).
#include <algorithm>
#include <charconv>

#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

bool reads_as_number(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

void check_multiplicity(const XmlElement& multiplicity, Findings& findings) {
  std::int64_t minimum = 0;
  std::int64_t maximum = 1;
  const bool read = (!multiplicity.has("minimum") || reads_as_number(multiplicity.get("minimum"), minimum)) &&
                    (!multiplicity.has("maximum") || reads_as_number(multiplicity.get("maximum"), maximum));
  if (!read || minimum < 0 || maximum < 1 || maximum < minimum) {
    findings.add(
        rules::invalid_value, multiplicity,
        "the multiplicity of " + described(*multiplicity.parent) + " is not 0 <= minimum <= maximum and 1 <= maximum");
  }
}

class MessageFlowCheck {
 public:
  MessageFlowCheck(const Model& model, Findings& findings) : model_(model), findings_(findings) {
    for (const XmlElement* collaboration : model.definitions->children) {
      if (collaboration->space != Namespace::bpmn) continue;
      for (const XmlElement* participant : collaboration->children_named("participant")) {
        const XmlElement* process = model.resolve(*participant, participant->get("processRef"));
        if (process != nullptr) pools_.emplace(process, participant);
      }
    }
  }

  void check(const XmlElement& flow) {
    const XmlElement* source = model_.resolve(flow, flow.get("sourceRef"));
    const XmlElement* target = model_.resolve(flow, flow.get("targetRef"));
    if (source == nullptr || target == nullptr) return;
    const XmlElement* from = pool_of(*source);
    const XmlElement* to = pool_of(*target);
    if (from != nullptr && from == to) {
      findings_.add(
          rules::message_flow_pool, flow,
          described(flow) + " connects " + described(*source) + " and " + described(*target) + " of the same pool");
    }
    if (const Node* node = model_.node(source)) check_source(flow, *node);
    if (const Node* node = model_.node(target)) check_target(flow, *node);
  }

 private:
  // The participant itself, or the one whose process contains the element; the process when it has no pool.
  const XmlElement* pool_of(const XmlElement& element) const {
    for (const XmlElement* at = &element; at != nullptr; at = at->parent) {
      if (at->is("participant")) return at;
      if (!at->is("process")) continue;
      const auto pool = pools_.find(at);
      return pool == pools_.end() ? at : pool->second;
    }
    return nullptr;
  }

  void refuse(const XmlElement& flow, const Node& node, std::string_view why) {
    findings_.add(rules::message_flow_end, flow, described(flow) + " " + std::string(why) + " " + described(*node.xml));
  }

  void check_source(const XmlElement& flow, const Node& node) {
    if (node.type == NodeType::start_event || node.type == NodeType::intermediate_catch_event ||
        node.type == NodeType::boundary_event) {
      refuse(flow, node, "leaves the catching");
    } else if (is_event(node.type) && !node.has_event("messageEventDefinition")) {
      refuse(flow, node, "leaves, without a message definition,");
    }
  }

  void check_target(const XmlElement& flow, const Node& node) {
    if (node.type == NodeType::end_event || node.type == NodeType::intermediate_throw_event) {
      refuse(flow, node, "reaches the throwing");
    } else if (is_event(node.type) && !node.has_event("messageEventDefinition")) {
      refuse(flow, node, "reaches, without a message definition,");
    }
  }

  const Model& model_;
  Findings& findings_;
  std::unordered_map<const XmlElement*, const XmlElement*> pools_;
};

void check_choreography_reference(const Model& model, const XmlElement& owner, Findings& findings) {
  for (const XmlElement* reference : owner.children_named("choreographyRef")) {
    if (!owner.is("collaboration")) {
      findings.add(rules::collaboration_shape, owner, described(owner) + " refers to a choreography");
      continue;
    }
    const XmlElement* choreography = model.resolve(*reference, reference->text);
    if (choreography == nullptr) continue;
    if (is_true(owner.find("isClosed"), false) != is_true(choreography->find("isClosed"), false)) {
      findings.add(rules::collaboration_shape, owner,
                   "isClosed of " + described(owner) + " and of " + described(*choreography) + " differ");
    }
  }
}

void check_global_conversation(const XmlElement& conversation, Findings& findings) {
  constexpr std::string_view forbidden[] = {
      "callConversation",       "conversation", "subConversation",         "participantAssociation",
      "messageFlowAssociation", "association",  "conversationAssociation", "group",
      "textAnnotation"};
  for (const XmlElement* child : conversation.children) {
    if (std::ranges::any_of(forbidden, [&](std::string_view name) { return child->is(name); })) {
      findings.add(rules::collaboration_shape, *child, described(conversation) + " contains a <" + child->name + ">");
    }
  }
}

}  // namespace

void check_collaborations(const XmlTree& tree, const Model& model, Findings& findings) {
  MessageFlowCheck message_flows(model, findings);
  for (const XmlElement& element : tree.elements()) {
    if (element.space != Namespace::bpmn) continue;
    if (element.is("participantMultiplicity")) check_multiplicity(element, findings);
    if (element.is("messageFlow")) message_flows.check(element);
    if (element.is("collaboration") || element.is("choreography") || element.is("globalConversation"))
      check_choreography_reference(model, element, findings);
    if (element.is("globalConversation")) check_global_conversation(element, findings);
  }
}

}  // namespace fermata::bpmn
