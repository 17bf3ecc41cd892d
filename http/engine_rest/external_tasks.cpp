// One external task: complete, fail, throw an error, lock, extend, unlock, set retries.
#include "engine/base/limits.h"
#include "http/engine_rest/answer.h"
#include "http/engine_rest/handlers.h"
#include "http/engine_rest/typed_value.h"
#include "http/v2/answer.h"

namespace fermata::http::engine_rest {
namespace {

constexpr std::int32_t retries_max = 1'000'000;

Response no_such_task(std::string_view id) {
  return rest_error(404, "RestException", "External task with id " + std::string(id) + " does not exist");
}

/// The phrase of a refusal: what could not be done with the task.
struct Refusal {
  std::string_view before;  ///< "External Task "
  std::string_view after;   ///< " cannot be completed by worker '"
  std::string_view end = "'. It is locked by worker '";
};
constexpr Refusal not_completed{"External Task ", " cannot be completed by worker '"};
constexpr Refusal not_failed{"Failure of External Task ", " cannot be reported by worker '"};
constexpr Refusal not_thrown{"Bpmn error of External Task ", " cannot be reported by worker '"};
constexpr Refusal not_extended{"The lock of the External Task ", " cannot be extended by worker '", "''. It is locked by worker '"};
constexpr Refusal not_locked{"External Task ", " cannot be locked by worker '"};

// Camunda's own words for the usual refusals, found by looking at the job; the engine's words for the others.
RejectionAnswer refused(const Api& api, JobKey key, std::string worker, const Refusal& refusal) {
  return [&api, key, worker = std::move(worker), refusal](const Rejection& rejection) {
    if (rejection.code == RejectionCode::not_found) return no_such_task(key.text());
    if (rejection.code != RejectionCode::invalid_state) return answer_rejection(rejection);
    return with_session(api, [&](ReadSession& session) {
      const auto row = session.job(key);
      if (!row) return answer_error(row.error());
      if (!*row || !is_live((*row)->job.status)) return no_such_task(key.text());
      const Job& job = (*row)->job;
      if (job.status != JobStatus::locked || job.worker == worker) return answer_rejection(rejection);
      return rest_error(400, "RestException",
                        std::string(refusal.before) + key.text() + std::string(refusal.after) + worker + std::string(refusal.end) +
                            job.worker + "'.");
    });
  };
}

Variables read_variables(ObjectReader& body, std::string_view name) {
  const Value* map = body.object(name);
  if (map == nullptr) return {};
  Result<Variables> variables = read_typed_variables(*map);
  if (!variables) {
    body.refuse(variables.error().message);
    return {};
  }
  return std::move(*variables);
}

/// `read` fills the command from the body; then it is submitted for the worker that the body names.
template <class Command, class Read>
Response task_command(const Api& api, const Request& request, const Refusal& refusal, Read&& read) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_such_task(request.param("id"));
  return with_body(request, [&](ObjectReader& body) {
    Command command;
    command.job = JobKey{*raw};
    command.worker = body.text("workerId").value_or("");
    if (command.worker->empty()) body.refuse("workerId is required and must not be empty");
    read(body, command);
    if (!body.ok()) return invalid_request(body.error());
    const std::string worker = *command.worker;
    return execute(api, request, std::move(command), nullptr, refused(api, JobKey{*raw}, worker, refusal));
  });
}

Duration read_lock(ObjectReader& body, std::string_view name) {
  const std::optional<std::int64_t> ms = body.integer(name);
  if (!ms || *ms < 1 || *ms > limits::lease_ms_max) {
    body.refuse(std::string(name) + " is required: milliseconds, more than 0 and at most a year");
  }
  return Duration::from_ms(ms.value_or(0));
}

}  // namespace

Response complete_task(const Api& api, const Request& request) {
  return task_command<CompleteJob>(api, request, not_completed, [](ObjectReader& body, CompleteJob& command) {
    command.variables = read_variables(body, "variables");
    command.local_variables = read_variables(body, "localVariables");
  });
}

Response fail_task(const Api& api, const Request& request) {
  return task_command<FailJob>(api, request, not_failed, [](ObjectReader& body, FailJob& command) {
    command.message = body.text("errorMessage").value_or("");
    command.details = body.text("errorDetails").value_or("");
    command.retries = body.integer32("retries").value_or(0);
    const std::int64_t retry = body.integer("retryTimeout").value_or(0);
    if (*command.retries < 0) body.refuse("The number of retries cannot be negative");
    if (retry < 0 || retry > limits::lease_ms_max) body.refuse("The retry timeout is in milliseconds, 0 to a year");
    command.retry_after = Duration::from_ms(retry);
    command.variables = read_variables(body, "variables");
    for (Variable& local : read_variables(body, "localVariables")) command.variables.push_back(std::move(local));
  });
}

Response throw_bpmn_error(const Api& api, const Request& request) {
  return task_command<ThrowJobError>(api, request, not_thrown, [](ObjectReader& body, ThrowJobError& command) {
    command.code = body.required_text("errorCode");
    command.message = body.text("errorMessage").value_or("");
    command.variables = read_variables(body, "variables");
  });
}

// Whoever has it already gets it for longer; else it must be free. Like fetchAndLock, but of one task that the worker knows.
Response lock_task(const Api& api, const Request& request) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_such_task(request.param("id"));
  return with_body(request, [&](ObjectReader& body) {
    LockJob lock{JobKey{*raw}, body.text("workerId").value_or(""), read_lock(body, "lockDuration")};
    if (lock.worker.empty()) body.refuse("workerId is required and must not be empty");
    if (!body.ok()) return invalid_request(body.error());
    bool mine = false;
    const Response looked = with_session(api, [&](ReadSession& session) {
      const auto row = session.job(lock.job);
      if (!row) return answer_error(row.error());
      if (!*row || !is_live((*row)->job.status)) return no_such_task(lock.job.text());
      mine = (*row)->job.status == JobStatus::locked && (*row)->job.worker == lock.worker;
      return Response::empty(204);
    });
    if (looked.status != 204) return looked;
    const RejectionAnswer otherwise = refused(api, lock.job, lock.worker, not_locked);
    if (!mine) return execute(api, request, std::move(lock), nullptr, otherwise);
    UpdateJob prolong;
    prolong.job = lock.job;
    prolong.worker = lock.worker;
    prolong.timeout = lock.timeout;
    return execute(api, request, std::move(prolong), nullptr, otherwise);
  });
}

Response extend_lock(const Api& api, const Request& request) {
  return task_command<UpdateJob>(api, request, not_extended,
                                 [](ObjectReader& body, UpdateJob& command) { command.timeout = read_lock(body, "newDuration"); });
}

// No worker is named: whoever may call this may take the task away.
Response unlock_task(const Api& api, const Request& request) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_such_task(request.param("id"));
  UpdateJob command;
  command.job = JobKey{*raw};
  command.timeout = Duration{0};
  return execute(api, request, std::move(command), nullptr, refused(api, JobKey{*raw}, "", not_extended));
}

// More than zero ends the incident of spent retries, as in Camunda.
Response set_retries(const Api& api, const Request& request) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_such_task(request.param("id"));
  return with_body(request, [&](ObjectReader& body) {
    const std::int32_t retries = body.integer32("retries").value_or(-1);
    if (retries < 1 || retries > retries_max) body.refuse("The number of retries is required and must be at least 1");
    if (!body.ok()) return invalid_request(body.error());
    IncidentKey incident;
    const Response looked = with_session(api, [&](ReadSession& session) {
      const auto row = session.job(JobKey{*raw});
      if (!row) return answer_error(row.error());
      if (!*row || !is_live((*row)->job.status)) return no_such_task(request.param("id"));
      incident = (*row)->job.incident;
      return Response::empty(204);
    });
    if (looked.status != 204) return looked;
    if (incident) {
      ResolveIncident command;
      command.incident = incident;
      command.job_retries = retries;
      return execute(api, request, std::move(command));
    }
    UpdateJob command;
    command.job = JobKey{*raw};
    command.retries = retries;
    return execute(api, request, std::move(command));
  });
}

}  // namespace fermata::http::engine_rest
