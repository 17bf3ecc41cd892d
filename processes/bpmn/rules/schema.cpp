// Names, attributes and places of BPMN elements, held against rules/schema_table.h.
#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "processes/bpmn/rules/rules.h"
#include "processes/bpmn/rules/schema_table.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

struct ElementRules {
  std::vector<std::string_view> attributes;
  std::vector<std::string_view> children;
  std::vector<std::string_view> required_attributes;
  std::vector<std::string_view> required_children;
};

template <class Use>
void for_each_word(std::string_view words, Use use) {
  while (!(words = trimmed(words)).empty()) {
    const std::size_t space = std::min(words.find(' '), words.size());
    use(words.substr(0, space));
    words.remove_prefix(space);
  }
}

std::string_view members_of(std::string_view group, std::string_view suffix) {
  for (const SchemaGroup& candidate : schema_groups) {
    if (candidate.name.starts_with(group) && candidate.name.substr(group.size()) == suffix) return candidate.members;
  }
  return {};
}

// Groups may name groups ($activity names $resourceRole); the table is finite and without cycles.
void expand(std::string_view words, std::string_view suffix, std::vector<std::string_view>& all,
            std::vector<std::string_view>& required) {
  for_each_word(words, [&](std::string_view word) {
    if (word.starts_with('$')) {
      expand(members_of(word, suffix), suffix, all, required);
      return;
    }
    if (word.ends_with('!')) {
      word.remove_suffix(1);
      required.push_back(word);
    }
    all.push_back(word);
  });
}

const ElementRules* rules_of(std::string_view name) {
  static const auto table = [] {
    std::unordered_map<std::string_view, ElementRules> built;
    for (const SchemaElement& element : schema_elements) {
      ElementRules& to = built[element.name];
      expand(element.attributes, " attributes", to.attributes, to.required_attributes);
      expand(element.children, "", to.children, to.required_children);
      if (!element.base) continue;
      to.attributes.push_back("id");
      to.children.push_back("documentation");
      to.children.push_back("extensionElements");
    }
    return built;
  }();
  const auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

bool contains(const std::vector<std::string_view>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

// Inside of these anything may stand: vendor data, or markup as text.
bool holds_anything(const XmlElement& element) {
  return element.is("extensionElements") || element.is("documentation") || element.is("text") || element.is("script");
}

// xsd:boolean. Whatever else stands there would silently be taken as false.
bool is_boolean(std::string_view name) {
  constexpr std::array<std::string_view, 13> names{
      "isExecutable",     "isClosed",          "isInterrupting", "cancelActivity", "isSequential", "instantiate", "triggeredByEvent", "isForCompensation",
      "parallelMultiple", "waitForCompletion", "testBefore",     "isImmediate",    "cancelRemainingInstances"};
  return std::ranges::find(names, name) != names.end();
}

bool is_boolean_value(std::string_view text) { return text == "true" || text == "false" || text == "1" || text == "0"; }

class SchemaCheck {
 public:
  explicit SchemaCheck(Findings& findings) : findings_(findings) {}

  void element(const XmlElement& at) {
    const ElementRules* rules = rules_of(at.name);
    if (rules == nullptr) {
      findings_.add(rules::unknown_element, at, "<" + at.name + "> is no element of BPMN 2.0");
      return;
    }
    attributes(at, *rules);
    if (holds_anything(at)) return;
    children(at, *rules);
  }

 private:
  void attributes(const XmlElement& at, const ElementRules& rules) {
    for (const XmlAttribute& attribute : at.attributes) {
      if (attribute.space == Namespace::none && !contains(rules.attributes, attribute.name)) {
        findings_.add(rules::unknown_attribute, at, attribute,
                      "<" + at.name + "> has no attribute '" + attribute.name + "'");
      } else if (attribute.space == Namespace::bpmn) {
        findings_.add(rules::unknown_attribute, at, attribute,
                      "'" + attribute.name + "' of " + described(at) + " has the prefix of an element: attributes of BPMN have none");
      } else if (attribute.space == Namespace::none && is_boolean(attribute.name) && !is_boolean_value(trimmed(attribute.value))) {
        findings_.add(rules::invalid_value, at, attribute,
                      "'" + attribute.name + "' of " + described(at) + " is '" + attribute.value.substr(0, 40) + "', and can be true or false");
      }
    }
    for (std::string_view name : rules.required_attributes) {
      if (at.has(name)) continue;
      findings_.add(rules::missing_attribute, at, described(at) + " has no '" + std::string(name) + "'");
    }
  }

  void children(const XmlElement& at, const ElementRules& rules) {
    for (const XmlElement* child : at.children) {
      if (child->space == Namespace::bpmn) {
        if (contains(rules.children, child->name)) {
          element(*child);
        } else if (rules_of(child->name) != nullptr) {
          findings_.add(rules::unknown_element, *child, described(*child) + " may not stand in <" + at.name + ">");
        } else {
          element(*child);
        }
      } else if (child->space != Namespace::diagram) {
        findings_.add(rules::unknown_element, *child,
                      "<" + child->name + "> does not belong to BPMN and stands outside of <extensionElements>");
      }
    }
    // Readers look at the first one only.
    const auto containers = std::ranges::count_if(at.children, [](const XmlElement* child) { return child->is("extensionElements"); });
    if (containers > 1) findings_.add(rules::unknown_element, at, described(at) + " has several <extensionElements>: put all into one");
    for (std::string_view name : rules.required_children) {
      if (at.child(name) != nullptr) continue;
      findings_.add(rules::missing_attribute, at, described(at) + " has no <" + std::string(name) + ">");
    }
  }

  Findings& findings_;
};

}  // namespace

void check_schema(const XmlTree& tree, Findings& findings) {
  SchemaCheck(findings).element(tree.root());
}

}  // namespace fermata::bpmn
