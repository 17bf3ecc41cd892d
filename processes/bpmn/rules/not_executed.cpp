// "Execute it or refuse it": everything of the standard that an executable process may contain and this engine does not
// execute. To begin executing something, delete its line here and add its row to a table in compile/.
#include <algorithm>

#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/compile/events/event_compilers.h"
#include "processes/bpmn/compile/properties.h"
#include "processes/bpmn/rules/rules.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

void check_type(const Node& node, Findings& findings) {
  const std::string called = described(*node.xml);
  if (node.type == NodeType::complex_gateway)
    findings.add(rules::no_complex_gateway, *node.xml, called + " is a complex gateway");
  if (node.type == NodeType::transaction) findings.add(rules::no_transaction, *node.xml, called + " is a transaction");
  if (node.type == NodeType::ad_hoc_subprocess)
    findings.add(rules::no_ad_hoc, *node.xml, called + " is an ad-hoc subprocess");
  if (node.type == NodeType::event_based_gateway && trimmed(node.xml->get("eventGatewayType")) == "Parallel")
    findings.add(rules::no_parallel_event_gateway, *node.xml, called + " waits for all of its events");
  if (is_true(node.xml->find("instantiate"), false))
    findings.add(rules::no_instantiate, *node.xml, called + " starts instances (instantiate=\"true\")");
}

void check_events(const Node& node, Findings& findings) {
  const std::string called = described(*node.xml);
  if (node.events.size() > 1) {
    const bool parallel = is_true(node.xml->find("parallelMultiple"), false);
    findings.add(parallel ? rules::no_parallel_multiple : rules::no_multiple, *node.xml,
                 called + " has " + std::to_string(node.events.size()) + " event definitions");
  }
  for (const EventDefinition& event : node.events) {
    if (event.is("linkEventDefinition")) findings.add(rules::no_link, *event.xml, called + " is a link event");
    if (event.is("conditionalEventDefinition"))
      findings.add(rules::no_conditional, *event.xml, called + " is a conditional event");
    const bool throws = node.type == NodeType::intermediate_throw_event || node.type == NodeType::end_event;
    if (throws && event.is("compensateEventDefinition") && !is_true(event.xml->find("waitForCompletion"), true)) {
      findings.add(rules::no_detached_compensation, *event.xml, called + " has waitForCompletion=\"false\"");
    }
    if (event.is("cancelEventDefinition")) findings.add(rules::no_cancel, *event.xml, called + " is a cancel event");
    if (event.is("compensateEventDefinition") && node.type == NodeType::start_event) {
      findings.add(rules::no_compensation_start, *event.xml, called + " starts an event subprocess by compensation");
    }
  }
}

bool is_one(const XmlAttribute* quantity) {
  return quantity == nullptr || trimmed(quantity->value) == "1";
}

void check_markers(const Node& node, Findings& findings) {
  const std::string called = described(*node.xml);
  for (std::string_view name : {"startQuantity", "completionQuantity"}) {
    const XmlAttribute* quantity = node.xml->find(name);
    if (!is_one(quantity))
      findings.add(rules::no_start_quantity, *node.xml, *quantity,
                   called + " has " + std::string(name) + "=\"" + quantity->value.substr(0, 40) + "\"");
  }
  if (const XmlElement* loop = node.xml->child("standardLoopCharacteristics")) {
    findings.add(rules::no_standard_loop, *loop, called + " has a standard loop");
  }
  const XmlElement* multi = node.xml->child("multiInstanceLoopCharacteristics");
  if (multi == nullptr) return;
  const std::string_view behavior = multi->get("behavior");
  if ((!behavior.empty() && behavior != "All") || multi->child("complexBehaviorDefinition") != nullptr) {
    findings.add(rules::no_behavior, *multi,
                 called + " has the multi-instance behavior '" + std::string(behavior.substr(0, 40)) + "'");
  }
  if (node.event_subprocess)
    findings.add(rules::event_subprocess_flow, *multi, "the event " + called + " has a multi-instance marker");
}

// An empty ioSpecification, which some modelers write everywhere, asks for nothing.
void check_io(const XmlElement& owner, Findings& findings) {
  const XmlElement* io = owner.child("ioSpecification");
  const XmlElement& holder = io == nullptr ? owner : *io;
  for (const XmlElement* child : holder.children) {
    if (!child->is("dataInput") && !child->is("dataOutput")) continue;
    findings.add(rules::no_io_specification, *child, described(owner) + " has a " + child->name);
    return;
  }
}

// Only subprocesses keep data of their own; those of a process are variables as they are.
void check_properties(const Node& node, Findings& findings) {
  if (is_subprocess(node.type)) return;
  for (const XmlElement* property : node.xml->children_named("property")) {
    if (!is_placeholder_property(*property))
      findings.add(rules::no_property, *property, described(*node.xml) + " has a " + described(*property));
  }
}

// Modelers draw an arrow to a data object as an association from nowhere, or to a property that stands for nothing: no data
// moves. Data inputs and outputs are refused by themselves.
bool moves_data(const Model& model, const XmlElement& association) {
  const XmlElement* target = association.child("targetRef");
  const XmlElement* to = target == nullptr ? nullptr : model.resolve(*target, target->trimmed_text());
  if (to == nullptr || is_placeholder_property(*to) || to->is("dataInput") || to->is("dataOutput")) return false;
  for (const XmlElement* source : association.children_named("sourceRef")) {
    const XmlElement* from = model.resolve(*source, source->trimmed_text());
    if (from != nullptr && !from->is("dataInput") && !from->is("dataOutput")) return true;
  }
  return false;
}

void check_data_mapping(const Model& model, const XmlElement& owner, Findings& findings) {
  for (const XmlElement* association : owner.children) {
    if (!association->is("dataInputAssociation") && !association->is("dataOutputAssociation")) continue;
    if (moves_data(model, *association))
      findings.add(rules::no_data_mapping, *association, described(*association) + " of " + described(owner) + " moves data");
    for (std::string_view part : {"assignment", "transformation"}) {
      if (const XmlElement* mapping = association->child(part)) {
        findings.add(rules::no_data_mapping, *mapping,
                     described(*association) + " of " + described(owner) + " has a <" + std::string(part) + ">");
      }
    }
  }
}

void check_roles(const Node& node, Findings& findings) {
  for (const XmlElement* child : node.xml->children) {
    const bool human = child->is("humanPerformer") || child->is("potentialOwner");
    if (!human && !child->is("performer") && !child->is("resourceRole")) continue;
    const bool executed =
        human && node.type == NodeType::user_task && child->child("resourceAssignmentExpression") != nullptr;
    if (!executed)
      findings.add(rules::no_resource_role, *child,
                   "<" + child->name + "> of " + described(*node.xml) + " is not executed");
  }
}

void check_global_task(const Model& model, const Node& node, Findings& findings) {
  const XmlElement* called = model.resolve(*node.xml, node.xml->get("calledElement"));
  if (called != nullptr && called->name.starts_with("global")) {
    findings.add(rules::no_global_task, *node.xml, described(*node.xml) + " calls " + described(*called));
  }
}

// Keys that a subscription refers to are refused with it.
void check_correlation_keys(const Model& model, const XmlElement& conversation, Findings& findings) {
  for (const XmlElement* key : conversation.children_named("correlationKey")) {
    if (key->child("correlationPropertyRef") == nullptr) continue;
    const auto subscribed = [&](const Scope* process) {
      return std::ranges::any_of(process->xml->children_named("correlationSubscription"), [&](const XmlElement* subscription) {
        return model.resolve(*subscription, subscription->get("correlationKeyRef")) == key;
      });
    };
    if (std::ranges::none_of(model.processes, subscribed))
      findings.add(rules::no_correlation_key, *key, described(conversation) + " has a " + described(*key));
  }
  for (const XmlElement* inner : conversation.children) {
    if (inner->is("conversation") || inner->is("subConversation") || inner->is("callConversation"))
      check_correlation_keys(model, *inner, findings);
  }
}

void check_node(const Model& model, const Node& node, Findings& findings) {
  check_type(node, findings);
  check_events(node, findings);
  check_markers(node, findings);
  check_io(*node.xml, findings);
  check_properties(node, findings);
  check_data_mapping(model, *node.xml, findings);
  check_roles(node, findings);
  if (node.type == NodeType::call_activity) check_global_task(model, node, findings);
}

}  // namespace

void check_not_executed(const Model& model, Findings& findings) {
  for (const Node& node : model.nodes) {
    if (node.scope->executable) check_node(model, node, findings);
  }
  bool any = false;
  for (const Scope* process : model.processes) {
    if (!process->executable) continue;
    any = true;
    check_io(*process->xml, findings);
    for (const XmlElement* subscription : process->xml->children_named("correlationSubscription")) {
      findings.add(rules::no_correlation_subscription, *subscription,
                   described(*process->xml) + " has a correlation subscription");
    }
  }
  for (const XmlElement* collaboration : model.definitions->children_named("collaboration")) {
    if (any) check_correlation_keys(model, *collaboration, findings);
  }
  for (const XmlElement* extension : model.definitions->children_named("extension")) {
    if (any && is_true(extension->find("mustUnderstand"), false)) {
      findings.add(rules::must_understand, *extension,
                   "the file demands that the extension '" + std::string(extension->get("definition").substr(0, 80)) +
                       "' be understood");
    }
  }
}

}  // namespace fermata::bpmn
