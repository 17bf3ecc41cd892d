#include "activities/builtin/http/result_mapping.h"

#include "activities/builtin/transport/encoding.h"
#include "activities/sdk/utf8.h"

namespace fermata::connector {
namespace {

/// FEEL expressions come with or without the modeler's leading "=".
std::string expression_of(const sdk::Call& call, std::string_view header) {
  std::string text = call.headers().string_or(header, "");
  if (text.starts_with('=')) text.erase(0, 1);
  return text;
}

bool says_json(const HttpResponse& response) {
  const std::string type = ascii_lower(response.header("content-type"));
  const std::string media = type.substr(0, type.find(';'));
  return media.find("/json") != std::string::npos || media.find("+json") != std::string::npos;
}

}  // namespace

sdk::Json response_json(const HttpResponse& response) {
  sdk::Json headers = sdk::Json::object();
  for (const auto& [name, value] : response.headers) {
    const sdk::Json* earlier = headers.find(name);
    headers.set(name, earlier == nullptr ? value : earlier->as_string() + ", " + value);
  }
  sdk::Json out = sdk::Json::object({{"status", response.status}, {"headers", std::move(headers)}});
  if (response.body.empty()) {
    out.set("body", nullptr);
  } else if (says_json(response)) {
    out.set("body", sdk::Json::parse(response.body));
  } else if (sdk::is_valid_utf8(response.body)) {
    out.set("body", response.body);
  } else {
    out.set("body", base64(response.body));
    out.set("bodyEncoding", "base64");
  }
  return out;
}

std::optional<sdk::BpmnError> modelled_error(const sdk::Call& call, const sdk::Json& context) {
  const std::string expression = expression_of(call, "errorExpression");
  if (expression.empty()) return std::nullopt;
  const sdk::Json error = call.evaluate(expression, context);
  if (error.is_null()) return std::nullopt;
  if (!error.is_object()) throw sdk::InputError("errorExpression must give null or {code, message, variables}");
  const std::string code = error.string_or("code", "");
  if (code.empty()) throw sdk::InputError("errorExpression gave a context without a \"code\"");
  const sdk::Json* variables = error.find("variables");
  return sdk::BpmnError{code, error.string_or("message", ""),
                        variables == nullptr || variables->is_null() ? "{}" : variables->dump()};
}

sdk::Completed modelled_result(const sdk::Call& call, const sdk::Json& context, const sdk::Json& plain,
                               const char* default_name) {
  const std::string variable = call.headers().string_or("resultVariable", "");
  const std::string expression = expression_of(call, "resultExpression");
  std::vector<sdk::Json::Member> output;
  if (!variable.empty()) output.emplace_back(variable, plain);
  if (!expression.empty()) {
    const sdk::Json mapped = call.evaluate(expression, context);
    if (!mapped.is_object())
      throw sdk::InputError("resultExpression must give a context, whose entries become variables");
    output.insert(output.end(), mapped.members().begin(), mapped.members().end());
  }
  if (variable.empty() && expression.empty()) output.emplace_back(default_name, plain);
  return {sdk::Json::object_of(std::move(output)).dump()};
}

}  // namespace fermata::connector
