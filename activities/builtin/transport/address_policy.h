// AddressPolicy: which network addresses a connector may dial. Judges the address that is really dialled, after name
// resolution, so that no name, redirect, odd number notation or rebinding resolver leads past it.
//
// Public addresses are allowed. Everything else (loopback, private, link-local with the cloud's metadata service,
// shared, multicast, reserved, IPv4 inside IPv6, tunnels) is refused unless an entry of the allow-list names it:
//   "erp.internal:8069"   this host name and port, whatever address it resolves to
//   "127.0.0.1:8069"      this address and port;  "[::1]:8069"
//   "10.1.0.0/16"         any port in this network;  "10.1.0.0/16:443", "[fd00::/8]:443"
//
//   AddressPolicy policy({"127.0.0.1:8069"});
//   policy.refusal("localhost", *IpAddress::parse("127.0.0.1"), 22)   ->  "127.0.0.1 is a loopback address ..."
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace fermata::connector {

struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};  ///< four of them for IPv4
  bool v4 = false;

  [[nodiscard]] static std::optional<IpAddress> parse(const std::string& text);
  /// Nothing if it is neither IPv4 nor IPv6; `port` in host order.
  [[nodiscard]] static std::optional<IpAddress> of(const sockaddr* address, std::uint16_t& port);
  [[nodiscard]] std::string text() const;
  /// Whether the first `bits` bits are those of `network`, which must be of the same family.
  [[nodiscard]] bool in(const IpAddress& network, int bits) const;
};

/// Why an address is not a public one ("a loopback address"), or null if it is.
[[nodiscard]] const char* not_public_because(const IpAddress& address);

/// Immutable, so thread-safe.
class AddressPolicy {
 public:
  AddressPolicy() = default;
  /// Throws sdk::InputError naming an entry that is none of the forms above.
  explicit AddressPolicy(const std::vector<std::string>& allow);

  /// Empty if a connection for the URL host `host` may be made to this address; else a sentence saying why not and what
  /// to do.
  [[nodiscard]] std::string refusal(std::string_view host, const IpAddress& address, std::uint16_t port) const;

  /// Adds one entry. Throws as the constructor does.
  void allow(const std::string& entry);

 private:
  struct Network {
    IpAddress address;
    int bits;
    std::optional<std::uint16_t> port;
  };
  struct HostPort {
    std::string host;  // lower case
    std::uint16_t port;
  };

  std::vector<Network> networks_;
  std::vector<HostPort> hosts_;
};

}  // namespace fermata::connector
