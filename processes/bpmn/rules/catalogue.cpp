#include "processes/bpmn/rules/catalogue.h"

namespace fermata::bpmn {

std::span<const Rule* const> all_rules() {
#define FERMATA_LIST_RULE(name, id, severity, title, clause, advice) &rules::name,
  static constexpr const Rule* list[] = {FERMATA_BPMN_RULES(FERMATA_LIST_RULE)};
#undef FERMATA_LIST_RULE
  return list;
}

}  // namespace fermata::bpmn
