// Data of tasks with messages and operations, of events, of called elements and of multi-instance markers
// (BPMN 2.0.2, 10.3 to 10.5).
#include <algorithm>

#include "processes/bpmn/rules/items.h"
#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

using Items = std::vector<const XmlElement*>;

bool all_of_item(const Model& model, const Items& data, const XmlElement* item) {
  return std::ranges::all_of(data,
                             [&](const XmlElement* element) { return same_item(item_of(model, *element), item); });
}

void check_message_set(const Model& model, const Node& task, const XmlElement& io, const XmlElement& message,
                       bool input, Findings& findings) {
  const Items data = io.children_named(input ? "dataInput" : "dataOutput");
  const std::string what = described(*task.xml) + " refers to " + described(message) + " and has ";
  if (io.children_named(input ? "inputSet" : "outputSet").size() > 1) {
    findings.add(rules::message_io, io, what + "several sets of data");
  }
  if (data.size() > 1) findings.add(rules::message_io, io, what + "several data elements");
  const XmlElement* item = item_of_root(model, message);
  if (!data.empty() && item == nullptr) {
    findings.add(rules::message_io, io, what + "data, but the message has no item");
  } else if (!all_of_item(model, data, item)) {
    findings.add(rules::message_io, io, what + "data of another type");
  }
}

void check_operation_set(const Model& model, const Node& task, const XmlElement& io, const XmlElement& operation,
                         Findings& findings) {
  const std::string called = described(*task.xml);
  if (io.children_named("inputSet").size() != 1)
    findings.add(rules::message_io, io, called + " refers to an operation and has not exactly one inputSet");
  if (io.children_named("outputSet").size() > 1)
    findings.add(rules::message_io, io, called + " refers to an operation and has several outputSets");
  const XmlElement* in = referred_by_child(model, operation, "inMessageRef");
  const XmlElement* out = referred_by_child(model, operation, "outMessageRef");
  if (in != nullptr && !all_of_item(model, io.children_named("dataInput"), item_of_root(model, *in))) {
    findings.add(rules::message_io, io, "the data input of " + called + " is not of the type of " + described(*in));
  }
  if (out != nullptr && !all_of_item(model, io.children_named("dataOutput"), item_of_root(model, *out))) {
    findings.add(rules::message_io, io, "the data output of " + called + " is not of the type of " + described(*out));
  }
}

void check_task(const Model& model, const Node& node, Findings& findings) {
  const XmlElement* io = node.xml->child("ioSpecification");
  if (io == nullptr) return;
  const XmlElement* message = referred(model, *node.xml, "messageRef");
  const XmlElement* operation = referred(model, *node.xml, "operationRef");
  if (message != nullptr && node.type == NodeType::send_task)
    check_message_set(model, node, *io, *message, true, findings);
  if (message != nullptr && node.type == NodeType::receive_task)
    check_message_set(model, node, *io, *message, false, findings);
  if (operation != nullptr && node.type == NodeType::service_task)
    check_operation_set(model, node, *io, *operation, findings);
}

// Each definition has its own data item, in order; without any data there is nothing to compare.
void check_event(const Model& model, const Node& node, Findings& findings) {
  const bool throwing = node.type == NodeType::intermediate_throw_event || node.type == NodeType::end_event;
  const Items data = node.xml->children_named(throwing ? "dataInput" : "dataOutput");
  if (data.empty()) return;
  Items roots;
  for (const EventDefinition& event : node.events) {
    for (std::string_view attribute : {"messageRef", "signalRef", "errorRef", "escalationRef"}) {
      if (const XmlElement* root = referred(model, *event.xml, attribute)) roots.push_back(root);
    }
  }
  if (data.size() != node.events.size()) {
    findings.add(rules::event_io, *node.xml,
                 described(*node.xml) + " has " + std::to_string(node.events.size()) + " event definitions and " +
                     std::to_string(data.size()) + " data elements");
    return;
  }
  if (roots.size() != data.size()) return;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const XmlElement* item = item_of_root(model, *roots[i]);
    if (same_item(item_of(model, *data[i]), item)) continue;
    findings.add(
        rules::event_io, *data[i],
        described(*data[i]) + " of " + described(*node.xml) + " is not of the type of " + described(*roots[i]));
  }
}

bool same_data(const Model& model, const XmlElement& a, const XmlElement& b, std::string_view name) {
  const Items left = a.children_named(name);
  const Items right = b.children_named(name);
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!same_item(item_of(model, *left[i]), item_of(model, *right[i]))) return false;
  }
  return true;
}

void check_call(const Model& model, const Node& call, Findings& findings) {
  const XmlElement* called = referred(model, *call.xml, "calledElement");
  const XmlElement* io = call.xml->child("ioSpecification");
  const XmlElement* expected = called == nullptr ? nullptr : called->child("ioSpecification");
  if (called == nullptr || (io == nullptr && expected == nullptr)) return;
  if (io == nullptr || expected == nullptr || !same_data(model, *io, *expected, "dataInput") ||
      !same_data(model, *io, *expected, "dataOutput")) {
    findings.add(rules::callable_io, *call.xml,
                 "the data of " + described(*call.xml) + " differ from those of " + described(*called));
  }
}

void check_binding(const Model& model, const XmlElement& callable, Findings& findings) {
  const Items bindings = callable.children_named("ioBinding");
  if (callable.child("supportedInterfaceRef") != nullptr && bindings.empty()) {
    findings.add(rules::callable_io, callable,
                 described(callable) + " supports an interface and binds no data to its operations");
  }
  for (const XmlElement* binding : bindings) {
    const XmlElement* operation = referred(model, *binding, "operationRef");
    const XmlElement* input = referred(model, *binding, "inputDataRef");
    const XmlElement* output = referred(model, *binding, "outputDataRef");
    if (operation == nullptr || input == nullptr || output == nullptr) continue;
    const XmlElement* in = referred_by_child(model, *operation, "inMessageRef");
    const XmlElement* out = referred_by_child(model, *operation, "outMessageRef");
    const bool fits = input->is("dataInput") && output->is("dataOutput") &&
                      (in == nullptr || same_item(item_of(model, *input), item_of_root(model, *in))) &&
                      (out == nullptr || same_item(item_of(model, *output), item_of_root(model, *out)));
    if (!fits)
      findings.add(rules::callable_io, *binding,
                   "the binding of " + described(callable) + " does not fit " + described(*operation));
  }
}

// The item of an iteration is one element of the collection that the activity declares.
void check_loop_side(const Model& model, const Node& node, const XmlElement& loop, bool input, Findings& findings) {
  const XmlElement* reference = loop.child(input ? "loopDataInputRef" : "loopDataOutputRef");
  if (reference == nullptr) return;
  const XmlElement* io = node.xml->child("ioSpecification");
  const XmlElement* data = model.resolve(*reference, reference->text);
  const bool declared = data != nullptr && io != nullptr && data->parent == io;
  const bool inner_data = is_subprocess(node.type) && data != nullptr;
  if (!declared && !inner_data && (io != nullptr || data != nullptr)) {
    findings.add(rules::loop_data, *reference,
                 "<" + reference->name + "> of " + described(*node.xml) + " names no data of the activity");
    return;
  }
  const XmlElement* item = loop.child(input ? "inputDataItem" : "outputDataItem");
  if (data == nullptr || item == nullptr) return;
  const XmlElement* whole = item_of(model, *data);
  const XmlElement* part = item_of(model, *item);
  if (whole == nullptr || part == nullptr) return;
  if (whole->get("structureRef") != part->get("structureRef") || is_true(part->find("isCollection"), false)) {
    findings.add(rules::loop_data, *item, described(*item) + " is not one element of " + described(*data));
  }
}

void check_loop(const Model& model, const Node& node, Findings& findings) {
  const XmlElement* loop = node.xml->child("multiInstanceLoopCharacteristics");
  if (loop == nullptr) return;
  check_loop_side(model, node, *loop, true, findings);
  check_loop_side(model, node, *loop, false, findings);
}

}  // namespace

void check_task_data(const XmlTree& tree, const Model& model, Findings& findings) {
  for (const Node& node : model.nodes) {
    if (!node.scope->executable) continue;  // a drawing may leave its data open
    check_task(model, node, findings);
    if (is_event(node.type)) check_event(model, node, findings);
    if (node.type == NodeType::call_activity) check_call(model, node, findings);
    if (is_activity(node.type)) check_loop(model, node, findings);
  }
  for (const XmlElement& element : tree.elements()) {
    if (element.is("process") || (element.space == Namespace::bpmn && element.name.starts_with("global")))
      check_binding(model, element, findings);
  }
}

}  // namespace fermata::bpmn
