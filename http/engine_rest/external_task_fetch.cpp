// POST /external-task/fetchAndLock: what every worker of Camunda 7 calls.
#include <algorithm>

#include "engine/base/limits.h"
#include "http/engine_rest/answer.h"
#include "http/engine_rest/handlers.h"
#include "http/engine_rest/typed_value.h"
#include "http/v2/long_poll.h"

namespace fermata::http::engine_rest {
namespace {

constexpr std::int64_t async_timeout_ms_max = 1'800'000;
constexpr std::size_t topics_max = 200;

struct Fetch {
  ActivateJobs command;
  Duration wait;
  std::vector<std::string> topics_with_properties;  ///< includeExtensionProperties
};

// "a": null or absent, or a list of names.
void read_process_filter(ObjectReader& topic, ActivateJobs::Topic& into) {
  if (const auto key = topic.text("processDefinitionKey")) into.process_ids.push_back(*key);
  for (std::string& key : topic.texts("processDefinitionKeyIn").value_or(std::vector<std::string>{})) {
    into.process_ids.push_back(std::move(key));
  }
  const auto add_definition = [&](const std::string& id) {
    const std::optional<DefinitionKey> key = parse_definition_id(id);
    // No such definition: nothing fits, as in Camunda.
    into.definitions.push_back(key.value_or(DefinitionKey{-1}));
  };
  if (const auto id = topic.text("processDefinitionId")) add_definition(*id);
  for (const std::string& id : topic.texts("processDefinitionIdIn").value_or(std::vector<std::string>{})) add_definition(id);
  into.version_tag = topic.text("processDefinitionVersionTag").value_or("");
  if (const Value* wanted = topic.object("processVariables")) {
    for (const Value::Entry& entry : wanted->as_context()) into.process_variables.push_back({entry.key, entry.value});
  }
  if (const auto tenants = topic.texts("tenantIdIn"); tenants && !tenants->empty()) {
    topic.refuse("There is one tenant only; leave tenantIdIn out.");
  }
}

void read_topic(const Value& item, Fetch& fetch, ObjectReader& body) {
  ObjectReader reader(item, "topics[].");
  ActivateJobs::Topic topic;
  topic.type = reader.required_text("topicName");
  const std::optional<std::int64_t> lock = reader.integer("lockDuration");
  if (!lock || *lock < 1 || *lock > limits::lease_ms_max) reader.refuse("lockDuration is required: milliseconds, more than 0 and at most a year");
  topic.timeout = Duration::from_ms(lock.value_or(1));
  topic.variables = reader.texts("variables");
  topic.local_variables_only = reader.flag("localVariables").value_or(false);
  topic.business_key = reader.text("businessKey").value_or("");
  read_process_filter(reader, topic);
  if (reader.flag("includeExtensionProperties").value_or(false)) fetch.topics_with_properties.push_back(topic.type);
  if (!reader.ok()) body.refuse(reader.error());
  fetch.command.topics.push_back(std::move(topic));
}

Fetch read_fetch(ObjectReader& body) {
  Fetch fetch;
  fetch.command.worker = body.required_text("workerId");
  const std::optional<std::int64_t> count = body.integer("maxTasks");
  if (!count || *count < 0) body.refuse("maxTasks is required and must not be negative");
  fetch.command.max_jobs = std::min(static_cast<std::size_t>(std::max<std::int64_t>(count.value_or(0), 0)), v2::jobs_per_activation_max);
  fetch.wait = Duration::from_ms(body.integer("asyncResponseTimeout").value_or(0));
  if (fetch.wait.ms > async_timeout_ms_max) {
    body.refuse("The asynchronous response timeout cannot be set to a value greater than 1800000 milliseconds");
  }
  if (const Value* topics = body.list("topics")) {
    if (topics->as_list().size() > topics_max) body.refuse("At most 200 topics can be fetched at once");
    for (const Value& topic : topics->as_list()) read_topic(topic, fetch, body);
  }
  return fetch;
}

void write_task(JsonWriter& json, const ActivatedJob& activated, bool with_properties) {
  const Job& job = activated.job;
  const bool has_failed = !job.error_message.empty();
  json.begin_object()
      .key("id", job.key)
      .text("topicName", job.type)
      .text("workerId", job.worker)
      .text("activityId", job.element_id)
      .key("activityInstanceId", job.element_instance)
      .key("executionId", job.element_instance)
      .key("processInstanceId", activated.instance)
      .text("processDefinitionId", definition_id(activated.definition))
      .text("processDefinitionKey", activated.definition.process_id)
      .text_or_null("processDefinitionVersionTag", activated.definition.version_tag)
      .text_or_null("businessKey", activated.business_key)
      .text_or_null("errorMessage", job.error_message)
      .text_or_null("errorDetails", job.error_details)
      .null("tenantId")
      .flag("suspended", false)
      .number("priority", job.priority);
  // Unknown until the worker has reported a failure: that is how workers see their first attempt.
  if (has_failed) {
    json.number("retries", job.retries);
  } else {
    json.null("retries");
  }
  write_c7_date(json, "lockExpirationTime", job.available_at);
  write_c7_date(json, "createTime", job.created_at);
  write_typed_variables(json, "variables", activated.variables);
  json.begin_object("extensionProperties");
  if (with_properties) {
    for (const auto& [name, value] : job.headers) json.text(name, value);
  }
  json.end_object().end_object();
}

}  // namespace

Response fetch_and_lock(const Api& api, const Request& request) {
  return with_body(request, [&](ObjectReader& body) {
    const Fetch fetch = read_fetch(body);
    if (!body.ok()) return invalid_request(body.error());
    if (fetch.command.topics.empty() || fetch.command.max_jobs == 0) return Response::json(200, "[]");
    const Result<Outcome> outcome = v2::activate_waiting(api, request, fetch.command, fetch.wait);
    if (!outcome && outcome.error().code == ErrorCode::resource_exhausted && fetch.wait.ms > 0) {
      return rest_error(500, "InvalidRequestException",
                        "At the moment the server has to handle too many requests at the same time. Please try again later.");
    }
    if (!outcome) return answer_error(outcome.error());
    if (!*outcome) return answer_rejection(outcome->error());
    JsonWriter json;
    json.begin_array();
    for (const ActivatedJob& job : std::get<JobsActivated>(**outcome).jobs) {
      const auto& wanted = fetch.topics_with_properties;
      write_task(json, job, std::find(wanted.begin(), wanted.end(), job.job.type) != wanted.end());
    }
    json.end_array();
    return Response::json(200, json.take());
  });
}

}  // namespace fermata::http::engine_rest
