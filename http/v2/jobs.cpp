// Jobs: activate (with long polling), complete, fail, throw an error, update, search.
#include <algorithm>
#include <charconv>

#include "engine/base/limits.h"
#include "http/v2/answer.h"
#include "http/v2/handlers.h"
#include "http/v2/long_poll.h"
#include "http/v2/object_reader.h"
#include "http/v2/rows.h"
#include "http/v2/search_route.h"

namespace fermata::http::v2 {
namespace {

constexpr std::string_view anonymous_worker = "default";

struct Activation {
  ActivateJobs command;
  Duration wait;
};

void check_tenants(ObjectReader& reader) {
  for (const std::string& tenant : reader.texts("tenantIds").value_or(std::vector<std::string>{})) {
    if (const std::string problem = tenant_problem(tenant); !problem.empty()) reader.refuse(problem);
  }
}

Activation read_activation(const Api& api, ObjectReader& reader) {
  Activation activation;
  ActivateJobs::Topic topic;
  topic.type = reader.required_text("type");
  const std::optional<std::int64_t> timeout = reader.integer("timeout");
  if (!timeout || *timeout < 1 || *timeout > limits::lease_ms_max) {
    reader.refuse("The field 'timeout' is required: for how many milliseconds the jobs are yours, 1 to a year.");
  }
  topic.timeout = Duration::from_ms(timeout.value_or(0));
  if (auto names = reader.texts("fetchVariable"); names && !names->empty()) topic.variables = std::move(*names);
  activation.command.topics.push_back(std::move(topic));
  activation.command.worker = reader.text("worker").value_or(std::string(anonymous_worker));
  const std::optional<std::int64_t> count = reader.integer("maxJobsToActivate");
  if (!count || *count < 1) reader.refuse("The field 'maxJobsToActivate' is required and must be at least 1.");
  activation.command.max_jobs =
      std::min(static_cast<std::size_t>(std::max<std::int64_t>(count.value_or(1), 1)), jobs_per_activation_max);
  const std::int64_t wanted = reader.integer("requestTimeout").value_or(0);
  activation.wait = wanted == 0 ? api.long_poll_default : Duration::from_ms(std::min(wanted, api.long_poll_max.ms));
  check_tenants(reader);
  reader.accept("tenantFilter");
  reader.accept("withLease");
  reader.finish();
  return activation;
}

// The fencing token of an activation: a job that was given to somebody else meanwhile refuses it.
std::optional<std::int64_t> read_lease(ObjectReader& reader) {
  const std::optional<std::string> token = reader.text("leaseToken");
  if (!token) return std::nullopt;
  std::int64_t lease = 0;
  const auto [end, error] = std::from_chars(token->data(), token->data() + token->size(), lease);
  if (error != std::errc{} || end != token->data() + token->size()) {
    reader.refuse("The field 'leaseToken' is not one that this server has given out.");
  }
  return lease;
}

template <class Read>
Response job_command(const Api& api, const Request& request, Read&& read) {
  return with_key<JobKey>(request, "jobKey", [&](JobKey key) {
    return with_body(request, [&](const Value& body) {
      ObjectReader reader(body, "");
      auto command = read(reader, key);
      reader.finish();
      return reader.ok() ? execute(api, request, std::move(command)) : bad_request(reader.error());
    });
  });
}

// A job ends by the word of a worker. Once its retries are spent only a person may still settle it, who has looked whether what was
// called did happen: an operator, whose only say in a job this is. A worker is told 409, as Camunda 8 does.
std::optional<Response> refuse_end(const Api& api, const Request& request, JobKey key, bool with_lease) {
  const RoleSet roles = request.principal.roles.effective();
  const bool works = roles.contains(Role::worker);
  const bool operates = roles.contains(Role::operator_);
  if (works && (operates || with_lease)) return std::nullopt;
  std::optional<Response> refusal;
  const Response read = with_session(api, [&](ReadSession& session) {
    const auto row = session.job(key);
    if (!row) return answer_error(row.error());
    const bool open = *row && is_live((*row)->job.status) && (*row)->job.incident;
    if (open && !operates) {
      refusal = Response::problem(409, "INVALID_STATE",
                                  "Job " + key.text() + " has no retries left: resolve incident " + (*row)->job.incident.text() +
                                      " first, or let an operator complete it.");
    } else if (!open && !works) {
      refusal = Response::problem(403, "FORBIDDEN",
                                  "Job " + key.text() + " has no open incident: only then an operator may end it. Otherwise this "
                                                        "needs the role worker.");
    }
    return Response::empty(204);
  });
  return read.status == 204 ? refusal : read;
}

template <class Read>
Response end_job(const Api& api, const Request& request, Read&& read) {
  return with_key<JobKey>(request, "jobKey", [&](JobKey key) {
    return with_body(request, [&](const Value& body) {
      ObjectReader reader(body, "");
      auto command = read(reader, key);
      reader.finish();
      if (!reader.ok()) return bad_request(reader.error());
      if (std::optional<Response> refusal = refuse_end(api, request, key, command.lease.has_value())) return std::move(*refusal);
      return execute(api, request, std::move(command));
    });
  });
}

void read_changeset(ObjectReader& reader, UpdateJob& command) {
  const Value* changeset = reader.object("changeset");
  if (changeset == nullptr) {
    reader.refuse("The field 'changeset' is required.");
    return;
  }
  ObjectReader changes(*changeset, "changeset.");
  command.retries = changes.integer32("retries");
  command.priority = changes.integer("priority");
  const std::optional<std::int64_t> timeout = changes.integer("timeout");
  if (timeout && (*timeout < 0 || *timeout > limits::lease_ms_max)) {
    changes.refuse("The field 'changeset.timeout' is in milliseconds, 0 (give the job back) to a year.");
  }
  if (timeout) command.timeout = Duration::from_ms(*timeout);
  if (command.retries && *command.retries < 1) changes.refuse("The field 'changeset.retries' must be at least 1.");
  changes.finish();
  if (changes.ok() && !command.retries && !command.priority && !timeout) changes.refuse("The changeset changes nothing.");
  if (!changes.ok()) reader.refuse(changes.error());
}

}  // namespace

Response activate_jobs(const Api& api, const Request& request) {
  return with_body(request, [&](const Value& body) {
    ObjectReader reader(body, "");
    const Activation activation = read_activation(api, reader);
    if (!reader.ok()) return bad_request(reader.error());
    const Result<Outcome> outcome = activate_waiting(api, request, activation.command, activation.wait);
    if (!outcome) return answer_error(outcome.error());
    if (!*outcome) return answer_rejection(ActivateJobs::command_name, outcome->error(), false);
    JsonWriter json;
    json.begin_object().begin_array("jobs");
    for (const ActivatedJob& job : std::get<JobsActivated>(**outcome).jobs) write_activated_job(json, job);
    json.end_array().end_object();
    return Response::json(200, json.take());
  });
}

Response complete_job(const Api& api, const Request& request) {
  return end_job(api, request, [](ObjectReader& reader, JobKey key) {
    CompleteJob command;
    command.job = key;
    command.lease = read_lease(reader);
    command.variables = reader.variables("variables");
    if (reader.find("result") != nullptr) {
      reader.refuse("The field 'result' belongs to listeners and ad-hoc subprocesses, which do not exist here.");
    }
    return command;
  });
}

Response fail_job(const Api& api, const Request& request) {
  return job_command(api, request, [](ObjectReader& reader, JobKey key) {
    FailJob command;
    command.job = key;
    command.lease = read_lease(reader);
    command.retries = reader.integer32("retries").value_or(0);  // as in Camunda 8: who does not say how many are left, gives up
    command.message = reader.text("errorMessage").value_or("");
    command.variables = reader.variables("variables");
    const std::optional<std::int64_t> backoff = reader.integer("retryBackOff");
    if (backoff && (*backoff < 0 || *backoff > limits::lease_ms_max)) {
      reader.refuse("The field 'retryBackOff' is in milliseconds, 0 to a year.");
    }
    if (backoff) command.retry_after = Duration::from_ms(*backoff);
    if (command.retries && *command.retries < 0) reader.refuse("The field 'retries' must not be negative.");
    return command;
  });
}

Response throw_job_error(const Api& api, const Request& request) {
  return end_job(api, request, [](ObjectReader& reader, JobKey key) {
    ThrowJobError command;
    command.job = key;
    command.lease = read_lease(reader);
    command.code = reader.required_text("errorCode");
    command.message = reader.text("errorMessage").value_or("");
    command.variables = reader.variables("variables");
    return command;
  });
}

Response update_job(const Api& api, const Request& request) {
  return job_command(api, request, [](ObjectReader& reader, JobKey key) {
    UpdateJob command;
    command.job = key;
    command.lease = read_lease(reader);
    reader.accept("operationReference");
    read_changeset(reader, command);
    return command;
  });
}

Response search_jobs(const Api& api, const Request& request) {
  return search<JobRow>(api, request, jobs, &ReadSession::search_jobs, write_job);
}

}  // namespace fermata::http::v2
