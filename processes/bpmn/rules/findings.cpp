#include "processes/bpmn/rules/findings.h"

#include <algorithm>

#include "engine/base/limits.h"
#include "processes/bpmn/model/model.h"

namespace fermata::bpmn {
namespace {

// What a modeler shows as a shape, or what stands by itself in the file.
bool is_shown(const XmlElement& element) {
  constexpr std::string_view shapes[] = {
      "process",        "sequenceFlow", "messageFlow",         "participant",        "lane",       "association",
      "textAnnotation", "group",        "dataObjectReference", "dataStoreReference", "dataObject", "definitions"};
  NodeType type{};
  return std::ranges::find(shapes, element.name) != std::end(shapes) || flow_node_type(element.name, type) ||
         (element.parent != nullptr && element.parent->is("definitions"));
}

// An event definition, an expression or a mapping is named by the shape that it belongs to: that is where the analyst
// finds it.
std::string_view nearest_id(const XmlElement& element) {
  for (const XmlElement* at = &element; at != nullptr; at = at->parent) {
    if (at->space == Namespace::bpmn && is_shown(*at) && !at->get("id").empty()) return at->get("id");
  }
  return {};
}

}  // namespace

std::string described(const XmlElement& element) {
  std::string text(namespace_label(element.space));
  text += element.name;
  if (!element.get("id").empty()) text += " '" + std::string(element.get("id")) + "'";
  return text;
}

void Findings::add(const Rule& rule, const XmlElement& at, const std::string& what) {
  add(rule, at, at.position, what);
}

void Findings::add(const Rule& rule, const XmlElement& element, const XmlAttribute& at, const std::string& what) {
  add(rule, element, at.position, what);
}

void Findings::add(const Rule& rule, const XmlElement& element, Position position, const std::string& what) {
  std::string message = what;
  if (!message.ends_with('.')) message += '.';
  const Severity severity = vendor_file_ && is_tolerated_in_vendor_files(rule) ? Severity::warning : rule.severity;
  add_file_problem({severity, std::string(rule.id), std::string(nearest_id(element)), position.line, position.column,
                    std::move(message) + " " + std::string(rule.advice)});
}

void Findings::add_file_problem(Problem problem) {
  has_error_ = has_error_ || problem.severity == Severity::error;
  const bool warning = problem.severity != Severity::error;  // or a hint
  // Half of the room is kept for errors, so that no flood of warnings hides why a file was refused.
  if (problems_.size() >= limits::problems_per_file_max ||
      (warning && warnings_ >= limits::problems_per_file_max / 2)) {
    overflowed_ = true;
    return;
  }
  if (std::ranges::find(problems_, problem) != problems_.end()) return;
  warnings_ += warning ? 1 : 0;
  problems_.push_back(std::move(problem));
}

std::vector<Problem> Findings::take() && {
  std::ranges::stable_sort(problems_, {}, [](const Problem& p) { return std::pair(p.line, p.column); });
  if (overflowed_) {
    problems_.push_back({rules::too_many_problems.severity, std::string(rules::too_many_problems.id), std::string{}, 0,
                         0,
                         "The file has more problems than the " + std::to_string(limits::problems_per_file_max) +
                             " listed. " + std::string(rules::too_many_problems.advice)});
  }
  return std::move(problems_);
}

}  // namespace fermata::bpmn
