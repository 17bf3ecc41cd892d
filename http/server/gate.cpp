#include "http/server/gate.h"

#include <arpa/inet.h>

#include <cstring>

namespace fermata::http {

std::string gate_key(std::string_view address) {
  in6_addr parsed{};
  const std::string text(address.substr(0, address.find('%')));  // without the zone of a link-local address
  if (inet_pton(AF_INET6, text.c_str(), &parsed) != 1) return text;
  std::memset(parsed.s6_addr + 8, 0, 8);
  char out[INET6_ADDRSTRLEN] = {};
  inet_ntop(AF_INET6, &parsed, out, sizeof out);
  return std::string(out) + "/64";
}

bool Gate::enter(std::string_view address) {
  std::string key = gate_key(address);
  const std::scoped_lock lock(mutex_);
  if (total_ >= total_max_) return false;
  const auto found = per_peer_.find(key);
  if (found != per_peer_.end() && found->second >= per_peer_max_) return false;
  ++total_;
  ++per_peer_[std::move(key)];
  return true;
}

void Gate::leave(std::string_view address) {
  const std::string key = gate_key(address);
  const std::scoped_lock lock(mutex_);
  --total_;
  const auto found = per_peer_.find(key);
  if (found != per_peer_.end() && --found->second == 0) per_peer_.erase(found);
}

std::size_t Gate::total() const {
  const std::scoped_lock lock(mutex_);
  return total_;
}

}  // namespace fermata::http
