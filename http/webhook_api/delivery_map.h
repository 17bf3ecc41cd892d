// From a verified delivery to what the engine is asked: a hook with its expressions compiled, and their evaluation.
//
// Expressions see `body` (the JSON, or the text when it is not JSON), `headers` (names in lower case, '-' as '_';
// without credentials and signatures), `hook` (its name), `deliveryId`, `receivedAt` (text), and for CloudEvents
// `event` with id, source, type, subject, time, data and extensions; `body` is then the event's data.
//
//   auto compiled = compile_hook(hook);
//   auto mapped = map_delivery(**compiled, {.headers = request.headers, .body = request.body, .delivery_id = id, .now =
//   now});
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/expression.h"
#include "http/server/headers.h"
#include "http/webhook_api/hook.h"

namespace fermata::http {

/// A text of the configuration: fixed, or FEEL.
struct Template {
  std::string fixed;
  ExpressionPtr expression;  ///< null: fixed
};

struct CompiledHook {
  Hook hook;
  Template when, process, message, correlation_key, business_key, variables;
};
using CompiledHookPtr = std::shared_ptr<const CompiledHook>;

/// invalid_argument names the setting and the position of what does not compile.
[[nodiscard]] Result<CompiledHookPtr> compile_hook(Hook hook);

struct ReceivedDelivery {
  const Headers& headers;
  std::string_view body;
  std::string delivery_id;
  Timestamp now;
};

/// One thing to do: a delivery is one, a CloudEvents batch is one for each event. An event's source and id are its
/// delivery id where the sender has vouched for them: in a signed body, or by a token.
struct MappedDelivery {
  std::string delivery_id;
  std::string fingerprint;  ///< another content under the same id is refused
  std::string process;
  std::string message;
  std::string correlation_key;
  std::string business_key;
  Variables variables;
};

/// Without those that `when` does not want. invalid_argument: the body is no CloudEvent, or an expression gives what
/// cannot be used (a key that is null, variables that are no context); the message names the setting. Pure.
[[nodiscard]] Result<std::vector<MappedDelivery>> map_delivery(const CompiledHook& hook,
                                                               const ReceivedDelivery& delivery);

}  // namespace fermata::http
