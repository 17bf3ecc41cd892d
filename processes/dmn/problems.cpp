#include "processes/dmn/problems.h"

#include <algorithm>

#include "engine/base/limits.h"

namespace fermata::dmn {

std::span<const Rule* const> all_rules() {
#define FERMATA_LIST_RULE(name, id, severity, title, clause, advice) &rules::name,
  static constexpr const Rule* list[] = {FERMATA_DMN_RULES(FERMATA_LIST_RULE)};
#undef FERMATA_LIST_RULE
  return list;
}

std::string_view nearest_id(const XmlElement& element) {
  for (const XmlElement* at = &element; at != nullptr; at = at->parent) {
    if (at->has("id")) return at->get("id");
  }
  return {};
}

std::string described(const XmlElement& element) {
  constexpr std::size_t shown_max = 80;
  std::string_view name = element.get("name");
  if (name.empty()) name = element.get("id");
  if (name.empty()) return element.name;
  return element.name + " '" + std::string(name.substr(0, shown_max)) + "'";
}

void Problems::add_at(const Rule& rule, const XmlElement& element, Position position, const std::string& what) {
  add({rule.severity, std::string(rule.id), std::string(nearest_id(element)), position.line, position.column,
       what + ". " + std::string(rule.advice)});
}

void Problems::add(Problem problem) {
  const bool is_error = problem.severity == Severity::error;
  // Half of the room is kept from hints, so that no flood of them hides a warning.
  if (problem.severity == Severity::hint && problems_.size() >= limits::problems_per_file_max / 2) {
    hints_overflowed_ = true;
    return;
  }
  // An error is never lost behind warnings: without it the file would seem to be deployable.
  if (problems_.size() >= limits::problems_per_file_max && (has_error_ || !is_error)) {
    overflowed_ = true;
    return;
  }
  has_error_ = has_error_ || is_error;
  problems_.push_back(std::move(problem));
}

std::vector<Problem> Problems::take() {
  std::ranges::stable_sort(problems_, [](const Problem& a, const Problem& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  if (overflowed_ || hints_overflowed_) {
    const Rule& rule = rules::too_many_problems;
    problems_.push_back({overflowed_ ? rule.severity : Severity::hint,
                         std::string(rule.id),
                         {},
                         0,
                         0,
                         std::string("there are more ") + (overflowed_ ? "problems" : "hints") + " than these. " +
                             std::string(rule.advice)});
  }
  return std::move(problems_);
}

}  // namespace fermata::dmn
