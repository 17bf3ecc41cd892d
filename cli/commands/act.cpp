// The client commands that change something: run, complete, assign, retry, resolve, cancel, publish, signal, set.
#include <iostream>

#include "cli/client/output.h"
#include "cli/commands/client_commands.h"
#include "engine/base/json.h"

namespace fermata::cli {
namespace {

bool is_key(const std::string& text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos; }

/// Puts the argument's object into the body as "variables". False, and a complaint, when it cannot be read.
bool add_variables(Value::Entries& body, const std::string& argument) {
  if (argument.empty()) return true;
  Result<Value> variables = read_json_argument(argument);
  if (!variables) {
    complain(variables.error().message);
    return false;
  }
  body.push_back({"variables", std::move(*variables)});
  return true;
}

bool require_key(const std::string& key) {
  if (is_key(key)) return true;
  complain("'" + key + "' is not a key: keys are decimal numbers, as 'fermata list' shows them.");
  return false;
}

std::string body_of(Value::Entries entries) { return to_json(Value::context(std::move(entries))); }

Called resolve_one(ClientSession& session, const std::string& incident, int retries) {
  return session.call("POST", "/v2/incidents/" + incident + "/resolution", body_of({{"jobRetries", Value::integer(retries)}}));
}

/// The active incidents of an instance; empty when it has none.
Called active_incidents(ClientSession& session, const std::string& instance) {
  return session.call("POST", "/v2/process-instances/" + instance + "/incidents/search",
                      body_of({{"filter", Value::context({{"state", Value::string("ACTIVE")}})}}));
}

Exit retry_instance(ClientSession& session, const std::string& instance, int retries) {
  const Called found = active_incidents(session, instance);
  if (found.exit != Exit::done) return found.exit;
  const Value* items = found.answer.find("items");
  if (items == nullptr || !items->is_list() || items->as_list().empty()) {
    complain("The instance " + instance + " has no active incident: there is nothing to retry.");
    return Exit::refused;
  }
  Exit worst = Exit::done;
  for (const Value& item : items->as_list()) {
    const std::string key = cell_text(item, "incidentKey");
    const Called called = resolve_one(session, key, retries);
    const Exit exit = session.say(called, "incident " + key + " at " + cell_text(item, "elementId") + " resolved: it is tried again");
    if (exit != Exit::done) worst = exit;
  }
  return worst;
}

}  // namespace

Exit run(ClientSession& session, const RunOptions& options) {
  Value::Entries body;
  const bool by_key = is_key(options.process);  // an id in XML never begins with a digit
  body.push_back({by_key ? "processDefinitionKey" : "processDefinitionId", Value::string(options.process)});
  if (options.version) body.push_back({"processDefinitionVersion", Value::integer(*options.version)});
  if (!options.business_key.empty()) body.push_back({"businessId", Value::string(options.business_key)});
  if (!add_variables(body, options.variables)) return Exit::usage;
  if (options.await) {
    body.push_back({"awaitCompletion", Value::boolean(true)});
    body.push_back({"requestTimeout", Value::integer(std::int64_t{options.timeout_s} * 1000)});
    session.http().set_timeout(std::chrono::seconds(options.timeout_s + 5));
  }
  std::vector<std::string> headers;
  if (!options.idempotency_key.empty()) headers.push_back("Idempotency-Key: " + options.idempotency_key);
  const Called called = session.call("POST", "/v2/process-instances", body_of(std::move(body)), headers);
  return session.show(called, [&](const Value& answer) {
    std::cout << "instance " << cell_text(answer, "processInstanceKey") << " of " << cell_text(answer, "processDefinitionId")
              << " version " << cell_text(answer, "processDefinitionVersion") << (options.await ? " completed\n" : " started\n");
    if (const Value* variables = answer.find("variables"); options.await && variables != nullptr) {
      std::cout << pretty_json(*variables) << '\n';
    }
  });
}

Exit complete(ClientSession& session, const CompleteOptions& options) {
  const bool task = options.kind == "task" || options.kind == "ut";
  if (!task && options.kind != "job") {
    complain("Complete a 'task' or a 'job', not a '" + options.kind + "'.");
    return Exit::usage;
  }
  Value::Entries body;
  if (!require_key(options.key) || !add_variables(body, options.variables)) return Exit::usage;
  const std::string path = (task ? "/v2/user-tasks/" : "/v2/jobs/") + options.key + "/completion";
  return session.say(session.call("POST", path, body_of(std::move(body))),
                     std::string(task ? "task " : "job ") + options.key + " completed");
}

Exit assign(ClientSession& session, const AssignOptions& options) {
  if (!require_key(options.key)) return Exit::usage;
  const std::string path = "/v2/user-tasks/" + options.key;
  if (options.assignee.empty()) return session.say(session.call("DELETE", path + "/assignee"), "task " + options.key + " unassigned");
  const Called called = session.call("POST", path + "/assignment", body_of({{"assignee", Value::string(options.assignee)}}));
  return session.say(called, "task " + options.key + " assigned to " + options.assignee);
}

// Instances and incidents share one sequence of keys, so a key that is no incident is looked up as an instance.
Exit retry(ClientSession& session, const RetryOptions& options) {
  Exit worst = Exit::done;
  for (const std::string& key : options.keys) {
    if (!require_key(key)) return Exit::usage;
    const Result<HttpAnswer> incident = session.http().send("GET", "/v2/incidents/" + key);
    Exit exit = Exit::done;
    if (incident && incident->status == 200) {
      exit = session.say(resolve_one(session, key, options.retries), "incident " + key + " resolved: it is tried again");
    } else {
      exit = retry_instance(session, key, options.retries);
    }
    if (exit != Exit::done) worst = exit;
  }
  return worst;
}

Exit resolve(ClientSession& session, const RetryOptions& options) {
  Exit worst = Exit::done;
  for (const std::string& key : options.keys) {
    if (!require_key(key)) return Exit::usage;
    const Exit exit = session.say(resolve_one(session, key, options.retries), "incident " + key + " resolved");
    if (exit != Exit::done) worst = exit;
  }
  return worst;
}

Exit cancel(ClientSession& session, const std::vector<std::string>& keys) {
  Exit worst = Exit::done;
  for (const std::string& key : keys) {
    if (!require_key(key)) return Exit::usage;
    const Called called = session.call("POST", "/v2/process-instances/" + key + "/cancellation", "{}");
    const Exit exit = session.say(called, "instance " + key + " canceled");
    if (exit != Exit::done) worst = exit;
  }
  return worst;
}

Exit publish(ClientSession& session, const PublishOptions& options) {
  Value::Entries body{{"name", Value::string(options.name)}, {"correlationKey", Value::string(options.correlation_key)}};
  if (!add_variables(body, options.variables)) return Exit::usage;
  if (options.now_or_never) {
    const Called called = session.call("POST", "/v2/messages/correlation", body_of(std::move(body)));
    return session.show(called, [&](const Value& answer) {
      std::cout << "message " << options.name << " correlated to instance " << cell_text(answer, "processInstanceKey") << '\n';
    });
  }
  body.push_back({"timeToLive", Value::integer(std::int64_t{options.ttl_s} * 1000)});
  if (!options.message_id.empty()) body.push_back({"messageId", Value::string(options.message_id)});
  const Called called = session.call("POST", "/v2/messages/publication", body_of(std::move(body)));
  return session.show(called, [&](const Value& answer) {
    std::cout << "message " << options.name << " published (key " << cell_text(answer, "messageKey") << ")\n";
  });
}

Exit signal(ClientSession& session, const std::string& name, const std::string& variables) {
  Value::Entries body{{"signalName", Value::string(name)}};
  if (!add_variables(body, variables)) return Exit::usage;
  return session.say(session.call("POST", "/v2/signals/broadcast", body_of(std::move(body))), "signal " + name + " broadcast");
}

Exit set_variables(ClientSession& session, const SetOptions& options) {
  Value::Entries body{{"local", Value::boolean(options.local)}};
  if (!require_key(options.scope) || !add_variables(body, options.variables)) return Exit::usage;
  const Called called = session.call("PUT", "/v2/element-instances/" + options.scope + "/variables", body_of(std::move(body)));
  return session.say(called, "variables of " + options.scope + " set");
}

Exit show_status(ClientSession& session) {
  const Called called = session.call("GET", "/v2/topology");
  return session.show(called, [&](const Value& answer) {
    std::cout << cell_text(answer, "product") << ' ' << cell_text(answer, "productVersion") << " at " << session.http().url() << '\n';
  });
}

}  // namespace fermata::cli
