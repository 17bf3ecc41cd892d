#include "engine/behavior/shared/decisions.h"

#include <algorithm>
#include <utility>

namespace fermata {

std::vector<DecisionInstance> decision_instances(const DecisionTarget& target, const DecisionResult& result, KeySource& keys, Timestamp now) {
  std::vector<DecisionInstance> rows;
  rows.reserve(result.decisions.size());
  for (const DecisionReport& report : result.decisions) {
    DecisionInstance& row = rows.emplace_back();
    row.key = keys.make<DecisionInstanceKey>();
    row.evaluation = rows.front().key;
    row.position = static_cast<std::int32_t>(rows.size());
    row.root = target.definition.key;
    row.decision_id = report.decision_id;
    row.name = report.name;
    row.type = report.type;
    row.requirements = target.definition.resource;
    row.inputs = report.inputs;
    row.rules = report.rules;
    row.result = report.result;
    row.evaluated_at = now;
    if (report.imported) continue;
    const auto& known = target.file->decisions;
    const auto own = std::find_if(known.begin(), known.end(), [&](const DecisionDefinition& each) { return each.decision_id == report.decision_id; });
    if (own == known.end()) continue;
    row.decision = own->key;
    row.version = own->version;
  }
  if (!rows.empty()) rows.back().warnings = result.warnings;
  return rows;
}

Value result_list(const DecisionResult& result) {
  Value::List list;
  const auto add = [&](const Value& one) {
    const bool has_entries = result.outputs.size() > 1 && one.is_context();
    list.push_back(has_entries ? one : Value::context({{result.outputs.empty() ? "result" : result.outputs.front(), one}}));
  };
  if (result.is_list && result.value.is_list()) {
    for (const Value& one : result.value.as_list()) add(one);
  } else if (result.has_result && !(result.is_list && result.value.is_null())) {  // a list that is null lists nothing
    add(result.value);
  }
  return Value::list(std::move(list));
}

namespace {

Failure not_single(std::string_view what, std::size_t count) {
  return {IncidentType::called_decision_error, "the decision gave " + std::to_string(count) + ' ' + std::string(what) +
                                                   ", but the task maps its result to a single one (camunda:mapDecisionResult)"};
}

}  // namespace

Attempted<Value> mapped_result(const DecisionResult& result, DecisionReference::Mapping mapping) {
  using As = DecisionReference::Mapping;
  if (mapping == As::value) return result.value;
  Value list = result_list(result);
  if (mapping == As::result_list) return list;
  const auto results = list.as_list();
  if (mapping != As::collect_entries && results.size() > 1) return tl::unexpected(not_single("results", results.size()));
  if (mapping == As::single_result) return results.empty() ? Value::null() : results.front();

  Value::List entries;
  for (const Value& one : results) {
    const auto outputs = one.as_context();
    if (outputs.size() > 1) return tl::unexpected(not_single("outputs", outputs.size()));
    for (const Value::Entry& entry : outputs) entries.push_back(entry.value);
  }
  if (mapping == As::collect_entries) return Value::list(std::move(entries));
  return entries.empty() ? Value::null() : entries.front();
}

}  // namespace fermata
