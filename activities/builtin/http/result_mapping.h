// From an HTTP answer to the job's outcome, by the model's headers `resultVariable`, `resultExpression` and
// `errorExpression`.
//
// The expressions see `response` = {status, headers, body}, and its three parts by their own names too.
// `errorExpression` is asked first, for every answer: if it gives {code, message, variables} the outcome is that BPMN
// error; null leaves it to the status.
#pragma once

#include <optional>

#include "activities/builtin/transport/http_client.h"
#include "activities/sdk/call.h"

namespace fermata::connector {

/// {status, headers, body}. A body whose content type is JSON is parsed; other text is a string; other bytes are base64
/// with `bodyEncoding`. Throws sdk::JsonError if the content type says JSON and the body is not.
[[nodiscard]] sdk::Json response_json(const HttpResponse& response);

/// The BPMN error that the model's `errorExpression` makes of the context, if any. Throws sdk::InputError.
[[nodiscard]] std::optional<sdk::BpmnError> modelled_error(const sdk::Call& call, const sdk::Json& context);

/// The output variables: `resultVariable` gets `plain`, `resultExpression` adds its members; without both,
/// {"`default_name`": plain}.
[[nodiscard]] sdk::Completed modelled_result(const sdk::Call& call, const sdk::Json& context, const sdk::Json& plain,
                                             const char* default_name);

}  // namespace fermata::connector
