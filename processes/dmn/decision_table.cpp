#include "processes/dmn/decision_table.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "processes/dmn/run.h"
#include "processes/dmn/scope.h"
#include "processes/feel/builtins.h"

namespace fermata::dmn {

std::string hit_policy_name(HitPolicy policy, Aggregation aggregation) {
  static constexpr const char* policies[] = {"UNIQUE",  "ANY",        "PRIORITY",    "FIRST",
                                             "COLLECT", "RULE ORDER", "OUTPUT ORDER"};
  static constexpr const char* aggregations[] = {"", " SUM", " COUNT", " MIN", " MAX"};
  return std::string(policies[static_cast<std::size_t>(policy)]) + aggregations[static_cast<std::size_t>(aggregation)];
}

namespace {

using Hits = std::vector<std::size_t>;  // indices of the rules that match

class DecisionTable final : public feel::Node {
 public:
  explicit DecisionTable(TableParts parts) : Node(0), parts_(std::move(parts)) {
    for (const TableParts::Input& input : parts_.inputs) adopt_all({&input.expression, &input.allowed_values});
    for (const TableParts::Output& output : parts_.outputs) {
      adopt_all({&output.allowed_values, &output.fallback});
      for (const feel::NodePtr& test : output.priorities) adopt_all({&test});
    }
    for (const TableParts::Rule& rule : parts_.rules) {
      for (const feel::NodePtr& test : rule.tests) adopt_all({&test});
      for (const feel::NodePtr& output : rule.outputs) adopt_all({&output});
    }
  }

  [[nodiscard]] Value evaluate(feel::Evaluation& run) const override {
    run.step(0, 1 + parts_.inputs.size());
    std::vector<Value> inputs;
    if (!evaluate_inputs(run, inputs)) return record(run, inputs, {}, {}, std::nullopt);
    const Hits hits = matching_rules(run, inputs);
    std::vector<std::vector<Value>> outputs;
    outputs.reserve(hits.size());
    for (const std::size_t hit : hits) outputs.push_back(outputs_of(run, parts_.rules[hit]));
    return record(run, inputs, hits, outputs, hits.empty() ? without_hit(run) : by_policy(run, hits, outputs));
  }

 private:
  void adopt_all(std::initializer_list<const feel::NodePtr*> nodes) {
    for (const feel::NodePtr* node : nodes) {
      if (*node != nullptr) adopt(**node);
    }
  }

  static bool holds(feel::Evaluation& run, const feel::Node& test, const Value& value) {
    const TestedValue tested(run, value);
    const Value verdict = test.evaluate(run);
    return verdict.is_boolean() && verdict.as_boolean();
  }

  // False when an input has a value that its input values do not allow (8.2.4).
  bool evaluate_inputs(feel::Evaluation& run, std::vector<Value>& values) const {
    for (const TableParts::Input& input : parts_.inputs) {
      Value value = input.expression->evaluate(run);
      const feel::Source* around = std::exchange(run.source, input.place.get());
      if (input.type != nullptr) value = fit(run, std::move(value), *input.type, "the input " + input.name);
      const bool allowed =
          input.allowed_values == nullptr || value.is_null() || holds(run, *input.allowed_values, value);
      if (!allowed) {
        (void)run.null_because(
            0, [&] { return "the input " + input.name + " is none of its input values, so that no rule is asked"; });
      }
      run.source = around;
      values.push_back(std::move(value));
      if (!allowed) return false;
    }
    return true;
  }

  Hits matching_rules(feel::Evaluation& run, const std::vector<Value>& inputs) const {
    Hits hits;
    for (std::size_t i = 0; i < parts_.rules.size(); ++i) {
      const TableParts::Rule& rule = parts_.rules[i];
      run.step(0);
      bool matches = true;
      for (std::size_t column = 0; matches && column < rule.tests.size(); ++column) {
        matches = rule.tests[column] == nullptr || holds(run, *rule.tests[column], inputs[column]);
      }
      if (!matches) continue;
      run.charge(0, sizeof(std::size_t) + parts_.outputs.size() * sizeof(Value));
      hits.push_back(i);
      if (parts_.policy == HitPolicy::first) break;
    }
    return hits;
  }

  std::vector<Value> outputs_of(feel::Evaluation& run, const TableParts::Rule& rule) const {
    std::vector<Value> values;
    values.reserve(rule.outputs.size());
    for (std::size_t column = 0; column < rule.outputs.size(); ++column) {
      const TableParts::Output& output = parts_.outputs[column];
      Value value = rule.outputs[column]->evaluate(run);
      const feel::Source* around = std::exchange(run.source, rule.place.get());
      if (output.type != nullptr) value = fit(run, std::move(value), *output.type, "the output " + output.name);
      if (output.allowed_values != nullptr && !value.is_null() && !holds(run, *output.allowed_values, value)) {
        value = run.null_because(
            0, [&] { return "the output " + output.name + " is none of its output values; it counts as null"; });
      }
      run.source = around;
      values.push_back(std::move(value));
    }
    return values;
  }

  // One output is the value itself, several are a context (8.2.6).
  [[nodiscard]] Value result_of(feel::Evaluation& run, const std::vector<Value>& outputs) const {
    if (outputs.size() == 1) return outputs[0];
    Value::Entries entries;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      run.charge(0, sizeof(Value::Entry) + parts_.outputs[i].name.size());
      entries.push_back({parts_.outputs[i].name, outputs[i]});
    }
    return run.checked(0, Value::context(std::move(entries)));
  }

  // What has no result counts as null, with the reason.
  template <class Why>
  static std::optional<Value> no_result(feel::Evaluation& run, Why&& why) {
    (void)run.null_because(0, std::forward<Why>(why));
    return std::nullopt;
  }

  std::optional<Value> without_hit(feel::Evaluation& run) const {
    const bool has_default = std::ranges::any_of(parts_.outputs, [](const auto& o) { return o.fallback != nullptr; });
    if (!has_default) {
      // Nothing to list and nothing to count is an answer; nothing to choose from is none.
      if (parts_.policy == HitPolicy::collect && parts_.aggregation == Aggregation::count) return Value::integer(0);
      if (parts_.policy == HitPolicy::collect && parts_.aggregation == Aggregation::none) return Value::list({});
      return no_result(run, [] { return std::string("no rule of the table matches, and it has no default output"); });
    }
    std::vector<Value> outputs;
    for (const TableParts::Output& output : parts_.outputs) {
      Value value = output.fallback == nullptr ? Value::null() : output.fallback->evaluate(run);
      if (output.type != nullptr) value = fit(run, std::move(value), *output.type, "the default of " + output.name);
      outputs.push_back(std::move(value));
    }
    return result_of(run, outputs);
  }

  std::optional<Value> by_policy(feel::Evaluation& run, const Hits& hits, const std::vector<std::vector<Value>>& outputs) const {
    switch (parts_.policy) {
      case HitPolicy::unique:
        if (hits.size() > 1) {
          return no_result(run, [&] {
            return "the rules " + std::to_string(hits[0] + 1) + " and " + std::to_string(hits[1] + 1) +
                   " both match, but the hit policy is UNIQUE";
          });
        }
        return result_of(run, outputs[0]);
      case HitPolicy::any:
        return any_of(run, hits, outputs);
      case HitPolicy::first:
        return result_of(run, outputs[0]);
      case HitPolicy::priority:
        return result_of(run, outputs[by_importance(run, outputs)[0]]);
      case HitPolicy::output_order: {
        Value::List results;
        for (const std::size_t at : by_importance(run, outputs)) results.push_back(result_of(run, outputs[at]));
        return run.checked(0, Value::list(std::move(results)));
      }
      case HitPolicy::collect:
      case HitPolicy::rule_order: {
        Value::List results;
        for (const std::vector<Value>& each : outputs) results.push_back(result_of(run, each));
        return aggregated(run, run.checked(0, Value::list(std::move(results))));
      }
    }
    return Value::null();
  }

  std::optional<Value> any_of(feel::Evaluation& run, const Hits& hits, const std::vector<std::vector<Value>>& outputs) const {
    const Value first = result_of(run, outputs[0]);
    for (std::size_t i = 1; i < outputs.size(); ++i) {
      const Value other = result_of(run, outputs[i]);
      run.step_through(0, other);
      if (other == first) continue;
      return no_result(run, [&] {
        return "the rules " + std::to_string(hits[0] + 1) + " and " + std::to_string(hits[i] + 1) +
               " match with different outputs, but the hit policy is ANY";
      });
    }
    return first;
  }

  // Places in `outputs`, the most important first: by the first output, then by the next; rules that are equally
  // important stay in the order of the table.
  std::vector<std::size_t> by_importance(feel::Evaluation& run, const std::vector<std::vector<Value>>& outputs) const {
    std::vector<std::vector<std::size_t>> ranks;
    for (const std::vector<Value>& each : outputs) {
      std::vector<std::size_t>& rank = ranks.emplace_back();
      for (std::size_t column = 0; column < each.size(); ++column) {
        const auto& priorities = parts_.outputs[column].priorities;
        std::size_t at = 0;
        while (at < priorities.size() && !holds(run, *priorities[at], each[column])) ++at;
        rank.push_back(at);
      }
    }
    std::vector<std::size_t> order(outputs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    run.step(0, order.size());
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return ranks[a] < ranks[b]; });
    return order;
  }

  Value aggregated(feel::Evaluation& run, Value results) const {
    static constexpr const char* functions[] = {"", "sum", "count", "min", "max"};
    if (parts_.aggregation == Aggregation::none) return results;
    const feel::Builtin& builtin = *feel::find_builtin(functions[static_cast<std::size_t>(parts_.aggregation)]);
    return feel::call_builtin(run, 0, builtin, *feel::form_for(builtin, 1), {&results, 1});
  }

  Value record(feel::Evaluation& evaluation, const std::vector<Value>& inputs, const Hits& hits,
               const std::vector<std::vector<Value>>& outputs, std::optional<Value> result) const {
    Run* run = Run::of(evaluation);
    if (run != nullptr) run->has_result = result.has_value();
    Value value = std::move(result).value_or(Value::null());
    if (run == nullptr || !run->records_tables()) return value;
    TableEvaluation table;
    table.table_id = parts_.id;
    table.owner_id = parts_.owner_id;
    table.hit_policy = hit_policy_name(parts_.policy, parts_.aggregation);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      table.inputs.push_back({parts_.inputs[i].id, parts_.inputs[i].name, inputs[i]});
    for (std::size_t i = 0; i < hits.size(); ++i) {
      MatchedRule& rule = table.matched.emplace_back();
      rule.index = hits[i] + 1;
      rule.rule_id = parts_.rules[hits[i]].id;
      for (std::size_t column = 0; column < outputs[i].size(); ++column) {
        const TableParts::Output& output = parts_.outputs[column];
        rule.outputs.push_back({output.id, output.name, outputs[i][column]});
      }
    }
    constexpr std::uint64_t bytes_per_part = 128;
    evaluation.charge(0, bytes_per_part * (1 + inputs.size() + hits.size() * (1 + parts_.outputs.size())));
    table.value = value;
    run->record(std::move(table));
    return value;
  }

  TableParts parts_;
};

}  // namespace

feel::NodePtr make_decision_table(TableParts parts) {
  return std::make_unique<DecisionTable>(std::move(parts));
}

}  // namespace fermata::dmn
