#include "http/v2/search_request.h"

#include <algorithm>
#include <cctype>

#include "http/server/headers.h"
#include "http/v2/condition.h"
#include "http/v2/object_reader.h"

namespace fermata::http::v2 {
namespace {

tl::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::invalid_argument, std::move(message)); }

std::string names_of(const Collection& collection, bool sorting) {
  std::string names;
  for (const FieldSpec& field : collection.fields) {
    if (sorting ? !field.sortable : !field.filterable) continue;
    names += (names.empty() ? "" : ", ") + std::string(field.name);
  }
  // The last are for instances (instance_filter.h).
  if (collection.variables && !sorting)
    names += ", variables, $or; and outside of $or: elementId, elementInstanceState, hasElementInstanceIncident, errorMessage, hasRetriesLeft";
  return names;
}

// The properties of a filter, or of one group of $or. A group that can never hold answers never = true.
Result<ParsedCondition> parse_group(const Value& group, const Collection& collection, const std::string& path) {
  if (!group.is_context()) return refuse("'" + path + "' must be a JSON object.");
  ParsedCondition parsed;
  for (const Value::Entry& entry : group.as_context()) {
    const std::string field_path = path + "." + entry.key;
    if (path == "filter" && (entry.key == "$or" || (entry.key == "variables" && collection.variables))) continue;
    const FieldSpec* field = collection.find(entry.key);
    if (field == nullptr || !field->filterable) {
      return refuse("'" + field_path + "' is not a field by which " + std::string(collection.name) +
                    " can be filtered. Known are: " + names_of(collection, false) + ".");
    }
    if (entry.value.is_null()) continue;
    Result<ParsedCondition> one = parse_condition(*field, entry.value, field_path);
    if (!one) return one;
    parsed.never = parsed.never || one->never;
    std::move(one->conditions.begin(), one->conditions.end(), std::back_inserter(parsed.conditions));
  }
  if (parsed.conditions.size() > search_conditions_max) return refuse("The filter has too many conditions.");
  return parsed;
}

Result<void> parse_groups(const Value& groups, const Collection& collection, SearchRequest& search) {
  if (!groups.is_list() || groups.as_list().size() > search_groups_max) {
    return refuse("'filter.$or' must be a list of at most " + std::to_string(search_groups_max) + " groups.");
  }
  if (groups.as_list().empty()) return {};
  bool always = false;
  for (const Value& group : groups.as_list()) {
    Result<ParsedCondition> parsed = parse_group(group, collection, "filter.$or[]");
    if (!parsed) return fail(parsed.error());
    if (parsed->never) continue;
    always = always || parsed->conditions.empty();
    search.query.any_of.push_back(std::move(parsed->conditions));
  }
  if (search.query.any_of.empty()) search.matches_nothing = true;
  if (always) search.query.any_of.clear();
  return {};
}

Result<void> parse_filter(const Value& filter, const Collection& collection, SearchRequest& search) {
  Result<ParsedCondition> parsed = parse_group(filter, collection, "filter");
  if (!parsed) return fail(parsed.error());
  search.query.where = std::move(parsed->conditions);
  search.matches_nothing = parsed->never;
  if (const Value* groups = filter.find("$or"); groups != nullptr && !groups->is_null()) {
    if (auto done = parse_groups(*groups, collection, search); !done) return done;
  }
  const Value* wanted = collection.variables ? filter.find("variables") : nullptr;
  if (wanted != nullptr && !wanted->is_null()) {
    Result<std::vector<VariableCondition>> conditions = parse_variable_conditions(*wanted, "filter.variables");
    if (!conditions) return fail(conditions.error());
    search.query.variables = std::move(*conditions);
  }
  return {};
}

Result<void> parse_sort(const Value& sort, const Collection& collection, Query& query) {
  if (!sort.is_list()) return refuse("'sort' must be a list of {\"field\", \"order\"}.");
  for (const Value& item : sort.as_list()) {
    ObjectReader reader(item, "sort[].");
    const std::string name = reader.required_text("field");
    const std::string order = to_lower_ascii(reader.text("order").value_or("ASC"));
    reader.finish();
    if (!reader.ok()) return refuse(reader.error());
    const FieldSpec* field = collection.find(name);
    if (field == nullptr || !field->sortable) {
      return refuse("'" + name + "' is not a field by which " + std::string(collection.name) +
                    " can be sorted. Known are: " + names_of(collection, true) + ".");
    }
    if (order != "asc" && order != "desc") return refuse("'sort[].order' must be ASC or DESC.");
    if (field->type != FieldType::tenant) query.sort.push_back({std::string(field->stored_name()), order == "desc"});
  }
  return {};
}

Result<void> parse_page(const Value& page, Query& query) {
  ObjectReader reader(page, "page.");
  const std::optional<std::int64_t> from = reader.integer("from");
  const std::optional<std::int64_t> limit = reader.integer("limit");
  const std::optional<std::string> after = reader.text("after");
  const std::optional<std::string> before = reader.text("before");
  reader.finish();
  if (!reader.ok()) return refuse(reader.error());
  if (limit && (*limit < 1 || *limit > static_cast<std::int64_t>(search_limit_max))) {
    return refuse("'page.limit' must be 1 to " + std::to_string(search_limit_max) + ".");
  }
  if (from && *from < 0) return refuse("'page.from' must not be negative.");
  if (int{from.has_value()} + int{after.has_value()} + int{before.has_value()} > 1) {
    return refuse("Give one of 'page.from', 'page.after' and 'page.before'.");
  }
  if (limit) query.limit = static_cast<std::size_t>(*limit);
  if (from) query.offset = static_cast<std::size_t>(*from);
  query.after = after.value_or("");
  query.before = before.value_or("");
  return {};
}

}  // namespace

Result<SearchRequest> parse_search(const Value& body, const Collection& collection) {
  SearchRequest search;
  search.query.limit = search_limit_default;
  ObjectReader reader(body, "");
  const Value* filter = reader.object("filter");
  const Value* sort = reader.list("sort");
  const Value* page = reader.object("page");
  reader.finish();
  if (!reader.ok()) return refuse(reader.error());
  if (filter != nullptr) {
    if (auto done = parse_filter(*filter, collection, search); !done) return fail(done.error());
  }
  if (sort != nullptr) {
    if (auto done = parse_sort(*sort, collection, search.query); !done) return fail(done.error());
  }
  if (page != nullptr) {
    if (auto done = parse_page(*page, search.query); !done) return fail(done.error());
  }
  return search;
}

}  // namespace fermata::http::v2
