#include "activities/builtin/http/http_plugin.h"

#include "activities/builtin/http/http_activity.h"
#include "activities/builtin/http/request_builder.h"
#include "activities/sdk/plugin.h"

namespace fermata::connector {
namespace {

constexpr const char* http_schema = R"({"type":"object","required":["url"],"properties":{
"method":{"type":"string","default":"GET"},"url":{"type":"string"},"pathParameters":{"type":"object"},
"queryParameters":{"type":"object"},"headers":{"type":"object"},"body":{},"authentication":{"type":"object"},
"connectionTimeoutInSeconds":{"type":"integer"},"readTimeoutInSeconds":{"type":"integer"}}})";

constexpr const char* http_documentation =
    "Calls a REST API. Headers of the model: resultVariable, resultExpression, errorExpression, idempotencyKeyHeader, "
    "repeatSafety "
    "(none, native, key). Without result headers the answer is the variable `response` {status, headers, body}. "
    "readTimeoutInSeconds and connectionTimeoutInSeconds are at most 600.";

constexpr const char* rpc_schema = R"({"type":"object","required":["url","method"],"properties":{
"url":{"type":"string"},"method":{"type":"string"},"params":{},"headers":{"type":"object"},"authentication":{"type":"object"},
"connectionTimeoutInSeconds":{"type":"integer"},"readTimeoutInSeconds":{"type":"integer"}}})";

constexpr const char* rpc_documentation =
    "Calls a JSON-RPC 2.0 method. Headers of the model: resultVariable, resultExpression, errorMapping ({\"-32001\": "
    "\"CODE\", "
    "\"*\": \"CODE\"}), retryableCodes, repeatSafety (none, native, key). Without result headers the result is the "
    "variable `result`.";

sdk::Activity<HttpState> http_row(const char* type) {
  return {.type = type,
          .repeat_safety = sdk::RepeatSafety::none,
          .default_deadline = call_time_max,
          .input_schema_json = http_schema,
          .documentation = http_documentation,
          .execute = execute_http,
          .repeat_safety_of = http_repeat_safety};
}

sdk::Activity<HttpState> rpc_row(const char* type) {
  return {.type = type,
          .repeat_safety = sdk::RepeatSafety::none,
          .default_deadline = call_time_max,
          .input_schema_json = rpc_schema,
          .documentation = rpc_documentation,
          .execute = execute_json_rpc,
          .repeat_safety_of = json_rpc_repeat_safety};
}

}  // namespace

const fermata_plugin* http_plugin() {
  static const sdk::Plugin<HttpState> plugin(
      "http", "1.0.0",
      {http_row("http"), http_row("fermata.http"), http_row("io.camunda:http-json:1"), rpc_row("json-rpc"),
       rpc_row("fermata.json-rpc")});
  return plugin.descriptor();
}

}  // namespace fermata::connector
