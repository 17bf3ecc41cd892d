#include "http/webhook_api/deliver.h"

namespace fermata::http {

namespace {

ClientRequest request_of(const Hook& hook, const std::string& token, const MappedDelivery& delivery,
                         ClientCommand command) {
  ClientRequest request;
  request.command = std::move(command);
  request.actor = "webhook:" + hook.name;
  request.idempotency_source = "webhook:" + hook.name + (token.empty() ? "" : ":" + token);
  request.idempotency_key = delivery.delivery_id;
  request.fingerprint = delivery.fingerprint;
  return request;
}

CreateInstance creation_of(const MappedDelivery& delivery) {
  CreateInstance command;
  command.process_id = delivery.process;
  command.variables = delivery.variables;
  command.business_key = delivery.business_key;
  return command;
}

PublishMessage publication_of(const Hook& hook, const MappedDelivery& delivery) {
  PublishMessage command;
  command.name = delivery.message;
  command.correlation_key = delivery.correlation_key;
  command.variables = delivery.variables;
  command.ttl = hook.message_ttl;
  return command;
}

CorrelateMessage correlation_of(const MappedDelivery& delivery) {
  CorrelateMessage command;
  command.name = delivery.message;
  command.correlation_key = delivery.correlation_key;
  command.variables = delivery.variables;
  return command;
}

bool refused_with(const Result<Outcome>& outcome, RejectionCode code) {
  return outcome && !*outcome && outcome->error().code == code;
}

}  // namespace

Result<Outcome> deliver(const Hook& hook, const std::string& token, const MappedDelivery& delivery,
                        const SubmitRequest& submit) {
  const auto ask = [&](ClientCommand command) { return submit(request_of(hook, token, delivery, std::move(command))); };
  switch (hook.action) {
    case HookAction::start:
      return ask(creation_of(delivery));
    case HookAction::correlate:
      return ask(publication_of(hook, delivery));
    case HookAction::start_or_correlate:
      break;
  }
  Result<Outcome> outcome = ask(correlation_of(delivery));
  if (!refused_with(outcome, RejectionCode::not_found)) return outcome;
  CreateInstance create = creation_of(delivery);
  create.unique_business_key = true;
  outcome = ask(std::move(create));
  if (!refused_with(outcome, RejectionCode::already_exists)) return outcome;
  return ask(publication_of(hook, delivery));
}

}  // namespace fermata::http
