// Every reference of the standard leads to an element of the right type (BPMN 2.0.2, 8.3.1, and the types in its class
// tables).
#include <algorithm>
#include <unordered_map>

#include "processes/bpmn/rules/rules.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

// Words for the classes that references ask for.
constexpr std::string_view flow_nodes = "flow node";
constexpr std::string_view activities = "activity";
constexpr std::string_view item_aware = "data element";
constexpr std::string_view interaction_nodes = "participant, activity, event or conversation";
constexpr std::string_view event_definitions = "event definition";
constexpr std::string_view collaborations = "collaboration";
constexpr std::string_view anything = "element";

struct Reference {
  std::string_view owner;      ///< element name; "*": any
  std::string_view attribute;  ///< attribute name, or
  std::string_view child;      ///< name of the child element whose text is the reference
  std::string_view target;     ///< element name, or one of the words above
};

constexpr Reference references[] = {
    {"sequenceFlow", "sourceRef", "", flow_nodes},
    {"sequenceFlow", "targetRef", "", flow_nodes},
    {"association", "sourceRef", "", anything},
    {"association", "targetRef", "", anything},
    {"messageFlow", "sourceRef", "", interaction_nodes},
    {"messageFlow", "targetRef", "", interaction_nodes},
    {"conversationLink", "sourceRef", "", interaction_nodes},
    {"conversationLink", "targetRef", "", interaction_nodes},
    {"boundaryEvent", "attachedToRef", "", activities},
    {"*", "default", "", "sequenceFlow"},
    {"*", "", "incoming", "sequenceFlow"},
    {"*", "", "outgoing", "sequenceFlow"},
    {"lane", "", "flowNodeRef", flow_nodes},
    {"lane", "partitionElementRef", "", anything},
    {"participant", "processRef", "", "process"},
    {"participant", "", "interfaceRef", "interface"},
    {"participant", "", "endPointRef", "endPoint"},
    {"process", "definitionalCollaborationRef", "", collaborations},
    {"process", "", "supports", "process"},
    {"*", "messageRef", "", "message"},
    {"*", "operationRef", "", "operation"},
    {"messageEventDefinition", "", "operationRef", "operation"},
    {"errorEventDefinition", "errorRef", "", "error"},
    {"operation", "", "errorRef", "error"},
    {"operation", "", "inMessageRef", "message"},
    {"operation", "", "outMessageRef", "message"},
    {"escalationEventDefinition", "escalationRef", "", "escalation"},
    {"signalEventDefinition", "signalRef", "", "signal"},
    {"compensateEventDefinition", "activityRef", "", activities},
    {"*", "", "eventDefinitionRef", event_definitions},
    {"multiInstanceLoopCharacteristics", "oneBehaviorEventRef", "", event_definitions},
    {"multiInstanceLoopCharacteristics", "noneBehaviorEventRef", "", event_definitions},
    {"error", "structureRef", "", "itemDefinition"},
    {"escalation", "structureRef", "", "itemDefinition"},
    {"signal", "structureRef", "", "itemDefinition"},
    {"message", "itemRef", "", "itemDefinition"},
    {"*", "itemSubjectRef", "", "itemDefinition"},
    {"dataObjectReference", "dataObjectRef", "", "dataObject"},
    {"dataStoreReference", "dataStoreRef", "", "dataStore"},
    {"dataInputAssociation", "", "sourceRef", item_aware},
    {"dataInputAssociation", "", "targetRef", item_aware},
    {"dataOutputAssociation", "", "sourceRef", item_aware},
    {"dataOutputAssociation", "", "targetRef", item_aware},
    {"inputSet", "", "dataInputRefs", "dataInput"},
    {"inputSet", "", "optionalInputRefs", "dataInput"},
    {"inputSet", "", "whileExecutingInputRefs", "dataInput"},
    {"inputSet", "", "outputSetRefs", "outputSet"},
    {"outputSet", "", "dataOutputRefs", "dataOutput"},
    {"outputSet", "", "optionalOutputRefs", "dataOutput"},
    {"outputSet", "", "whileExecutingOutputRefs", "dataOutput"},
    {"outputSet", "", "inputSetRefs", "inputSet"},
    {"correlationKey", "", "correlationPropertyRef", "correlationProperty"},
    {"correlationPropertyBinding", "correlationPropertyRef", "", "correlationProperty"},
    {"correlationSubscription", "correlationKeyRef", "", "correlationKey"},
    {"resourceParameterBinding", "parameterRef", "", "resourceParameter"},
    {"*", "", "resourceRef", "resource"},
    {"group", "categoryValueRef", "", "categoryValue"},
    {"*", "", "categoryValueRef", "categoryValue"},
    {"*", "initiatingParticipantRef", "", "participant"},
    {"*", "", "participantRef", "participant"},
    {"participantAssociation", "", "innerParticipantRef", "participant"},
    {"participantAssociation", "", "outerParticipantRef", "participant"},
    {"*", "", "messageFlowRef", "messageFlow"},
    {"messageFlowAssociation", "innerMessageFlowRef", "", "messageFlow"},
    {"messageFlowAssociation", "outerMessageFlowRef", "", "messageFlow"},
    {"linkEventDefinition", "", "source", "linkEventDefinition"},
    {"linkEventDefinition", "", "target", "linkEventDefinition"},
};

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

bool matches(const XmlElement& found, std::string_view target) {
  NodeType type{};
  const bool flow_node = flow_node_type(found.name, type);
  if (target == anything) return true;
  if (target == flow_nodes) return flow_node;
  if (target == activities) return flow_node && is_activity(type);
  if (target == event_definitions) return found.name.ends_with("EventDefinition");
  if (target == collaborations)
    return is_one_of(found.name, {"collaboration", "choreography", "globalConversation", "globalChoreographyTask"});
  if (target == item_aware) {
    return is_one_of(found.name, {"dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "dataInput",
                                  "dataOutput", "property", "inputDataItem", "outputDataItem"});
  }
  if (target == interaction_nodes) {
    return (flow_node && !is_gateway(type)) ||
           is_one_of(found.name, {"participant", "conversation", "subConversation", "callConversation"});
  }
  return found.name == target;
}

void check(const Model& model, const XmlElement& owner, const XmlElement& from, Position position,
           std::string_view attribute, std::string_view value, std::string_view target, Findings& findings) {
  value = trimmed(value);
  // What the graph is made of must be there, in this file. Of the rest, emptiness is for the rules of the element, and
  // what lies in another file for rules/processes.cpp.
  const bool structural = target == flow_nodes || attribute == "attachedToRef" || attribute == "default";
  if (!structural && (value.empty() || model.is_foreign(from, value))) return;
  const XmlElement* found = model.resolve(from, value);
  XmlAttribute place;
  place.position = position;
  const std::string what = "'" + std::string(attribute) + "' of " + described(owner) + " names ";
  if (found == nullptr) {
    // A structure may be a type of another language; some tools write just its name. Only the type of what exists is
    // checked.
    if (attribute == "structureRef") return;
    findings.add(attribute == "errorRef" && owner.is("errorEventDefinition") ? rules::error_reference
                                                                             : rules::dangling_reference,
                 owner, place, what + "'" + std::string(value) + "', which does not exist");
  } else if (!matches(*found, target)) {
    findings.add(rules::reference_type, owner, place,
                 what + described(*found) + ", where a" + (target == activities || target == anything ? "n " : " ") +
                     std::string(target) + " is needed");
  }
}

using Index = std::unordered_multimap<std::string_view, const Reference*>;

const Index& by_owner() {
  static const Index index = [] {
    Index built;
    for (const Reference& reference : references) built.emplace(reference.owner, &reference);
    return built;
  }();
  return index;
}

}  // namespace

void check_references(const XmlTree& tree, const Model& model, Findings& findings) {
  for (const XmlElement& owner : tree.elements()) {
    if (owner.space != Namespace::bpmn) continue;
    for (std::string_view key : {std::string_view(owner.name), std::string_view("*")}) {
      const auto [begin, end] = by_owner().equal_range(key);
      for (auto at = begin; at != end; ++at) {
        const Reference& reference = *at->second;
        if (!reference.attribute.empty()) {
          if (const XmlAttribute* attribute = owner.find(reference.attribute)) {
            check(model, owner, owner, attribute->position, attribute->name, attribute->value, reference.target,
                  findings);
          }
          continue;
        }
        for (const XmlElement* child : owner.children) {
          if (child->is(reference.child))
            check(model, owner, *child, child->position, child->name, child->text, reference.target, findings);
        }
      }
    }
  }
}

}  // namespace fermata::bpmn
