#include "http/webhooks/signature.h"

#include <algorithm>
#include <vector>

#include "engine/base/json.h"

namespace fermata::http {

namespace {

constexpr std::size_t signatures_tried_max = 16;
constexpr std::size_t delivery_id_length_max = 255;
constexpr std::size_t timestamp_digits_max = 12;
constexpr std::size_t standard_key_bytes_min = 24;
constexpr std::size_t standard_key_bytes_max = 64;

tl::unexpected<Error> denied(std::string why) {
  return fail(ErrorCode::permission_denied, std::move(why));
}

struct Key {
  bool ed25519 = false;
  std::string bytes;
};

Result<Key> key_of(const SignatureScheme& scheme, std::string_view secret) {
  if (secret.empty()) return fail(ErrorCode::invalid_argument, "The secret of a webhook is empty.");
  if (scheme.secret_form == SecretForm::text) return Key{false, std::string(secret)};
  const bool ed25519 = secret.starts_with("whpk_");
  if (ed25519 || secret.starts_with("whsec_")) secret.remove_prefix(secret.find('_') + 1);
  auto bytes = from_base64(secret);
  const bool good =
      bytes && (ed25519 ? bytes->size() == 32
                        : bytes->size() >= standard_key_bytes_min && bytes->size() <= standard_key_bytes_max);
  if (!good) {
    return fail(ErrorCode::invalid_argument,
                "The secret of a Standard Webhooks hook is 'whsec_' and 24 to 64 bytes of base64, or 'whpk_' and a "
                "32-byte public key.");
  }
  return Key{ed25519, std::move(*bytes)};
}

struct Candidate {
  bool ed25519 = false;
  std::string bytes;
};

/// The signatures that a request offers, and what belongs to them.
struct Offer {
  std::vector<Candidate> candidates;
  std::string timestamp;  ///< as sent: it is signed in that form
  std::string id;
};

std::optional<std::string> decode(SignatureEncoding encoding, std::string_view text) {
  return encoding == SignatureEncoding::hex ? from_hex(text) : from_base64(text);
}

void add_candidate(Offer& offer, bool ed25519, std::optional<std::string> bytes) {
  if (bytes && offer.candidates.size() < signatures_tried_max) offer.candidates.push_back({ed25519, std::move(*bytes)});
}

void read_standard_list(std::string_view list, Offer& offer) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    const std::string_view item = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (item.starts_with("v1,")) add_candidate(offer, false, from_base64(item.substr(3)));
    if (item.starts_with("v1a,")) add_candidate(offer, true, from_base64(item.substr(4)));
  }
}

void read_stripe_list(std::string_view list, Offer& offer) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view item = trim(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (item.starts_with("t=") && offer.timestamp.empty()) offer.timestamp = item.substr(2);
    if (item.starts_with("v1=")) add_candidate(offer, false, from_hex(item.substr(3)));
  }
}

Result<Offer> read_offer(const SignatureScheme& scheme, const Headers& headers) {
  if (headers.count(scheme.signature_header) != 1)
    return denied("The request needs one " + scheme.signature_header + " header.");
  Offer offer;
  if (!scheme.timestamp_header.empty()) offer.timestamp = headers.value(scheme.timestamp_header);
  if (!scheme.id_header.empty()) offer.id = headers.value(scheme.id_header);
  std::string_view value = headers.value(scheme.signature_header);
  switch (scheme.layout) {
    case SignatureLayout::single:
      if (!value.starts_with(scheme.prefix))
        return denied("The signature does not begin with '" + scheme.prefix + "'.");
      add_candidate(offer, false, decode(scheme.encoding, value.substr(scheme.prefix.size())));
      break;
    case SignatureLayout::standard_webhooks_list:
      read_standard_list(value, offer);
      break;
    case SignatureLayout::stripe_list:
      read_stripe_list(value, offer);
      break;
  }
  if (offer.candidates.empty())
    return denied("The " + scheme.signature_header + " header holds no signature that can be read.");
  return offer;
}

/// The bytes that were signed. The pieces stand once each and in order, so nothing that a sender chooses can be taken
/// for a placeholder.
std::string signed_bytes(const SignatureScheme& scheme, const Offer& offer, std::string_view body) {
  std::string out;
  out.reserve(body.size() + 128);
  std::string_view rest = scheme.signed_content;
  while (!rest.empty()) {
    const auto piece = [&](std::string_view name, std::string_view text) {
      if (!rest.starts_with(name)) return false;
      out += text;
      rest.remove_prefix(name.size());
      return true;
    };
    if (piece("{id}", offer.id) || piece("{timestamp}", offer.timestamp) || piece("{body}", body)) continue;
    out.push_back(rest.front());
    rest.remove_prefix(1);
  }
  return out;
}

Result<std::optional<Timestamp>> check_window(const SignatureScheme& scheme, const Offer& offer,
                                              const ReplayWindow& window) {
  if (scheme.signed_content.find("{timestamp}") == std::string::npos) return std::optional<Timestamp>{};
  const std::string& text = offer.timestamp;
  const bool digits = !text.empty() && text.size() <= timestamp_digits_max &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return denied("The request carries no timestamp in unix seconds.");
  const Timestamp sent{std::stoll(text) * 1000};
  const Duration age = window.now - sent;
  if (age > window.tolerance || age < Duration{-window.tolerance.ms}) {
    return denied("The request's timestamp is outside the window of " + std::to_string(window.tolerance.ms / 1000) +
                  " seconds.");
  }
  return std::optional(sent);
}

bool fits(const SignatureScheme& scheme, const Key& key, const Candidate& candidate, std::string_view content) {
  if (key.ed25519 != candidate.ed25519) return false;
  if (key.ed25519) return ed25519_verify(key.bytes, content, candidate.bytes);
  return constant_time_equal(hmac(scheme.algorithm, key.bytes, content), candidate.bytes);
}

std::string id_of(const SignatureScheme& scheme, const Offer& offer, std::string_view body) {
  if (!offer.id.empty()) return offer.id;
  if (scheme.id_json_field.empty()) return {};
  const auto document = parse_json(body);
  const Value* id = document ? document->find(scheme.id_json_field) : nullptr;
  return id != nullptr && id->is_string() ? std::string(id->as_string()) : std::string();
}

}  // namespace

std::string body_hash_id(std::string_view body) {
  return "sha256:" + to_hex(sha256(body));
}

Result<void> check_webhook_secret(const SignatureScheme& scheme, std::string_view secret) {
  const auto key = key_of(scheme, secret);
  if (!key) return fail(key.error());
  return {};
}

Result<VerifiedDelivery> verify_webhook(const SignatureScheme& scheme, std::span<const std::string> secrets,
                                        const Headers& headers, std::string_view body, const ReplayWindow& window) {
  const auto offer = read_offer(scheme, headers);
  if (!offer) return fail(offer.error());
  if (scheme.signed_content.find("{id}") != std::string::npos && offer->id.empty()) {
    return denied("The request needs a " + scheme.id_header + " header.");
  }
  if (offer->id.size() > delivery_id_length_max) return denied("The delivery id is longer than 255 characters.");
  const auto sent_at = check_window(scheme, *offer, window);
  if (!sent_at) return fail(sent_at.error());

  const std::string content = signed_bytes(scheme, *offer, body);
  bool good = false;
  for (const std::string& secret : secrets) {
    const auto key = key_of(scheme, secret);
    if (!key) return fail(key.error());
    for (const Candidate& candidate : offer->candidates) good = fits(scheme, *key, candidate, content) || good;
  }
  if (!good) return denied("The signature does not fit the body.");

  VerifiedDelivery verified{.delivery_id = id_of(scheme, *offer, body), .sent_at = *sent_at};
  if (verified.delivery_id.empty() || verified.delivery_id.size() > delivery_id_length_max) {
    verified.delivery_id = body_hash_id(body);
    verified.id_is_body_hash = true;
  }
  return verified;
}

}  // namespace fermata::http
