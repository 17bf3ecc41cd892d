// Gate: how many connections may be open, in all and from one peer.
//
// Safe from several threads. An IPv6 peer is its /64, because one host usually owns all of it.
//
//   Gate gate(2048, 512);
//   if (gate.enter("203.0.113.7")) { ...; gate.leave("203.0.113.7"); }
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace fermata::http {

class Gate {
 public:
  Gate(std::size_t total_max, std::size_t per_peer_max) : total_max_(total_max), per_peer_max_(per_peer_max) {}

  [[nodiscard]] bool enter(std::string_view address);
  void leave(std::string_view address);
  [[nodiscard]] std::size_t total() const;

 private:
  const std::size_t total_max_;
  const std::size_t per_peer_max_;
  mutable std::mutex mutex_;
  std::size_t total_ = 0;
  std::unordered_map<std::string, std::size_t> per_peer_;
};

/// What counts as one peer: the IPv4 address, or the first four groups of an IPv6 address.
[[nodiscard]] std::string gate_key(std::string_view address);

}  // namespace fermata::http
