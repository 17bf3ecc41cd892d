// User tasks: search, get, form, assign, complete, update, and the variables they see.
#include <map>

#include "http/v2/answer.h"
#include "http/v2/handlers.h"
#include "http/v2/object_reader.h"
#include "http/v2/rows.h"
#include "http/v2/search_route.h"

namespace fermata::http::v2 {
namespace {

/// The keys of the forms that tasks name, each looked up once per request. A form that is not deployed has none.
class FormKeys {
 public:
  explicit FormKeys(ReadSession& session) : session_(session) {}

  ResourceKey of(const UserTask& task) {
    if (task.form_id.empty()) return {};
    const auto found = known_.find(task.form_id);
    if (found != known_.end()) return found->second;
    const auto form = session_.latest_form(task.form_id);
    const ResourceKey key = form && *form ? (*form)->key : ResourceKey{};
    known_.emplace(task.form_id, key);
    return key;
  }

 private:
  ReadSession& session_;
  std::map<std::string, ResourceKey> known_;
};

template <class Use>
Response with_task(const Api& api, const Request& request, Use&& use) {
  return with_key<UserTaskKey>(request, "userTaskKey", [&](UserTaskKey key) {
    return with_session(api, [&](ReadSession& session) {
      const auto row = session.user_task(key);
      if (!row) return answer_error(row.error());
      return *row ? use(session, **row) : not_found("user task", key.text());
    });
  });
}

template <class Read>
Response task_command(const Api& api, const Request& request, Read&& read) {
  return with_key<UserTaskKey>(request, "userTaskKey", [&](UserTaskKey key) {
    return with_body(request, [&](const Value& body) {
      ObjectReader reader(body, "");
      auto command = read(reader, key);
      reader.accept("action");  // free text for listeners, which do not exist here
      reader.finish();
      return reader.ok() ? execute(api, request, std::move(command)) : bad_request(reader.error());
    });
  });
}

// A date of the changeset: absent or null leaves it, "" removes it.
std::optional<Timestamp> read_date(ObjectReader& changes, std::string_view name) {
  const Value* value = changes.find(name);
  if (value != nullptr && value->is_string() && value->as_string().empty()) return never;
  return changes.time(name);
}

void read_changeset(ObjectReader& reader, UpdateUserTask& command) {
  const Value* changeset = reader.object("changeset");
  if (changeset == nullptr) return;
  ObjectReader changes(*changeset, "changeset.");
  command.candidate_users = changes.texts("candidateUsers");
  command.candidate_groups = changes.texts("candidateGroups");
  command.due_at = read_date(changes, "dueDate");
  command.follow_up_at = read_date(changes, "followUpDate");
  command.priority = changes.integer32("priority");
  if (command.priority && (*command.priority < 0 || *command.priority > 100)) {
    changes.refuse("The field 'changeset.priority' must be 0 to 100.");
  }
  changes.finish();
  if (!changes.ok()) reader.refuse(changes.error());
}

// The task's own scope and the scopes around it, innermost first.
Result<std::vector<Value>> scopes_of(ReadSession& session, const UserTask& task) {
  std::vector<Value> keys;
  ElementInstanceKey scope = task.element_instance;
  constexpr std::size_t depth_max = 1'000;
  while (scope && keys.size() < depth_max) {
    keys.push_back(Value::string(scope.text()));
    const auto row = session.element(scope);
    if (!row) return fail(row.error());
    scope = *row ? (*row)->element.scope : ElementInstanceKey{};
  }
  return keys;
}

}  // namespace

Response search_user_tasks(const Api& api, const Request& request) {
  return with_body(request, [&](const Value& body) {
    Result<SearchRequest> parsed = parse_search(body, user_tasks);
    if (!parsed) return answer_error(parsed.error());
    const auto ignore = [](JsonWriter&, const UserTaskRow&) {};
    if (parsed->matches_nothing) return answer_page(Page<UserTaskRow>{}, ignore);
    return with_session(api, [&](ReadSession& session) {
      const Result<Page<UserTaskRow>> page = session.search_user_tasks(parsed->query);
      if (!page) return answer_error(page.error());
      FormKeys forms(session);
      return answer_page(*page, [&](JsonWriter& json, const UserTaskRow& row) { write_user_task(json, row, forms.of(row.task)); });
    });
  });
}

Response get_user_task(const Api& api, const Request& request) {
  return with_task(api, request, [](ReadSession& session, const UserTaskRow& row) {
    JsonWriter json;
    write_user_task(json, row, FormKeys(session).of(row.task));
    return Response::json(200, json.take());
  });
}

Response get_user_task_form(const Api& api, const Request& request) {
  return with_task(api, request, [](ReadSession& session, const UserTaskRow& row) {
    if (row.task.form_id.empty()) return Response::empty(204);
    const auto form = session.latest_form(row.task.form_id);
    if (!form) return answer_error(form.error());
    if (!*form) {
      return Response::problem(404, "NOT_FOUND",
                               "The form '" + row.task.form_id + "' of this task is not deployed; deploy its .form file.");
    }
    JsonWriter json;
    write_form(json, **form);
    return Response::json(200, json.take());
  });
}

Response assign_user_task(const Api& api, const Request& request) {
  return task_command(api, request, [](ObjectReader& reader, UserTaskKey key) {
    AssignUserTask command;
    command.task = key;
    command.assignee = reader.required_text("assignee");
    command.allow_override = reader.flag("allowOverride").value_or(true);
    return command;
  });
}

Response unassign_user_task(const Api& api, const Request& request) {
  return task_command(api, request, [](ObjectReader&, UserTaskKey key) {
    AssignUserTask command;
    command.task = key;
    return command;
  });
}

Response complete_user_task(const Api& api, const Request& request) {
  return task_command(api, request, [&](ObjectReader& reader, UserTaskKey key) {
    CompleteUserTask command;
    command.task = key;
    command.variables = reader.variables("variables");
    command.completed_by = request.principal.name;
    return command;
  });
}

Response update_user_task(const Api& api, const Request& request) {
  return task_command(api, request, [](ObjectReader& reader, UserTaskKey key) {
    UpdateUserTask command;
    command.task = key;
    read_changeset(reader, command);
    return command;
  });
}

Response search_user_task_variables(const Api& api, const Request& request) {
  const bool truncate = request.query.get("truncateValues").value_or("true") != "false";
  return with_task(api, request, [&](ReadSession& session, const UserTaskRow& row) {
    Result<std::vector<Value>> scopes = scopes_of(session, row.task);
    if (!scopes) return answer_error(scopes.error());
    const FieldCondition visible{"scopeKey", FieldCondition::Op::in, std::move(*scopes)};
    return search<VariableRow>(api, request, user_task_variables, &ReadSession::search_variables,
                               [truncate](JsonWriter& json, const VariableRow& variable) { write_variable(json, variable, truncate); },
                               {visible});
  });
}

}  // namespace fermata::http::v2
