#include "http/v2/instance_filter.h"

#include <set>

#include "http/v2/collection.h"
#include "http/v2/condition.h"
#include "http/v2/search_request.h"

namespace fermata::http::v2 {
namespace {

using Op = FieldCondition::Op;

struct InsideField {
  std::string_view name;          ///< in the filter
  const Collection& collection;   ///< whose field it is
  std::string_view field;
  std::vector<FieldCondition> InsideFilter::*conditions;
};

const InsideField inside_fields[] = {
    {"elementId", element_instances, "elementId", &InsideFilter::elements},
    {"elementInstanceState", element_instances, "state", &InsideFilter::elements},
    {"hasElementInstanceIncident", element_instances, "hasIncident", &InsideFilter::elements},
    {"errorMessage", incidents, "errorMessage", &InsideFilter::incidents},
};
// Fields of an instance that everything inside it has as well.
constexpr std::string_view shared_fields[] = {"processInstanceKey", "processDefinitionKey", "processDefinitionId"};

Result<bool> take_field(const InsideField& inside, const Value& value, InsideFilter& filter) {
  Result<ParsedCondition> parsed = parse_condition(*inside.collection.find(inside.field), value, "filter." + std::string(inside.name));
  if (!parsed) return fail(parsed.error());
  filter.never = filter.never || parsed->never;
  std::vector<FieldCondition>& conditions = filter.*inside.conditions;
  conditions.insert(conditions.end(), parsed->conditions.begin(), parsed->conditions.end());
  return true;
}

// Answers whether the field was one of these.
Result<bool> take(std::string_view name, const Value& value, InsideFilter& filter) {
  for (const InsideField& inside : inside_fields) {
    if (inside.name != name) continue;
    return value.is_null() ? Result<bool>(true) : take_field(inside, value, filter);
  }
  if (name != "hasRetriesLeft") return false;
  if (value.is_null()) return true;
  if (!value.is_boolean()) return fail(ErrorCode::invalid_argument, "'filter.hasRetriesLeft' must be true or false.");
  filter.retries_left = value.as_boolean();
  return true;
}

void share(std::string_view name, const Value& value, InsideFilter& filter) {
  for (const std::string_view shared : shared_fields) {
    if (shared != name || value.is_null()) continue;
    // What is wrong with it is reported by the search itself.
    const Result<ParsedCondition> parsed = parse_condition(*process_instances.find(name), value, "filter." + std::string(name));
    if (parsed) filter.shared.insert(filter.shared.end(), parsed->conditions.begin(), parsed->conditions.end());
  }
}

template <class Row>
Result<std::set<std::string>> instances_of(ReadSession& session, Result<Page<Row>> (ReadSession::*search)(const Query&),
                                           std::vector<FieldCondition> where, const InsideFilter& filter) {
  Query query;
  query.where = std::move(where);
  query.where.insert(query.where.end(), filter.shared.begin(), filter.shared.end());
  query.limit = search_limit_max;
  const Result<Page<Row>> page = (session.*search)(query);
  if (!page) return fail(page.error());
  std::set<std::string> keys;
  for (const Row& row : page->items) keys.insert(row.context.instance.text());
  // What the store compares with is bounded as well (search_operands_max).
  if (page->more_than_total || page->total > static_cast<std::int64_t>(page->items.size()) || keys.size() > search_operands_max) {
    return fail(ErrorCode::invalid_argument,
                "More than " + std::to_string(search_operands_max) +
                    " instances fit filter.elementId, elementInstanceState, hasElementInstanceIncident, errorMessage or hasRetriesLeft. "
                    "Narrow the search by processDefinitionId or elementInstanceState.");
  }
  return keys;
}

FieldCondition among(const std::set<std::string>& keys, Op op) {
  FieldCondition condition{"processInstanceKey", op, {}};
  for (const std::string& key : keys) condition.operands.push_back(Value::string(key));
  return condition;
}

}  // namespace

Result<InsideFilter> take_inside_filter(Value& body) {
  InsideFilter inside;
  const Value* filter = body.is_context() ? body.find("filter") : nullptr;
  if (filter == nullptr || !filter->is_context()) return inside;
  Value::Entries kept;
  for (const Value::Entry& entry : filter->as_context()) {
    const Result<bool> taken = take(entry.key, entry.value, inside);
    if (!taken) return fail(taken.error());
    if (*taken) continue;
    share(entry.key, entry.value, inside);
    kept.push_back(entry);
  }
  Value::Entries rest;
  for (const Value::Entry& entry : body.as_context()) {
    if (entry.key != "filter") rest.push_back(entry);
  }
  rest.push_back({"filter", Value::context(std::move(kept))});
  body = Value::context(std::move(rest));
  return inside;
}

Result<std::optional<std::vector<FieldCondition>>> instances_with(ReadSession& session, const InsideFilter& filter) {
  std::vector<FieldCondition> conditions;
  const auto confine = [&](const Result<std::set<std::string>>& keys) -> Result<bool> {
    if (!keys) return fail(keys.error());
    if (!keys->empty()) conditions.push_back(among(*keys, Op::in));
    return !keys->empty();
  };
  if (filter.never) return std::optional<std::vector<FieldCondition>>();
  if (!filter.elements.empty()) {
    const Result<bool> any = confine(instances_of(session, &ReadSession::search_elements, filter.elements, filter));
    if (!any) return fail(any.error());
    if (!*any) return std::optional<std::vector<FieldCondition>>();
  }
  if (!filter.incidents.empty()) {
    std::vector<FieldCondition> open = filter.incidents;
    open.push_back({"state", Op::eq, {Value::string("ACTIVE")}});
    const Result<bool> any = confine(instances_of(session, &ReadSession::search_incidents, std::move(open), filter));
    if (!any) return fail(any.error());
    if (!*any) return std::optional<std::vector<FieldCondition>>();
  }
  if (filter.retries_left) {
    const Result<std::set<std::string>> keys =
        instances_of(session, &ReadSession::search_jobs, {{"hasFailedWithRetriesLeft", Op::eq, {Value::boolean(true)}}}, filter);
    if (!keys) return fail(keys.error());
    if (*filter.retries_left && keys->empty()) return std::optional<std::vector<FieldCondition>>();
    if (!keys->empty()) conditions.push_back(among(*keys, *filter.retries_left ? Op::in : Op::not_in));
  }
  return std::optional(std::move(conditions));
}

}  // namespace fermata::http::v2
