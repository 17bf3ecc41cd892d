#include "http/webhook_api/hook.h"

#include <algorithm>
#include <array>

namespace fermata::http {

namespace {

constexpr std::size_t name_length_max = 64;
constexpr std::size_t secrets_max = 8;
constexpr std::size_t text_length_max = 8u << 10;
constexpr std::int64_t tolerance_seconds_max = 24 * 3600;
constexpr std::int64_t ttl_seconds_max = 366LL * 24 * 3600;

/// Reads the keys of one object once each; what was not asked for is unknown. The first problem is kept.
class KeyReader {
 public:
  KeyReader(const Value& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object_.is_context()) refuse("must be an object");
  }

  void text(std::string_view key, std::string& into) {
    const Value* value = take(key);
    if (value == nullptr) return;
    if (!value->is_string() || value->as_string().size() > text_length_max)
      return refuse(key, "must be a text of at most 8 KiB");
    into = value->as_string();
  }
  void seconds(std::string_view key, std::int64_t max, Duration& into) {
    const Value* value = take(key);
    if (value == nullptr) return;
    const auto number = value->is_number() ? to_int64(value->as_number()) : std::nullopt;
    if (!number || *number < 0 || *number > max) {
      return refuse(key, "must be a whole number of seconds from 0 to " + std::to_string(max));
    }
    into = Duration::from_seconds(*number);
  }
  void texts(std::string_view key, std::vector<std::string>& into) {
    const Value* value = take(key);
    if (value == nullptr) return;
    if (!value->is_list() || value->as_list().size() > secrets_max)
      return refuse(key, "must be a list of at most 8 texts");
    for (const Value& item : value->as_list()) {
      if (!item.is_string() || item.as_string().empty()) return refuse(key, "must be a list of texts");
      into.emplace_back(item.as_string());
    }
  }
  template <class Enum, std::size_t size>
  void choice(std::string_view key, const std::array<std::pair<std::string_view, Enum>, size>& choices, Enum& into) {
    std::string name;
    text(key, name);
    if (name.empty()) return;
    std::string known;
    for (const auto& [text, value] : choices) {
      if (text == name) {
        into = value;
        return;
      }
      known += (known.empty() ? "" : ", ") + std::string(text);
    }
    refuse(key, "is '" + name + "'; known are " + known);
  }
  const Value* take(std::string_view key) {
    known_.push_back(key);
    const Value* found = object_.find(key);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  void refuse(std::string_view key, const std::string& what) { refuse("'" + std::string(key) + "' " + what); }

  Result<void> finish() {
    if (problem_.empty()) {
      for (const Value::Entry& entry : object_.as_context()) {
        if (std::find(known_.begin(), known_.end(), entry.key) == known_.end())
          refuse(entry.key, "is not a setting of a webhook");
      }
    }
    if (problem_.empty()) return {};
    return fail(ErrorCode::invalid_argument, where_ + ": " + problem_ + ".");
  }

 private:
  void refuse(const std::string& what) {
    if (problem_.empty()) problem_ = what;
  }
  const Value& object_;
  std::string where_;
  std::vector<std::string_view> known_;
  std::string problem_;
};

constexpr std::array<std::pair<std::string_view, HookAction>, 3> actions{
    {{"start", HookAction::start},
     {"correlate", HookAction::correlate},
     {"start-or-correlate", HookAction::start_or_correlate}}};
constexpr std::array<std::pair<std::string_view, HashAlgorithm>, 3> algorithms{
    {{"sha1", HashAlgorithm::sha1}, {"sha256", HashAlgorithm::sha256}, {"sha512", HashAlgorithm::sha512}}};
constexpr std::array<std::pair<std::string_view, SignatureEncoding>, 2> encodings{
    {{"hex", SignatureEncoding::hex}, {"base64", SignatureEncoding::base64}}};

bool is_hook_name(std::string_view name) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !name.empty() && name.size() <= name_length_max && std::all_of(name.begin(), name.end(), good);
}

Result<void> read_scheme(const Value& value, const std::string& where, SignatureScheme& scheme) {
  KeyReader reader(value, where + ", signature");
  reader.text("header", scheme.signature_header);
  reader.text("prefix", scheme.prefix);
  reader.choice("algorithm", algorithms, scheme.algorithm);
  reader.choice("encoding", encodings, scheme.encoding);
  reader.text("signedContent", scheme.signed_content);
  reader.text("timestampHeader", scheme.timestamp_header);
  reader.text("idHeader", scheme.id_header);
  reader.text("idField", scheme.id_json_field);
  if (scheme.signed_content.find("{body}") == std::string::npos) {
    reader.refuse("signedContent", "must contain {body}: a signature that does not cover the body proves nothing");
  }
  return reader.finish();
}

Result<void> check_complete(const Hook& hook, const std::string& where) {
  const auto missing = [&](const std::string& what) { return fail(ErrorCode::invalid_argument, where + ": " + what); };
  if (hook.by_token != hook.secrets.empty()) {
    return missing(hook.by_token ? "with the preset 'token' there are no 'secrets'."
                                 : "'secrets' must name at least one secret, or the preset must be 'token'.");
  }
  if (hook.action != HookAction::correlate && hook.process.empty())
    return missing("'process' says which process is started; it is missing.");
  if (hook.action != HookAction::start && (hook.message.empty() || hook.correlation_key.empty())) {
    return missing("'message' and 'correlationKey' say what is correlated; they are missing.");
  }
  return {};
}

}  // namespace

Result<Hook> hook_from_value(std::string_view name, const Value& value) {
  if (!is_hook_name(name)) {
    return fail(ErrorCode::invalid_argument, "A webhook's name has 1 to 64 lower-case letters, digits, '-' and '_'.");
  }
  const std::string where = "Webhook '" + std::string(name) + "'";
  Hook hook;
  hook.name = name;
  hook.source = value;
  KeyReader reader(value, where);
  std::string preset = "standard-webhooks";
  reader.text("preset", preset);
  hook.by_token = preset == "token";
  const auto known = preset_from_name(preset);
  if (!known && !hook.by_token) {
    reader.refuse("preset",
                  "is '" + preset + "'; known are standard-webhooks, github, stripe, shopify, slack, hmac, token");
  }
  hook.preset = known.value_or(Preset::hmac);
  hook.scheme = preset_scheme(hook.preset);
  const Value* signature = reader.take("signature");
  reader.texts("secrets", hook.secrets);
  reader.seconds("toleranceSeconds", tolerance_seconds_max, hook.tolerance);
  reader.choice("action", actions, hook.action);
  reader.text("when", hook.when);
  reader.text("process", hook.process);
  reader.text("message", hook.message);
  reader.text("correlationKey", hook.correlation_key);
  reader.text("businessKey", hook.business_key);
  reader.text("variables", hook.variables);
  reader.seconds("messageTtlSeconds", ttl_seconds_max, hook.message_ttl);
  if (auto good = reader.finish(); !good) return fail(good.error());
  if (signature != nullptr) {
    if (auto good = read_scheme(*signature, where, hook.scheme); !good) return fail(good.error());
  }
  if (auto good = check_complete(hook, where); !good) return fail(good.error());
  return hook;
}

}  // namespace fermata::http
