// fermata list, search and get: what is there, in tables that fit a terminal, or as JSON.
#include <algorithm>
#include <iostream>

#include "cli/client/output.h"
#include "cli/commands/client_commands.h"
#include "cli/commands/resources.h"
#include "engine/base/json.h"

namespace fermata::cli {
namespace {

constexpr std::size_t limit_max = 10'000;

// A value of "field=value": JSON where it can be nothing else (true, {"$like":"a*"}), else a text; keys and numbers may be texts.
Value filter_value(const std::string& text) {
  const bool json = text.starts_with('{') || text.starts_with('[') || text.starts_with('"') || text == "true" || text == "false";
  const Result<Value> parsed = json ? parse_json(text) : Result<Value>(Value::string(text));
  return parsed ? *parsed : Value::string(text);
}

Result<Value> build_filter(const ResourceKind& kind, const ListOptions& options) {
  Value::Entries entries;
  if (!options.filter.empty()) {
    Result<Value> given = read_json_argument(options.filter);
    if (!given) return given;
    entries.assign(given->as_context().begin(), given->as_context().end());
  }
  const auto add = [&](std::string_view field, std::string_view option, const std::string& value) -> Result<void> {
    if (value.empty()) return {};
    if (field.empty()) {
      return fail(ErrorCode::invalid_argument, std::string(kind.name) + " cannot be chosen by " + std::string(option) + ".");
    }
    entries.push_back({std::string(field), Value::string(value)});
    return {};
  };
  if (auto done = add(kind.state_filter, "--state", options.state); !done) return fail(done.error());
  if (auto done = add(kind.process_filter, "--process", options.process); !done) return fail(done.error());
  if (auto done = add("processInstanceKey", "--instance", options.instance); !done) return fail(done.error());
  for (const std::string& condition : options.where) {
    const std::size_t equals = condition.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(ErrorCode::invalid_argument, "'" + condition + "' is not FIELD=VALUE.");
    }
    entries.push_back({condition.substr(0, equals), filter_value(condition.substr(equals + 1))});
  }
  Value::List variables;
  for (const std::string& condition : options.variables) {
    const std::size_t equals = condition.find('=');
    if (equals == std::string::npos || equals == 0) return fail(ErrorCode::invalid_argument, "'" + condition + "' is not NAME=VALUE.");
    const std::string text = condition.substr(equals + 1);
    const Result<Value> parsed = parse_json(text);
    const std::string json = parsed ? text : to_json(Value::string(text));  // a bare word is a text
    variables.push_back(Value::context({{"name", Value::string(condition.substr(0, equals))}, {"value", Value::string(json)}}));
  }
  if (!variables.empty()) entries.push_back({"variables", Value::list(std::move(variables))});
  return Value::context(std::move(entries));
}

Value build_sort(const ResourceKind& kind, const ListOptions& options) {
  std::vector<std::string> wanted = options.sort;
  if (wanted.empty()) wanted.emplace_back(kind.sort);
  Value::List sort;
  for (const std::string& field : wanted) {
    const std::size_t colon = field.find(':');
    const bool descending = colon != std::string::npos && field.substr(colon + 1) == "desc";
    sort.push_back(Value::context(
        {{"field", Value::string(field.substr(0, colon))}, {"order", Value::string(descending ? "DESC" : "ASC")}}));
  }
  return Value::list(std::move(sort));
}

const ResourceKind* known(const std::string& name) {
  const ResourceKind* kind = find_resource(name);
  if (kind == nullptr) complain("There is no '" + name + "' to look at. Known are: " + resource_names() + ".");
  return kind;
}

void print_page(const ResourceKind& kind, const Value& answer) {
  const Value* items = answer.find("items");
  if (items == nullptr || !items->is_list()) return;
  print_table(kind.columns, items->as_list(), std::cout);
  const std::string total = cell_text(answer, "page.totalItems");
  const bool more = cell_text(answer, "page.hasMoreTotalItems") == "true";
  if (more || total != std::to_string(items->as_list().size())) {
    std::cerr << items->as_list().size() << " of " << (more ? "more than " : "") << total << " shown; see --limit\n";
  }
}

struct Section {
  std::string_view title;
  std::string_view field;
  std::span<const Column> columns;
};

constexpr Column timeline_elements[] = {{"STARTED", "startDate"}, {"ENDED", "endDate"}, {"ELEMENT", "elementId"},
                                        {"TYPE", "type"}, {"STATE", "state"}, {"NAME", "elementName"}};
constexpr Column timeline_incidents[] = {{"KEY", "incidentKey"}, {"SINCE", "creationTime"}, {"ELEMENT", "elementId"},
                                         {"STATE", "state"}, {"TYPE", "reason"}, {"MESSAGE", "errorMessage"}};
constexpr Column timeline_jobs[] = {{"KEY", "jobKey"}, {"TYPE", "type"}, {"ELEMENT", "elementId"}, {"STATE", "detailedState"},
                                    {"ATTEMPT", "attempt"}, {"RETRIES", "retries"}, {"ERROR", "errorMessage"}};
constexpr Column timeline_tasks[] = {{"KEY", "userTaskKey"}, {"NAME", "name"}, {"STATE", "state"}, {"ASSIGNEE", "assignee"},
                                     {"BY", "completedBy"}, {"CREATED", "creationDate"}, {"COMPLETED", "completionDate"}};
constexpr Column timeline_decisions[] = {{"AT", "evaluationDate"}, {"ELEMENT", "elementId"}, {"DECISION", "decisionDefinitionId"},
                                         {"VERSION", "decisionDefinitionVersion"}, {"RESULT", "result"}};
constexpr Column timeline_timers[] = {{"DUE", "dueDate"}, {"ENDED", "endDate"}, {"ELEMENT", "elementId"}};
constexpr Column timeline_variables[] = {{"NAME", "name"}, {"SCOPE", "scopeKey"}, {"VALUE", "value"}};
constexpr Column timeline_commands[] = {{"AT", "at"}, {"COMMAND", "command"}, {"BY", "actor"}};
constexpr Section sections[] = {{"Elements", "elementInstances", timeline_elements}, {"Incidents", "incidents", timeline_incidents},
                                {"Jobs", "jobs", timeline_jobs},                     {"User tasks", "userTasks", timeline_tasks},
                                {"Decisions", "decisions", timeline_decisions},      {"Timers", "timers", timeline_timers},
                                {"Variables", "variables", timeline_variables},      {"Commands", "transitions", timeline_commands}};

void print_timeline(const Value& answer) {
  if (const Value* instance = answer.find("instance")) {
    std::cout << "Instance " << cell_text(*instance, "processInstanceKey") << " of " << cell_text(*instance, "processDefinitionId")
              << " version " << cell_text(*instance, "processDefinitionVersion") << ": " << cell_text(*instance, "state")
              << (cell_text(*instance, "hasIncident") == "true" ? ", with an incident" : "")
              << ", business key " << cell_text(*instance, "businessId") << '\n';
  }
  for (const Section& section : sections) {
    const Value* rows = answer.find(section.field);
    if (rows == nullptr || !rows->is_list() || rows->as_list().empty()) continue;
    std::cout << '\n' << section.title << '\n';
    print_table(section.columns, rows->as_list(), std::cout);
  }
}

}  // namespace

Exit list(ClientSession& session, const ListOptions& options) {
  const ResourceKind* kind = known(options.resource);
  if (kind == nullptr) return Exit::usage;
  const Result<Value> filter = build_filter(*kind, options);
  if (!filter) {
    complain(filter.error().message);
    return Exit::usage;
  }
  const auto limit = static_cast<std::int64_t>(std::clamp<std::size_t>(static_cast<std::size_t>(std::max(options.limit, 1)), 1, limit_max));
  const Value body = Value::context({{"filter", *filter},
                                     {"sort", build_sort(*kind, options)},
                                     {"page", Value::context({{"limit", Value::integer(limit)}})}});
  const Called called = session.call("POST", "/v2/" + std::string(kind->path) + "/search", to_json(body));
  return session.show(called, [&](const Value& answer) { print_page(*kind, answer); });
}

Exit get(ClientSession& session, const GetOptions& options) {
  const ResourceKind* kind = known(options.resource);
  if (kind == nullptr) return Exit::usage;
  if (options.key.find_first_not_of(kind->key_characters) != std::string::npos || options.key.empty()) {
    complain("'" + options.key + "' is not a key: keys are decimal numbers, see 'fermata list " + std::string(kind->name) + "'.");
    return Exit::usage;
  }
  const std::string path = "/v2/" + std::string(kind->path) + "/" + options.key;
  if (options.timeline && kind->name == "instances") {
    return session.show(session.call("GET", path + "/timeline"), print_timeline);
  }
  if (options.xml && kind->name == "definitions") {
    const Called called = session.call("GET", path + "/xml");
    if (called.exit == Exit::done) std::cout << called.text << '\n';
    return called.exit;
  }
  if (kind->gettable) {
    return session.show(session.call("GET", path), [](const Value& answer) { print_fields(answer, std::cout); });
  }
  const Value body = Value::context({{"filter", Value::context({{std::string(kind->key_field), Value::string(options.key)}})}});
  const Called called = session.call("POST", "/v2/" + std::string(kind->path) + "/search", to_json(body));
  const Value* items = called.answer.find("items");
  if (called.exit == Exit::done && (items == nullptr || items->as_list().empty())) {
    complain("There is no " + std::string(kind->singular) + " with key " + options.key + ".");
    return Exit::refused;
  }
  return session.show(called, [&](const Value&) { print_fields(items->as_list().front(), std::cout); });
}

}  // namespace fermata::cli
