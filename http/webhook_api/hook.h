// Hook: how one webhook is configured: who signs it, and what its deliveries become.
//
// The same keys in fermata.toml ([webhooks.lead]) and in PUT /v2/webhooks/{name}. Texts that begin with '=' are FEEL
// over the delivery (see delivery_map.h), other texts stand for themselves. Secrets are names, never values.
//
//   Result<Hook> hook = hook_from_value("lead", *parse_json(R"({"preset": "standard-webhooks", "secrets":
//   ["LEAD_SECRET"],
//       "action": "correlate", "message": "lead-received", "correlationKey": "=body.id", "variables": "={lead:
//       body}"})"));
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/base/value.h"
#include "http/webhooks/presets.h"

namespace fermata::http {

enum class HookAction {
  start,               ///< starts the process
  correlate,           ///< publishes the message; it is kept for messageTtlSeconds when nobody waits for it yet
  start_or_correlate,  ///< gives the message to the instance that waits for it; starts the process when there is none
};

struct Hook {
  std::string name;                  ///< lower-case letters, digits, '-' and '_'; part of the URL
  bool by_token = false;             ///< preset "token": no signature, but an API token with the role starter
  Preset preset = Preset::hmac;      ///< not with by_token
  SignatureScheme scheme;            ///< of the preset, changed by the keys under "signature"
  std::vector<std::string> secrets;  ///< names in the secrets file; several while they are rotated
  Duration tolerance = Duration::from_seconds(300);
  HookAction action = HookAction::correlate;
  std::string when;  ///< FEEL; only deliveries for which it is true are used, the others are answered 200 and dropped
  std::string process;          ///< with start and start-or-correlate
  std::string message;          ///< with correlate and start-or-correlate
  std::string correlation_key;  ///< likewise
  std::string business_key;     ///< of a started instance; start-or-correlate: the correlation key when absent
  std::string variables;  ///< FEEL giving a context; absent: the body itself when it is an object, else {body: ...}
  Duration message_ttl = Duration::from_seconds(24 * 3600);
  Value source;  ///< what it was read from, to be shown and stored again
};

/// Reads and checks a configuration. invalid_argument names the key that is unknown, missing or wrong. Expressions are
/// checked by compile_hook(), secrets when they are looked up. Pure.
[[nodiscard]] Result<Hook> hook_from_value(std::string_view name, const Value& value);

}  // namespace fermata::http
