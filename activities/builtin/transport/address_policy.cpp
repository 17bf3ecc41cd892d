#include "activities/builtin/transport/address_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "activities/sdk/outcome.h"

namespace fermata::connector {
namespace {

struct Range {
  const char* network;
  int bits;
  const char* name;
};

// The IANA special-purpose registries, first match wins.
constexpr Range special_v4[] = {
    {"0.0.0.0", 8, "an address of \"this network\""},
    {"127.0.0.0", 8, "a loopback address"},
    {"10.0.0.0", 8, "a private address"},
    {"172.16.0.0", 12, "a private address"},
    {"192.168.0.0", 16, "a private address"},
    {"169.254.0.0", 16, "a link-local address (cloud metadata)"},
    {"100.64.0.0", 10, "a shared carrier address"},
    {"192.0.0.0", 24, "a reserved address"},
    {"192.0.2.0", 24, "a documentation address"},
    {"198.51.100.0", 24, "a documentation address"},
    {"203.0.113.0", 24, "a documentation address"},
    {"192.88.99.0", 24, "a relay address"},
    {"198.18.0.0", 15, "a benchmarking address"},
    {"224.0.0.0", 4, "a multicast address"},
    {"240.0.0.0", 4, "a reserved address"},
};
constexpr Range special_v6[] = {
    {"::", 128, "the unspecified address"},
    {"::1", 128, "a loopback address"},
    {"::ffff:0:0", 96, "an IPv4 address inside IPv6"},
    {"64:ff9b::", 96, "an IPv4 address inside IPv6"},
    {"2002::", 16, "an IPv4 address inside IPv6 (6to4)"},
    {"2001::", 23, "a protocol or tunnel address"},
    {"2001:db8::", 32, "a documentation address"},
    {"3fff::", 20, "a documentation address"},
    {"fc00::", 7, "a private address"},
    {"fe80::", 10, "a link-local address"},
    {"ff00::", 8, "a multicast address"},
};

std::optional<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  while (!out.empty() && out.back() == '.') out.pop_back();
  return out;
}

/// ::ffff:a.b.c.d as a.b.c.d, so that an entry for the IPv4 network covers it.
std::optional<IpAddress> embedded_v4(const IpAddress& address) {
  if (address.v4 || !address.in(*IpAddress::parse("::ffff:0:0"), 96)) return std::nullopt;
  IpAddress out;
  out.v4 = true;
  std::copy_n(address.bytes.begin() + 12, 4, out.bytes.begin());
  return out;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(const std::string& text) {
  IpAddress out;
  if (::inet_pton(AF_INET, text.c_str(), out.bytes.data()) == 1) {
    out.v4 = true;
    return out;
  }
  if (::inet_pton(AF_INET6, text.c_str(), out.bytes.data()) == 1) return out;
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::of(const sockaddr* address, std::uint16_t& port) {
  IpAddress out;
  if (address->sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, address, sizeof in);
    std::memcpy(out.bytes.data(), &in.sin_addr, 4);
    out.v4 = true;
    port = ntohs(in.sin_port);
    return out;
  }
  if (address->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 in6{};
  std::memcpy(&in6, address, sizeof in6);
  std::memcpy(out.bytes.data(), &in6.sin6_addr, 16);
  port = ntohs(in6.sin6_port);
  return out;
}

std::string IpAddress::text() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data(), buffer, sizeof buffer);
  return buffer;
}

bool IpAddress::in(const IpAddress& network, int bits) const {
  if (v4 != network.v4) return false;
  for (int i = 0; i < bits; ++i) {
    const auto byte = static_cast<std::size_t>(i / 8);
    const int mask = 0x80 >> (i % 8);
    if (((bytes[byte] ^ network.bytes[byte]) & mask) != 0) return false;
  }
  return true;
}

const char* not_public_because(const IpAddress& address) {
  if (address.v4) {
    for (const Range& range : special_v4) {
      if (address.in(*IpAddress::parse(range.network), range.bits)) return range.name;
    }
    return nullptr;
  }
  for (const Range& range : special_v6) {
    if (address.in(*IpAddress::parse(range.network), range.bits)) return range.name;
  }
  return address.in(*IpAddress::parse("2000::"), 3) ? nullptr : "not a global address";
}

AddressPolicy::AddressPolicy(const std::vector<std::string>& allow_list) {
  for (const std::string& entry : allow_list) allow(entry);
}

void AddressPolicy::allow(const std::string& entry) {
  const auto refuse = [&]() -> void {
    throw sdk::InputError("allow-list entry \"" + entry +
                          "\" is none of host:port, address:port, network/bits, network/bits:port");
  };
  // Brackets hold an IPv6 address or network: [::1]:80, [fd00::/8]:443.
  std::string target = entry;
  std::optional<std::uint16_t> port;
  const bool bracketed = entry.starts_with('[');
  const bool bare_v6 = !bracketed && std::count(entry.begin(), entry.end(), ':') > 1;
  if (const std::size_t colon = entry.rfind(':');
      !bare_v6 && colon != std::string::npos && (!bracketed || entry[colon - 1] == ']')) {
    port = parse_port(std::string_view(entry).substr(colon + 1));
    if (!port) refuse();
    target = entry.substr(0, colon);
  }
  if (bracketed) {
    if (target.size() < 2 || target.back() != ']') refuse();
    target = target.substr(1, target.size() - 2);
  }
  const std::size_t slash = target.find('/');
  if (const auto address = IpAddress::parse(target.substr(0, slash))) {
    int bits = address->v4 ? 32 : 128;
    if (slash != std::string::npos) {
      const std::string_view text = std::string_view(target).substr(slash + 1);
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
      if (error != std::errc{} || end != text.data() + text.size() || bits < 0 || bits > (address->v4 ? 32 : 128))
        refuse();
    } else if (!port) {
      refuse();
    }
    networks_.push_back({*address, bits, port});
    return;
  }
  if (!port || target.empty() || slash != std::string::npos || target.find_first_of(" @?#[]%*") != std::string::npos)
    refuse();
  hosts_.push_back({lower(target), *port});
}

std::string AddressPolicy::refusal(std::string_view host, const IpAddress& address, std::uint16_t port) const {
  const char* why = not_public_because(address);
  if (why == nullptr) return {};
  const std::optional<IpAddress> v4 = embedded_v4(address);
  for (const Network& network : networks_) {
    if (network.port && *network.port != port) continue;
    if (address.in(network.address, network.bits) || (v4 && v4->in(network.address, network.bits))) return {};
  }
  const std::string name = lower(host);
  for (const HostPort& entry : hosts_) {
    if (entry.port == port && entry.host == name) return {};
  }
  const std::string shown = address.v4 ? address.text() : "[" + address.text() + "]";
  return shown + " is " + why + ", which connectors may not dial: if this is wanted, add \"" + shown + ":" +
         std::to_string(port) + "\" to the connector's allow list";
}

}  // namespace fermata::connector
