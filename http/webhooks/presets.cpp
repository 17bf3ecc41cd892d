#include "http/webhooks/presets.h"

#include <array>

namespace fermata::http {

namespace {

struct Named {
  Preset preset;
  std::string_view name;
};
constexpr std::array names{Named{Preset::standard_webhooks, "standard-webhooks"},
                           Named{Preset::github, "github"},
                           Named{Preset::stripe, "stripe"},
                           Named{Preset::shopify, "shopify"},
                           Named{Preset::slack, "slack"},
                           Named{Preset::hmac, "hmac"}};

}  // namespace

std::string_view preset_name(Preset preset) {
  for (const Named& named : names) {
    if (named.preset == preset) return named.name;
  }
  return "unknown";
}

std::optional<Preset> preset_from_name(std::string_view name) {
  for (const Named& named : names) {
    if (named.name == name) return named.preset;
  }
  return std::nullopt;
}

SignatureScheme preset_scheme(Preset preset) {
  switch (preset) {
    case Preset::standard_webhooks:
      return {.layout = SignatureLayout::standard_webhooks_list,
              .signature_header = "webhook-signature",
              .encoding = SignatureEncoding::base64,
              .secret_form = SecretForm::whsec_base64,
              .signed_content = "{id}.{timestamp}.{body}",
              .timestamp_header = "webhook-timestamp",
              .id_header = "webhook-id"};
    case Preset::github:
      return {.signature_header = "X-Hub-Signature-256", .prefix = "sha256=", .id_header = "X-GitHub-Delivery"};
    case Preset::stripe:
      return {.layout = SignatureLayout::stripe_list,
              .signature_header = "Stripe-Signature",
              .signed_content = "{timestamp}.{body}",
              .id_json_field = "id"};
    case Preset::shopify:
      return {.signature_header = "X-Shopify-Hmac-Sha256",
              .encoding = SignatureEncoding::base64,
              .id_header = "X-Shopify-Webhook-Id"};
    case Preset::slack:
      return {.signature_header = "X-Slack-Signature",
              .prefix = "v0=",
              .signed_content = "v0:{timestamp}:{body}",
              .timestamp_header = "X-Slack-Request-Timestamp",
              .id_json_field = "event_id"};
    case Preset::hmac:
      return {};
  }
  return {};
}

Headers with_standard_names(const Headers& headers) {
  Headers result = headers;
  if (result.has("webhook-signature")) return result;
  for (const std::string_view part : {"id", "timestamp", "signature"}) {
    const std::string svix = "svix-" + std::string(part);
    for (const Header& field : headers) {
      if (equals_ignoring_case(field.name, svix)) result.add("webhook-" + std::string(part), field.value);
    }
  }
  return result;
}

}  // namespace fermata::http
