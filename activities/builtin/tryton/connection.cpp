#include "activities/builtin/tryton/connection.h"

#include <algorithm>
#include <thread>

#include "activities/builtin/transport/classify.h"
#include "activities/builtin/transport/encoding.h"

namespace fermata::tryton {
namespace {

using connector::HttpError;
using connector::HttpResponse;
using connector::HttpResult;
using sdk::Json;

std::string text_at(const Json& list, std::size_t index) {
  if (!list.is_array() || index >= list.items().size() || !list.items()[index].is_string()) return {};
  return list.items()[index].as_string();
}

/// The error shapes of trytond/exceptions.py. What is not one of them is an unexpected exception: [text, traceback].
RpcError read_error(const Json& error) {
  const std::string kind = text_at(error, 0);
  const Json* details = error.is_array() && error.items().size() > 1 ? &error.items()[1] : nullptr;
  if (details != nullptr && details->is_array()) {
    if (kind == "UserWarning") return {kind, text_at(*details, 0), text_at(*details, 1), text_at(*details, 2)};
    if (kind == "LoginException") return {kind, text_at(*details, 0), text_at(*details, 1), {}};
    if (kind == "UserError") return {kind, {}, text_at(*details, 0), text_at(*details, 1)};
  }
  if (kind == "ConcurrencyException" || kind == "RateLimitException") return {kind, {}, text_at(error, 1), {}};
  return {{}, {}, kind.empty() ? error.dump() : kind, text_at(error, 1)};
}

sdk::Failed not_an_answer(const HttpResponse& response, const std::string& url, bool harmless, const char* why) {
  return {.message = connector::shown_url(url) + " answered with HTTP " + std::to_string(response.status) +
                     ", but not with the answer of a Tryton server: " + why,
          .detail = connector::excerpt(response.body),
          .retryable = true,
          .ambiguous = !harmless,
          .code = response.status};
}

RpcReply read_reply(const HttpResponse& response, const std::string& url, bool harmless) {
  if (auto failed = connector::failure_of(response, harmless, url)) return std::move(*failed);
  try {
    const Json body = Json::parse(response.body, 190);
    if (const Json* error = body.find("error")) return read_error(*error);
    if (const Json* result = body.find("result")) return *result;
    return not_an_answer(response, url, harmless, "neither result nor error");
  } catch (const sdk::JsonError& error) {
    return not_an_answer(response, url, harmless, error.what());
  }
}

}  // namespace

Connection::Connection(std::string name, const Json& config)
    : name_(std::move(name)),
      url_(config.at("url").as_string()),
      user_(config.at("user").as_string()),
      password_reference_(config.at("password").as_string()),
      language_(config.string_or("language", "en")),
      context_(config.find("context") == nullptr ? Json::object() : config.at("context")),
      ca_file_(config.string_or("caFile", "")),
      settle_(config.int_or("settleMs", 1500)) {
  const std::string where = connector::host_and_port(url_);
  if (where.empty())
    throw sdk::InputError("connection \"" + name_ + "\": the url must be like http://host:8000/database/");
  if (!url_.ends_with('/')) url_ += '/';
  if (settle_.count() < 0 || settle_.count() > 60'000) {
    throw sdk::InputError("connection \"" + name_ + "\": settleMs must be between 0 and 60000");
  }
  if (!context_.is_object()) throw sdk::InputError("connection \"" + name_ + "\": the context must be an object");
  policy_.allow(where);
}

Json Connection::context(const Json& more) const {
  Json out = context_;
  if (out.find("language") == nullptr) out.set("language", language_);
  if (more.is_null()) return out;
  for (const auto& [name, value] : more.members()) out.set(name, value);
  return out;
}

void Connection::let_settle(const sdk::Call& call) const {
  const auto until = std::chrono::steady_clock::now() + settle_;
  while (!call.cancelled() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

std::int64_t Connection::user_id() const {
  const std::lock_guard lock(mutex_);
  return session_ ? session_->user_id : 0;
}

/// Exactly these three members: with any other set the server answers in another style (errors as HTML).
HttpResult Connection::post(const sdk::Call& call, const std::string& method, const Json& params,
                            const std::string& token) const {
  connector::HttpRequest request;
  request.method = "POST";
  request.url = url_;
  request.headers = {{"Content-Type", "application/json"}};
  if (!token.empty()) request.headers.emplace_back("Authorization", "Session " + token);
  request.body = Json::object({{"id", 1}, {"method", method}, {"params", params}}).dump();
  const auto remaining = call.remaining();
  request.limits.response_bytes_max = 16u << 20;
  request.limits.total_timeout = std::max<std::chrono::milliseconds>(
      remaining - std::min<std::chrono::milliseconds>(remaining / 10, std::chrono::milliseconds(200)),
      std::chrono::milliseconds(1));
  // Tryton works silently for as long as a request takes; only the deadline ends it.
  request.limits.low_speed_seconds = std::max<long>(20, static_cast<long>(remaining.count() / 1000));
  request.ca_file = ca_file_;
  request.cancelled = [&call] { return call.cancelled(); };
  return exchange(request, policy_);
}

Connection::SessionReply Connection::log_in(const sdk::Call& call) const {
  const std::string password = call.expand_secrets(password_reference_);
  call.redact(password);
  const Json params = Json::array({Json(user_), Json::object({{"password", password}}), Json(language_)});
  const HttpResult result = post(call, "common.db.login", params, {});
  // A login changes nothing that matters, so nothing about it is ambiguous.
  if (const auto* error = std::get_if<HttpError>(&result)) return connector::failure_of(*error, true);
  const auto& response = std::get<HttpResponse>(result);
  const auto refused = [&](const std::string& why) {
    return sdk::Failed{.message = "Tryton connection \"" + name_ + "\": login of user \"" + user_ + "\" refused" + why,
                       .code = response.status};
  };
  if (response.status == 401 || response.status == 403) return refused(": check user and password");
  RpcReply reply = read_reply(response, url_, true);
  if (auto* failed = std::get_if<sdk::Failed>(&reply)) return std::move(*failed);
  if (const auto* error = std::get_if<RpcError>(&reply)) {
    sdk::Failed failed = refused(": " + error->message);
    failed.retryable = error->kind == "RateLimitException";
    return failed;
  }
  try {
    const auto& pair = std::get<Json>(reply).items();
    if (pair.size() < 2) return refused("");
    Session session{pair[1].as_string(), {}, pair[0].as_int()};
    session.token = connector::base64(user_ + ":" + std::to_string(session.user_id) + ":" + session.key);
    return session;
  } catch (const sdk::JsonError&) {
    return refused(": check user and password");
  }
}

Connection::SessionReply Connection::session(const sdk::Call& call, bool& fresh) {
  const std::lock_guard lock(mutex_);
  fresh = !session_;
  if (!session_) {
    SessionReply reply = log_in(call);
    if (auto* failed = std::get_if<sdk::Failed>(&reply)) return std::move(*failed);
    session_ = std::get<Session>(std::move(reply));
  }
  call.redact(session_->key);
  call.redact(session_->token);
  return *session_;
}

void Connection::forget(const Session& refused) {
  const std::lock_guard lock(mutex_);
  if (session_ && session_->key == refused.key) session_.reset();
}

RpcReply Connection::rpc(const sdk::Call& call, const std::string& method, const Json& params, RepeatRisk risk) {
  const bool harmless = risk == RepeatRisk::harmless;
  for (int round = 0;; ++round) {
    bool fresh = false;
    SessionReply reply = session(call, fresh);
    if (auto* failed = std::get_if<sdk::Failed>(&reply)) return std::move(*failed);
    const auto& used = std::get<Session>(reply);
    const HttpResult result = post(call, method, params, used.token);
    if (const auto* error = std::get_if<HttpError>(&result)) return connector::failure_of(*error, harmless);
    const auto& response = std::get<HttpResponse>(result);
    const bool session_refused = response.status == 401 || (response.status == 403 && !fresh);
    if (session_refused) forget(used);
    if (session_refused && round == 0) continue;
    RpcReply answer = read_reply(response, url_, harmless);
    const auto* error = std::get_if<RpcError>(&answer);
    if (error != nullptr && error->kind == "LoginException" && round == 0) {
      forget(used);
      continue;
    }
    if (auto* failed = std::get_if<sdk::Failed>(&answer); failed != nullptr && response.status == 403) {
      failed->message = "Tryton forbids " + method + " to user \"" + user_ +
                        "\": it does not exist, is not exported, or needs another group";
    }
    return answer;
  }
}

}  // namespace fermata::tryton
