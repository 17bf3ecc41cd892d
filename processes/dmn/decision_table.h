// Decision tables (chapter 8): inputs are evaluated once, each rule tests them, the hit policy says what becomes of the
// rules that match.
#pragma once

#include "processes/dmn/dmn.h"
#include "processes/dmn/item_type.h"
#include "processes/feel/node.h"
#include "processes/feel/source.h"

namespace fermata::dmn {

enum class HitPolicy : std::uint8_t { unique, any, priority, first, collect, rule_order, output_order };
enum class Aggregation : std::uint8_t { none, sum, count, min, max };

/// "UNIQUE", "COLLECT SUM" ...: as the history shows it.
[[nodiscard]] std::string hit_policy_name(HitPolicy policy, Aggregation aggregation);

struct TableParts {
  struct Input {
    std::string id;
    std::string name;  ///< its label, or else its text
    feel::NodePtr expression;
    ItemTypePtr type;              ///< null: anything
    feel::NodePtr allowed_values;  ///< unary tests, or null
    feel::SourcePtr place;
  };
  struct Output {
    std::string id;
    std::string name;
    ItemTypePtr type;
    feel::NodePtr allowed_values;
    feel::NodePtr fallback;                 ///< the default output entry, or null
    std::vector<feel::NodePtr> priorities;  ///< a unary test for each output value, the most important first
    feel::SourcePtr place;
  };
  struct Rule {
    std::string id;
    std::vector<feel::NodePtr> tests;  ///< null: anything ("-")
    std::vector<feel::NodePtr> outputs;
    feel::SourcePtr place;
  };
  std::string id;
  std::string owner_id;
  HitPolicy policy = HitPolicy::unique;
  Aggregation aggregation = Aggregation::none;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
};

[[nodiscard]] feel::NodePtr make_decision_table(TableParts parts);

}  // namespace fermata::dmn
