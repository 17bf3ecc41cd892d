#include "activities/builtin/tryton/activities.h"
#include "activities/builtin/tryton/input.h"
#include "activities/builtin/tryton/values.h"

namespace fermata::tryton {
namespace {

using sdk::Json;

struct Request {
  std::string model;
  Json domain;
  Json values;
  Json fields;
  Json context;
};

Request request_of(const sdk::Call& call) {
  Request out{required_text(call, "model"), json_input(call, "domain"), json_input(call, "values"),
              json_input(call, "fields"), json_input(call, "context")};
  if (!out.values.is_object())
    throw sdk::InputError("the input \"values\" must be an object: the fields of the new record");
  if (out.fields.is_null()) out.fields = Json::array({"id"});
  const std::string key_field = text_input(call, "keyField");
  if (key_field.empty() && out.domain.is_null()) {
    throw sdk::InputError(
        "give \"keyField\" (the field that holds the external id) or \"domain\" (how to find the record)");
  }
  if (!key_field.empty()) {
    std::string key = text_input(call, "key");
    if (key.empty()) key = call.idempotency_key();
    if (out.domain.is_null()) out.domain = Json::array({Json::array({key_field, "=", key})});
    // A path like identifiers.code is stored through the values' own nested records.
    if (key_field.find('.') == std::string::npos && out.values.find(key_field) == nullptr)
      out.values.set(key_field, key);
  }
  if (!out.domain.is_array() || out.domain.items().empty())
    throw sdk::InputError("the input \"domain\" must be a list of clauses");
  return out;
}

Json output_of(const sdk::Call& call, const Json& record, bool created) {
  const Json result = Json::object({{"id", record.at("id")}, {"created", created}, {"record", from_tryton(record)}});
  return Json::object({{result_name(call), result}});
}

/// At most two records: one is the answer, two are too many.
RpcReply search(Connection& connection, const sdk::Call& call, const Request& request) {
  Json context = connection.context(to_tryton(request.context));
  context.set("active_test", false);  // a record that was archived meanwhile was created all the same
  const Json params = Json::array({to_tryton(request.domain), 0, 2, nullptr, request.fields, std::move(context)});
  return connection.rpc(call, "model." + request.model + ".search_read", params, RepeatRisk::harmless);
}

sdk::Failed too_many(const Request& request) {
  return {.message = "more than one record of " + request.model + " fits " + request.domain.dump() +
                     ": which one is meant cannot be told; merge them in Tryton, or make the domain narrower"};
}

}  // namespace

sdk::LookupOutcome lookup_create_once(State& state, sdk::Call& call) {
  Connection& connection = state.connection(call);
  const Request request = request_of(call);
  for (int look = 1;; ++look) {
    RpcReply reply = search(connection, call, request);
    if (const auto* failed = std::get_if<sdk::Failed>(&reply)) return sdk::Unknown{failed->message};
    if (const auto* error = std::get_if<RpcError>(&reply)) {
      return sdk::Unknown{"Tryton refused the search: " + error->message};
    }
    const auto& found = std::get<Json>(reply).items();
    if (found.size() == 1) return sdk::Found{output_of(call, found.front(), false).dump()};
    // Too many is for execute to report, which asks again.
    if (look == 2 || found.size() > 1) return sdk::NotFound{};
    connection.let_settle(call);
  }
}

sdk::Outcome execute_create_once(State& state, sdk::Call& call) {
  Connection& connection = state.connection(call);
  const Request request = request_of(call);
  RpcReply reply = search(connection, call, request);
  if (auto* failed = std::get_if<sdk::Failed>(&reply)) return std::move(*failed);
  if (const auto* error = std::get_if<RpcError>(&reply)) return outcome_of(state, call, *error, false);
  const auto& found = std::get<Json>(reply).items();
  if (found.size() > 1) return too_many(request);
  if (found.size() == 1) return sdk::Completed{output_of(call, found.front(), false).dump()};

  const Json context = connection.context(to_tryton(request.context));
  reply =
      rpc_accepting_warnings(connection, call, "model." + request.model + ".create",
                             Json::array({Json::array({to_tryton(request.values)}), context}), RepeatRisk::acts_twice);
  if (auto* failed = std::get_if<sdk::Failed>(&reply)) return std::move(*failed);
  if (const auto* error = std::get_if<RpcError>(&reply)) return outcome_of(state, call, *error, false);
  const Json ids = std::get<Json>(reply);
  reply = connection.rpc(call, "model." + request.model + ".read", Json::array({ids, request.fields, context}),
                         RepeatRisk::harmless);
  if (auto* failed = std::get_if<sdk::Failed>(&reply)) {
    failed->message = "the record was created, but cannot be read back: " + failed->message;
    failed->ambiguous = true;
    return std::move(*failed);
  }
  if (const auto* error = std::get_if<RpcError>(&reply)) return outcome_of(state, call, *error, false);
  return sdk::Completed{output_of(call, std::get<Json>(reply).items().at(0), true).dump()};
}

}  // namespace fermata::tryton
