#include "activities/builtin/http/oauth_tokens.h"

namespace fermata::connector {
namespace {

constexpr std::size_t entries_max = 256;
constexpr std::chrono::seconds safety_margin{30};
constexpr std::chrono::hours lifetime_max{24};

}  // namespace

std::shared_ptr<OAuthTokens::Entry> OAuthTokens::entry(const OAuthGrant& grant) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= entries_max && !entries_.contains(grant)) entries_.clear();  // rare: grants are configuration
  std::shared_ptr<Entry>& place = entries_[grant];
  if (!place) place = std::make_shared<Entry>();
  return place;
}

std::string OAuthTokens::get(const OAuthGrant& grant, const std::function<OAuthToken()>& fetch) {
  const std::shared_ptr<Entry> held = entry(grant);
  const std::lock_guard lock(held->mutex);
  const auto now = std::chrono::steady_clock::now();
  if (!held->token.empty() && now < held->usable_until) return held->token;
  held->token.clear();
  OAuthToken fresh = fetch();
  const auto lifetime = std::min<std::chrono::seconds>(fresh.lifetime, lifetime_max);
  if (lifetime > safety_margin) {
    held->token = fresh.value;
    held->usable_until = now + lifetime - safety_margin;
  }
  return std::move(fresh.value);
}

void OAuthTokens::forget(const OAuthGrant& grant, const std::string& token) {
  const std::shared_ptr<Entry> held = entry(grant);
  const std::lock_guard lock(held->mutex);
  if (held->token == token) held->token.clear();
}

}  // namespace fermata::connector
