#include "activities/builtin/http/authentication.h"

#include "activities/builtin/http/request_builder.h"
#include "activities/builtin/transport/classify.h"
#include "activities/builtin/transport/encoding.h"

namespace fermata::connector {
namespace {

[[noreturn]] void missing(std::string_view name) {
  throw sdk::InputError("the authentication needs \"" + std::string(name) + "\"");
}

}  // namespace

Authentication::Authentication(HttpState& state, const sdk::Call& call) : state_(state), call_(call) {
  const sdk::Json input = secret_field(call, "authentication");
  const std::string type = input.is_null() ? "noAuth" : input.string_or("type", "noAuth");
  const auto required = [&](std::string_view name) {
    std::string value = input.string_or(name, "");
    if (value.empty()) missing(name);
    return value;
  };
  if (type == "noAuth" || type == "none") return;
  if (type == "basic") {
    const std::string password = input.string_or("password", "");
    const std::string pair = base64(required("username") + ":" + password);
    call_.redact(password);
    call_.redact(pair);
    header_name_ = "Authorization";
    header_value_ = "Basic " + pair;
  } else if (type == "bearer") {
    const std::string token = required("token");
    call_.redact(token);
    header_name_ = "Authorization";
    header_value_ = "Bearer " + token;
  } else if (type == "apiKey") {
    const std::string value = required("value");
    call_.redact(value);
    const std::string location = input.string_or("apiKeyLocation", "headers");
    if (location != "headers" && location != "query")
      throw sdk::InputError("\"apiKeyLocation\" must be headers or query");
    (location == "query" ? query_name_ : header_name_) = required("name");
    (location == "query" ? query_value_ : header_value_) = value;
  } else if (type == "oauth-client-credentials-flow") {
    const std::string how = input.string_or("clientAuthentication", "basicAuthHeader");
    if (how != "basicAuthHeader" && how != "credentialsBody") {
      throw sdk::InputError("\"clientAuthentication\" must be basicAuthHeader or credentialsBody");
    }
    grant_ = OAuthGrant{required("oauthTokenEndpoint"),  required("clientId"),          required("clientSecret"),
                        input.string_or("audience", ""), input.string_or("scopes", ""), how == "credentialsBody"};
    call_.redact(grant_->client_secret);
    call_.redact(base64(grant_->client_id + ":" + grant_->client_secret));
    call_.redact(base64(percent(grant_->client_id) + ":" + percent(grant_->client_secret)));
  } else {
    throw sdk::InputError("the authentication type \"" + type +
                          "\" is unknown: use noAuth, basic, bearer, apiKey or oauth-client-credentials-flow");
  }
}

OAuthToken Authentication::fetch_token() const {
  HttpRequest request;
  request.method = "POST";
  request.url = grant_->token_url;
  request.body = "grant_type=client_credentials";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  if (!grant_->scopes.empty()) request.body += "&scope=" + percent(grant_->scopes);
  if (!grant_->audience.empty()) request.body += "&audience=" + percent(grant_->audience);
  if (grant_->credentials_in_body) {
    request.body += "&client_id=" + percent(grant_->client_id) + "&client_secret=" + percent(grant_->client_secret);
  } else {
    // RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
    request.headers.emplace_back("Authorization",
                                 "Basic " + base64(percent(grant_->client_id) + ":" + percent(grant_->client_secret)));
  }
  request.limits = state_.limits;
  request.limits.total_timeout =
      std::min(request.limits.total_timeout, time_left(call_) / 2 + std::chrono::milliseconds(1));
  request.ca_file = state_.ca_file;
  request.cancelled = [this] { return call_.cancelled(); };
  const HttpResult result = exchange(request, state_.policy);
  // Asking for a token twice harms nobody, so its failures are never ambiguous.
  if (const auto* error = std::get_if<HttpError>(&result)) {
    sdk::Failed failed = failure_of(*error, true);
    throw NoToken{std::move(failed)};
  }
  const auto& response = std::get<HttpResponse>(result);
  if (auto failed = failure_of(response, true, request.url)) {
    failed->message = "no OAuth token: " + failed->message;
    throw NoToken{std::move(*failed)};
  }
  try {
    const sdk::Json body = sdk::Json::parse(response.body);
    return {body.at("access_token").as_string(), std::chrono::seconds(body.int_or("expires_in", 0))};
  } catch (const sdk::JsonError& error) {
    throw NoToken{
        {.message = "no OAuth token: the answer of " + shown_url(request.url) + " is not usable: " + error.what()}};
  }
}

void Authentication::apply(HttpRequest& request) {
  if (grant_) {
    token_ = state_.tokens.get(*grant_, [this] { return fetch_token(); });
    call_.redact(token_);
    header_name_ = "Authorization";
    header_value_ = "Bearer " + token_;
  }
  if (!header_name_.empty()) {
    std::erase_if(request.headers,
                  [&](const auto& header) { return ascii_lower(header.first) == ascii_lower(header_name_); });
    request.headers.emplace_back(header_name_, header_value_);
  }
  if (!query_name_.empty()) {
    request.url +=
        (request.url.find('?') == std::string::npos ? "?" : "&") + percent(query_name_) + "=" + percent(query_value_);
  }
}

bool Authentication::forget_refused_token() {
  if (!grant_ || forgotten_) return false;
  forgotten_ = true;
  state_.tokens.forget(*grant_, token_);
  return true;
}

}  // namespace fermata::connector
