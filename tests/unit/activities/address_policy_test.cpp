// Which addresses a connector may dial: the table of everything that is not public, and the allow-list's forms.
#include "activities/builtin/transport/address_policy.h"

#include <gtest/gtest.h>

#include "activities/sdk/outcome.h"

namespace fermata::connector {
namespace {

bool allowed(const AddressPolicy& policy, const std::string& address, std::uint16_t port = 80,
             const std::string& host = "x") {
  const auto ip = IpAddress::parse(address);
  EXPECT_TRUE(ip) << address;
  return policy.refusal(host, *ip, port).empty();
}

TEST(AddressPolicy, RefusesEverythingThatIsNotPublic) {
  const AddressPolicy policy;
  for (const char* address : {"127.0.0.1",
                              "127.255.255.254",
                              "0.0.0.0",
                              "0.1.2.3",
                              "10.0.0.1",
                              "10.255.255.255",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.0.1",
                              "169.254.169.254",
                              "169.254.170.2",
                              "100.64.0.1",
                              "100.127.255.255",
                              "192.0.0.192",
                              "192.0.2.1",
                              "198.18.0.1",
                              "198.19.255.255",
                              "198.51.100.7",
                              "203.0.113.9",
                              "192.88.99.1",
                              "224.0.0.1",
                              "239.255.255.250",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "::ffff:127.0.0.1",
                              "::ffff:8.8.8.8",
                              "::ffff:169.254.169.254",
                              "::127.0.0.1",
                              "64:ff9b::7f00:1",
                              "64:ff9b:1::1",
                              "2002:7f00:1::",
                              "2001:0:7f00:1::1",
                              "2001:db8::1",
                              "fc00::1",
                              "fd00:ec2::254",
                              "fe80::1",
                              "fec0::1",
                              "ff02::1",
                              "100::1",
                              "3fff::1",
                              "4000::1"}) {
    EXPECT_FALSE(allowed(policy, address)) << address;
  }
  for (const char* address :
       {"8.8.8.8", "1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450::1"}) {
    EXPECT_TRUE(allowed(policy, address)) << address;
  }
}

TEST(AddressPolicy, AddressAndPort) {
  const AddressPolicy policy({"127.0.0.1:8069", "[::1]:443"});
  EXPECT_TRUE(allowed(policy, "127.0.0.1", 8069));
  EXPECT_FALSE(allowed(policy, "127.0.0.1", 22));
  EXPECT_FALSE(allowed(policy, "127.0.0.2", 8069));
  EXPECT_TRUE(allowed(policy, "::1", 443));
  EXPECT_FALSE(allowed(policy, "::1", 8069));
  EXPECT_TRUE(allowed(policy, "::ffff:127.0.0.1", 8069)) << "the same address inside IPv6";
}

TEST(AddressPolicy, Networks) {
  const AddressPolicy policy({"10.1.0.0/16", "192.168.7.0/24:443", "[fd00::/8]:8443", "fe80::/10"});
  EXPECT_TRUE(allowed(policy, "10.1.255.1", 1));
  EXPECT_FALSE(allowed(policy, "10.2.0.1", 1));
  EXPECT_TRUE(allowed(policy, "192.168.7.9", 443));
  EXPECT_FALSE(allowed(policy, "192.168.7.9", 80));
  EXPECT_TRUE(allowed(policy, "fd12::1", 8443));
  EXPECT_FALSE(allowed(policy, "fd12::1", 80));
  EXPECT_TRUE(allowed(policy, "fe80::9", 80));
}

TEST(AddressPolicy, HostAndPort) {
  const AddressPolicy policy({"ERP.internal:8069"});
  EXPECT_TRUE(allowed(policy, "10.0.0.5", 8069, "erp.INTERNAL"));
  EXPECT_TRUE(allowed(policy, "10.0.0.5", 8069, "erp.internal."));
  EXPECT_FALSE(allowed(policy, "10.0.0.5", 80, "erp.internal"));
  EXPECT_FALSE(allowed(policy, "10.0.0.5", 8069, "evil.internal"));
  EXPECT_FALSE(allowed(policy, "10.0.0.5", 8069, "10.0.0.5"));
}

TEST(AddressPolicy, WrongEntriesAreRefused) {
  for (const char* entry :
       {"", "localhost", "127.0.0.1", "10.0.0.0/33", "10.0.0.0/-1", "::1", "[::1]", "fd00::/129", "host:0",
        "host:70000", "host:80x", "http://host:80", "a b:80", "*:80", "10.0.0.0/8:", "[::1:80"}) {
    EXPECT_THROW(AddressPolicy({entry}), sdk::InputError) << entry;
  }
}

TEST(AddressPolicy, TheRefusalSaysWhatToDo) {
  const std::string text = AddressPolicy().refusal("x", *IpAddress::parse("169.254.169.254"), 80);
  EXPECT_NE(text.find("link-local"), std::string::npos);
  EXPECT_NE(text.find("\"169.254.169.254:80\""), std::string::npos);
}

}  // namespace
}  // namespace fermata::connector
