// Data: sets of inputs and outputs, associations, collections (BPMN 2.0.2, 10.4). Checked although nothing of it is
// executed: a file that contradicts itself is not deployed.
#include <algorithm>

#include "processes/bpmn/rules/items.h"
#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

std::vector<const XmlElement*> referred_all(const Model& model, const XmlElement& set, std::string_view name) {
  std::vector<const XmlElement*> found;
  for (const XmlElement* reference : set.children_named(name)) {
    if (const XmlElement* element = model.resolve(*reference, reference->text)) found.push_back(element);
  }
  return found;
}

bool contains(const std::vector<const XmlElement*>& list, const XmlElement* element) {
  return std::ranges::find(list, element) != list.end();
}

struct SetWords {
  std::string_view set, item, members, optional, executing, counterparts, back;
};
constexpr SetWords input_words{
    "inputSet",      "dataInput",   "dataInputRefs", "optionalInputRefs", "whileExecutingInputRefs",
    "outputSetRefs", "inputSetRefs"};
constexpr SetWords output_words{
    "outputSet",    "dataOutput",   "dataOutputRefs", "optionalOutputRefs", "whileExecutingOutputRefs",
    "inputSetRefs", "outputSetRefs"};

// `owner` is an ioSpecification, or an event, which has its data directly.
void check_sets(const Model& model, const XmlElement& owner, const SetWords& words, Findings& findings) {
  std::vector<const XmlElement*> listed;
  for (const XmlElement* set : owner.children_named(words.set)) {
    const std::vector<const XmlElement*> members = referred_all(model, *set, words.members);
    listed.insert(listed.end(), members.begin(), members.end());
    for (std::string_view kind : {words.optional, words.executing}) {
      for (const XmlElement* item : referred_all(model, *set, kind)) {
        if (!contains(members, item))
          findings.add(rules::io_sets, *set,
                       "<" + std::string(kind) + "> names " + described(*item) + ", which the set does not contain");
      }
    }
    for (const XmlElement* counterpart : referred_all(model, *set, words.counterparts)) {
      if (!contains(referred_all(model, *counterpart, words.back), set)) {
        findings.add(rules::io_sets, *set,
                     described(*set) + " refers to " + described(*counterpart) + ", which does not refer back");
      }
    }
  }
  for (const XmlElement* item : owner.children_named(words.item)) {
    if (!contains(listed, item))
      findings.add(rules::io_sets, *item, described(*item) + " is in no " + std::string(words.set));
  }
}

void check_association(const Model& model, const XmlElement& association, Findings& findings) {
  if (association.child("transformation") != nullptr) return;
  const std::vector<const XmlElement*> sources = association.children_named("sourceRef");
  if (sources.size() > 1) {
    findings.add(rules::data_association, association,
                 described(association) + " has several sources and no transformation");
    return;
  }
  const XmlElement* source = referred_by_child(model, association, "sourceRef");
  const XmlElement* target = referred_by_child(model, association, "targetRef");
  if (source == nullptr || target == nullptr || association.child("assignment") != nullptr) return;
  const XmlElement* source_item = item_of(model, *source);
  const XmlElement* target_item = item_of(model, *target);
  if (source_item == nullptr || target_item == nullptr || same_item(source_item, target_item))
    return;  // untyped drawings are common
  findings.add(rules::data_association, association,
               described(*source) + " and " + described(*target) + " have different types");
}

void check_collection(const Model& model, const XmlElement& data, Findings& findings) {
  const XmlElement* item = referred(model, data, "itemSubjectRef");
  if (item == nullptr || !data.has("isCollection")) return;
  if (is_true(data.find("isCollection"), false) == is_true(item->find("isCollection"), false)) return;
  findings.add(rules::item_collection, data, *data.find("isCollection"),
               "isCollection of " + described(data) + " differs from that of " + described(*item));
}

void check_object_name(const Model& model, const XmlElement& reference, Findings& findings) {
  const XmlElement* state = reference.child("dataState");
  const XmlElement* object = referred(model, reference, "dataObjectRef");
  if (state == nullptr || object == nullptr || state->get("name").empty()) return;
  const std::string expected = std::string(object->get("name")) + " [" + std::string(state->get("name")) + "]";
  if (reference.get("name") != expected)
    findings.add(rules::data_object_name, reference, described(reference) + " is not named '" + expected + "'");
}

bool is_mime_type(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() &&
         text.find(' ') == std::string_view::npos;
}

bool is_data(const XmlElement& element) {
  return element.is("dataObject") || element.is("dataInput") || element.is("dataOutput") ||
         element.is("inputDataItem") || element.is("outputDataItem");
}

}  // namespace

void check_data(const XmlTree& tree, const Model& model, Findings& findings) {
  for (const XmlElement& element : tree.elements()) {
    if (element.space != Namespace::bpmn) continue;
    const Node* node = model.node(&element);
    const bool event = node != nullptr && is_event(node->type);
    if (element.is("ioSpecification") || event) {
      check_sets(model, element, input_words, findings);
      check_sets(model, element, output_words, findings);
    }
    if (node != nullptr && is_subprocess(node->type) && element.child("ioSpecification") != nullptr) {
      findings.add(rules::io_place, *element.child("ioSpecification"), described(element) + " has an ioSpecification");
    }
    if (element.is("dataInputAssociation") || element.is("dataOutputAssociation"))
      check_association(model, element, findings);
    if (is_data(element)) check_collection(model, element, findings);
    if (element.is("dataObjectReference")) check_object_name(model, element, findings);
    if (element.has("textFormat") && !is_mime_type(element.get("textFormat"))) {
      findings.add(rules::text_format, element, *element.find("textFormat"),
                   "textFormat of " + described(element) + " is no mime type");
    }
  }
}

}  // namespace fermata::bpmn
