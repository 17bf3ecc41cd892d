// search: a normalised query over rows in memory, the plain way: filter, sort, count, cut out a page. The reference for every store.
//
// Floor 2, pure.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "persistence/query/match.h"

namespace fermata::query {

/// The variables of an instance, in any scope, live or ended, that have this name.
using VariablesOf = std::function<std::vector<Value>(ProcessInstanceKey instance, const std::string& name)>;

template <class Row>
class Search {
 public:
  Search(const Normalized& query, const Collection<Row>& collection, const VariablesOf& variables)
      : query_(query), collection_(collection), variables_(variables) {}

  /// limit_exceeded: a comparison took more than it may.
  Result<Page<Row>> run(const std::vector<Row>& rows) {
    std::vector<const Row*> found;
    for (const Row& row : rows) {
      if (matches(row)) found.push_back(&row);
      if (effort_.spent) return fail(too_costly());
    }
    std::sort(found.begin(), found.end(), [this](const Row* a, const Row* b) { return before(position(*a), position(*b)); });

    Page<Row> page;
    page.total = static_cast<std::int64_t>(std::min(found.size(), total_counted_max));
    page.more_than_total = found.size() > total_counted_max;
    if (query_.after) std::erase_if(found, [this](const Row* row) { return !before(*query_.after, position(*row)); });
    if (query_.before) std::erase_if(found, [this](const Row* row) { return !before(position(*row), *query_.before); });
    std::size_t first = query_.offset, last = query_.offset + query_.limit;
    if (query_.before) {  // the page that ends just there
      last = found.size() - std::min(found.size(), query_.offset);
      first = last - std::min(last, query_.limit);
    }
    for (std::size_t i = first; i < std::min(last, found.size()); ++i) page.items.push_back(*found[i]);
    if (!page.items.empty()) {
      page.start_cursor = encode_cursor(query_, position(page.items.front()));
      page.end_cursor = encode_cursor(query_, position(page.items.back()));
    }
    return page;
  }

 private:
  Scalar get(const Row& row, std::size_t field) const { return collection_.getters[field](row); }
  bool holds(const Row& row, const Condition& condition) {
    return fulfils(collection_.fields[condition.field], get(row, condition.field), condition, effort_);
  }
  bool all_hold(const Row& row, const std::vector<Condition>& conditions) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& condition) { return holds(row, condition); });
  }
  bool matches(const Row& row) {
    if (!all_hold(row, query_.where)) return false;
    const auto group_holds = [&](const std::vector<Condition>& group) { return all_hold(row, group); };
    if (!query_.any_of.empty() && std::none_of(query_.any_of.begin(), query_.any_of.end(), group_holds)) return false;
    return std::all_of(query_.variables.begin(), query_.variables.end(), [&](const VariableCondition& condition) {
      const std::vector<Value> values = variables_(collection_.instance(row), condition.name);
      if (condition.op == Op::exists) return values.empty() != condition.operands.front().as_boolean();
      return std::any_of(values.begin(), values.end(), [&](const Value& value) { return fulfils(value, condition.op, condition.operands, effort_); });
    });
  }
  std::vector<Scalar> position(const Row& row) const {
    std::vector<Scalar> values;
    for (const Ordering& one : query_.order) values.push_back(get(row, one.field));
    return values;
  }
  bool before(const std::vector<Scalar>& a, const std::vector<Scalar>& b) const {
    for (std::size_t i = 0; i < query_.order.size(); ++i) {
      if (a[i] == b[i]) continue;
      return (a[i] < b[i]) != query_.order[i].descending;
    }
    return false;
  }

  const Normalized& query_;
  const Collection<Row>& collection_;
  const VariablesOf& variables_;
  Effort effort_;
};

}  // namespace fermata::query
