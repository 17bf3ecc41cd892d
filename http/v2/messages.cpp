// Messages and signals: publish, correlate, broadcast, and who waits.
#include "http/v2/answer.h"
#include "http/v2/handlers.h"
#include "http/v2/object_reader.h"
#include "http/v2/rows.h"
#include "http/v2/search_route.h"

namespace fermata::http::v2 {
namespace {

constexpr std::int64_t ttl_ms_max = std::int64_t{366} * 24 * 3600 * 1000;

Response answer_message(MessageKey message, std::optional<ProcessInstanceKey> instance) {
  JsonWriter json;
  json.begin_object().text("tenantId", default_tenant).key("messageKey", message);
  if (instance) json.key("processInstanceKey", *instance);
  json.end_object();
  return Response::json(200, json.take());
}

void read_tenant(ObjectReader& reader) {
  if (const std::string problem = tenant_problem(reader.text("tenantId")); !problem.empty()) reader.refuse(problem);
}

}  // namespace

Response publish_message(const Api& api, const Request& request) {
  return with_body(request, [&](const Value& body) {
    ObjectReader reader(body, "");
    PublishMessage command;
    command.name = reader.required_text("name");
    command.correlation_key = reader.text("correlationKey").value_or("");
    command.message_id = reader.text("messageId").value_or("");
    command.variables = reader.variables("variables");
    command.ttl = Duration::from_ms(reader.integer("timeToLive").value_or(0));
    if (reader.text("businessId")) {
      reader.refuse("The field 'businessId' is not supported in a publication; use the correlation key.");
    }
    read_tenant(reader);
    reader.finish();
    if (command.ttl.ms < 0 || command.ttl.ms > ttl_ms_max) {
      reader.refuse("The field 'timeToLive' is in milliseconds, 0 to " + std::to_string(ttl_ms_max) + " (a year).");
    }
    if (!reader.ok()) return bad_request(reader.error());
    return execute(api, request, std::move(command), [](const Reply& reply) {
      return answer_message(std::get<MessageAccepted>(reply).message, std::nullopt);
    });
  });
}

Response correlate_message(const Api& api, const Request& request) {
  return with_body(request, [&](const Value& body) {
    ObjectReader reader(body, "");
    CorrelateMessage command;
    command.name = reader.required_text("name");
    command.correlation_key = reader.text("correlationKey").value_or("");
    command.business_key = reader.text("businessId");
    command.variables = reader.variables("variables");
    read_tenant(reader);
    reader.finish();
    if (!reader.ok()) return bad_request(reader.error());
    return execute(api, request, std::move(command), [](const Reply& reply) {
      const MessageAccepted& accepted = std::get<MessageAccepted>(reply);
      if (accepted.instances.empty()) return Response::problem(404, "NOT_FOUND", "Nothing waits for this message.");
      return answer_message(accepted.message, accepted.instances.front());
    });
  });
}

Response search_message_subscriptions(const Api& api, const Request& request) {
  const FieldCondition messages{"eventType", FieldCondition::Op::eq, {Value::string("MESSAGE")}};
  return search<SubscriptionRow>(api, request, message_subscriptions, &ReadSession::search_subscriptions, write_subscription,
                                 {messages});
}

Response broadcast_signal(const Api& api, const Request& request) {
  return with_body(request, [&](const Value& body) {
    ObjectReader reader(body, "");
    BroadcastSignal command;
    command.name = reader.required_text("signalName");
    command.variables = reader.variables("variables");
    read_tenant(reader);
    reader.finish();
    if (!reader.ok()) return bad_request(reader.error());
    return execute(api, request, std::move(command), [](const Reply& reply) {
      JsonWriter json;
      json.begin_object()
          .text("tenantId", default_tenant)
          .key("signalKey", std::get<SignalAccepted>(reply).signal)
          .end_object();
      return Response::json(200, json.take());
    });
  });
}

}  // namespace fermata::http::v2
