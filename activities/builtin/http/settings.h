// Settings and State of the `http` plugin: what the operator allows, and what its calls share.
//
// Configuration, all optional: {"allow": ["erp.internal:8069"], "caFile": "/etc/ssl/own.pem", "connectTimeoutMs":
// 10000, "responseBytesMax": 8388608, "headerBytesMax": 65536, "lowSpeedBytesPerSecond": 10, "lowSpeedSeconds": 20}
#pragma once

#include <string>

#include "activities/builtin/http/oauth_tokens.h"
#include "activities/builtin/transport/http_client.h"
#include "activities/sdk/json.h"

namespace fermata::connector {

/// Shared by all calls; immutable but for the tokens, which guard themselves.
struct HttpState {
  /// Throws sdk::InputError for an unknown setting or a wrong value.
  explicit HttpState(const sdk::Json& config);

  AddressPolicy policy;
  HttpLimits limits;
  std::string ca_file;
  OAuthTokens tokens;
};

}  // namespace fermata::connector
