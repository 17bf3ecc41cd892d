// The only file that knows tinyxml2: parses a prescanned text and copies it into an XmlTree, resolving prefixes by URI.
#include <tinyxml2.h>

#include <algorithm>

#include "engine/base/limits.h"
#include "processes/xml/rule.h"
#include "processes/xml/prescan.h"
#include "processes/xml/text_decoder.h"
#include "processes/xml/unicode.h"
#include "processes/xml/xml_tree.h"

namespace fermata::xml {
namespace {

Problem file_problem(const Rule& rule, Position position, const std::string& what) {
  return {rule.severity, std::string(rule.id), std::string{},
          position.line, position.column,      what + ". " + std::string(rule.advice)};
}

std::pair<std::string_view, std::string_view> split_prefix(std::string_view qualified) {
  const std::size_t colon = qualified.find(':');
  if (colon == std::string_view::npos) return {std::string_view{}, qualified};
  return {qualified.substr(0, colon), qualified.substr(colon + 1)};
}

}  // namespace

// Walks the library's tree in document order, beside the positions of the prescan. Depth is bounded by xml_depth_max.
class TreeReader {
 public:
  TreeReader(Scan scan, const FileRules& rules)
      : scan_(std::move(scan)), rules_(rules), tree_(std::make_unique<XmlTree>()) {}

  XmlRead read(const tinyxml2::XMLElement& root) {
    copy(root, nullptr);
    if (problem_) return {nullptr, std::move(problem_)};
    return {std::move(tree_), std::nullopt};
  }

 private:
  XmlElement* copy(const tinyxml2::XMLElement& from, const XmlElement* parent) {
    const ScannedElement& scanned = scan_.elements[next_++];
    current_ = &from;
    XmlElement& to = tree_->elements_.emplace_back();
    to.parent = parent;
    to.position = scanned.position;
    to.content = scanned.content;
    declare_prefixes(from, to);
    const auto [prefix, local] = split_prefix(from.Name());
    to.name = local;
    to.space = resolve(prefix, to, scanned.position, true);
    if (to.space == Namespace::other) to.uri = to.uri_of_prefix(prefix);
    copy_attributes(from, scanned, to);
    for (const tinyxml2::XMLNode* node = from.FirstChild(); node != nullptr && !problem_; node = node->NextSibling()) {
      if (const tinyxml2::XMLElement* child = node->ToElement()) {
        to.children.push_back(copy(*child, &to));
      } else if (const tinyxml2::XMLText* text = node->ToText()) {
        to.text += text->Value();
      }
    }
    return &to;
  }

  static void declare_prefixes(const tinyxml2::XMLElement& from, XmlElement& to) {
    for (const tinyxml2::XMLAttribute* a = from.FirstAttribute(); a != nullptr; a = a->Next()) {
      const auto [prefix, local] = split_prefix(a->Name());
      if (prefix == "xmlns") to.prefixes.emplace_back(local, a->Value());
      if (prefix.empty() && local == "xmlns") to.prefixes.emplace_back("", a->Value());
    }
  }

  void copy_attributes(const tinyxml2::XMLElement& from, const ScannedElement& scanned, XmlElement& to) {
    std::size_t index = 0;
    for (const tinyxml2::XMLAttribute* a = from.FirstAttribute(); a != nullptr; a = a->Next(), ++index) {
      const Position position = index < scanned.attributes.size() ? scanned.attributes[index] : scanned.position;
      const auto [prefix, local] = split_prefix(a->Name());
      if (prefix == "xmlns" || (prefix.empty() && local == "xmlns")) continue;
      const Namespace space = prefix.empty() ? Namespace::none : resolve(prefix, to, position, false);
      if (space != Namespace::other && to.find(space, local) != nullptr) {
        refuse(rules_.duplicate_attribute, position,
               "the attribute '" + std::string(local) + "' stands twice, under two prefixes");
      }
      // XML Schema collapses the white space of an ID before anybody compares it.
      const std::string_view value = a->Value();
      to.attributes.push_back({space, std::string(local),
                               std::string(space == Namespace::none && local == "id" ? trimmed(value) : value),
                               position});
    }
  }

  Namespace resolve(std::string_view prefix, const XmlElement& at, Position position, bool element) {
    if (prefix == "xml") return Namespace::other;
    const std::string_view uri = at.uri_of_prefix(prefix);
    if (!uri.empty()) return namespace_of_uri(uri);
    if (prefix.empty()) return Namespace::none;
    refuse(rules_.unbound_prefix, position,
           std::string("the prefix '") + std::string(prefix) + ":' of an " + (element ? "element" : "attribute") +
               " is bound to no namespace");
    return Namespace::other;
  }

  void refuse(const Rule& rule, Position position, const std::string& what) {
    if (problem_) return;
    problem_ = file_problem(rule, position, what);
    for (const tinyxml2::XMLNode* at = current_; at != nullptr && problem_->element_id.empty(); at = at->Parent()) {
      const char* id = at->ToElement() == nullptr ? nullptr : at->ToElement()->Attribute("id");
      if (id != nullptr && std::string_view(id).size() <= limits::xml_name_bytes_max) problem_->element_id = trimmed(id);
    }
  }

  Scan scan_;
  const FileRules& rules_;
  std::size_t next_ = 0;
  const tinyxml2::XMLElement* current_ = nullptr;  ///< being copied
  std::unique_ptr<XmlTree> tree_;
  std::optional<Problem> problem_;
};

XmlRead read_xml(std::string_view bytes, const FileRules& rules) {
  if (bytes.size() > limits::resource_bytes_max) {
    return {nullptr, file_problem(rules.bounds, {},
                                  "the file has " + std::to_string(bytes.size()) + " bytes; " +
                                      std::to_string(limits::resource_bytes_max) + " is the most")};
  }
  Result<std::string> text = decode_to_utf8(bytes);
  if (!text) return {nullptr, file_problem(rules.encoding, {1, 1}, text.error().message)};
  Scan scan = prescan(*text, rules);
  if (scan.problem) return {nullptr, std::move(scan.problem)};
  for (const auto& [begin, end] : scan.instructions) {
    std::fill(text->begin() + static_cast<std::ptrdiff_t>(begin), text->begin() + static_cast<std::ptrdiff_t>(end),
              ' ');
  }
  tinyxml2::XMLDocument document(true, tinyxml2::PRESERVE_WHITESPACE);
  if (document.Parse(text->data(), text->size()) != tinyxml2::XML_SUCCESS || document.RootElement() == nullptr) {
    return {nullptr,
            file_problem(rules.not_well_formed, {document.ErrorLineNum(), 1}, "the XML library cannot read the file")};
  }
  const tinyxml2::XMLElement& root = *document.RootElement();
  return TreeReader(std::move(scan), rules).read(root);
}

}  // namespace fermata::xml
