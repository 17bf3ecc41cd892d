// Webhook signatures: verified on the raw bytes of the body, in constant time, within a window against replay.
//
// A Scheme says where a sender puts its signature and what it signs. The presets (presets.h) are schemes; `hmac` hooks
// bring their own. Several secrets may be valid at once, so that they can be rotated; every signature that the sender
// lists is tried with each.
//
//   auto verified = verify_webhook(preset_scheme(Preset::github), {"It's a Secret to Everybody"}, headers, body, {now,
//   5 min}); if (!verified) return Response::problem(401, verified.error().message); verified->delivery_id  ->
//   "72d3162e-cc78-11e3-81ab-4c9367dc0958"
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "http/auth/crypto.h"
#include "http/server/headers.h"

namespace fermata::http {

enum class SignatureLayout {
  single,                  ///< the whole header, after the prefix: GitHub, Shopify, Slack
  standard_webhooks_list,  ///< "v1,<base64> v1a,<base64>": HMAC and ed25519 mixed
  stripe_list,             ///< "t=<seconds>,v1=<hex>,v1=<hex>"
};
enum class SignatureEncoding { hex, base64 };
enum class SecretForm {
  text,          ///< used as it stands (Stripe: with its "whsec_")
  whsec_base64,  ///< "whsec_<base64>" or bare base64: HMAC; "whpk_<base64>": an ed25519 public key
};

struct SignatureScheme {
  SignatureLayout layout = SignatureLayout::single;
  std::string signature_header = "X-Signature";
  std::string prefix{};  ///< before the signature, e.g. "sha256="
  HashAlgorithm algorithm = HashAlgorithm::sha256;
  SignatureEncoding encoding = SignatureEncoding::hex;
  SecretForm secret_form = SecretForm::text;
  /// What is signed, from "{id}", "{timestamp}" and "{body}"; e.g. "v0:{timestamp}:{body}".
  std::string signed_content = "{body}";
  std::string
      timestamp_header{};   ///< unix seconds; "" when the scheme has none, or carries it within the signature header
  std::string id_header{};  ///< the delivery id; "" when there is none
  std::string id_json_field{};  ///< a top-level field of the JSON body that identifies the delivery (Stripe's "id")
};

struct ReplayWindow {
  Timestamp now;
  Duration tolerance = Duration::from_seconds(300);  ///< to both sides
};

struct VerifiedDelivery {
  std::string delivery_id{};  ///< the sender's, or "sha256:<hex of the body>" when it gives none
  bool id_is_body_hash = false;
  std::optional<Timestamp> sent_at{};
};

/// permission_denied: no signature, none that fits, or a timestamp outside the window (the message says which; it may
/// be shown to the sender). invalid_argument: a secret that the scheme cannot use. Pure.
[[nodiscard]] Result<VerifiedDelivery> verify_webhook(const SignatureScheme& scheme,
                                                      std::span<const std::string> secrets, const Headers& headers,
                                                      std::string_view body, const ReplayWindow& window);

/// Whether a secret has the form that the scheme needs; asked when a hook is configured, so that it fails then.
[[nodiscard]] Result<void> check_webhook_secret(const SignatureScheme& scheme, std::string_view secret);

/// "sha256:<hex>": identifies a body whose sender gives no id.
[[nodiscard]] std::string body_hash_id(std::string_view body);

}  // namespace fermata::http
