// Presets: the signature schemes of well-known senders.
//
//   preset_from_name("stripe")  ->  Preset::stripe
//   preset_scheme(Preset::stripe).signature_header  ->  "Stripe-Signature"
#pragma once

#include <optional>
#include <string_view>

#include "http/webhooks/signature.h"

namespace fermata::http {

enum class Preset {
  standard_webhooks,  ///< standardwebhooks.com, and Svix, which sends the same under svix-* names
  github,
  stripe,
  shopify,
  slack,
  hmac,  ///< HMAC-SHA256 of the body, hex, in X-Signature: the base of a scheme of one's own
};

/// "standard-webhooks", "github", "stripe", "shopify", "slack", "hmac".
[[nodiscard]] std::string_view preset_name(Preset preset);
[[nodiscard]] std::optional<Preset> preset_from_name(std::string_view name);
[[nodiscard]] SignatureScheme preset_scheme(Preset preset);

/// Gives Svix' header names (svix-id, ...) the names of Standard Webhooks, when only the former are there.
[[nodiscard]] Headers with_standard_names(const Headers& headers);

}  // namespace fermata::http
