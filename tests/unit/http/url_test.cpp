#include "http/server/url.h"

#include <gtest/gtest.h>

namespace fermata::http {
namespace {

TEST(PercentDecode, DecodesAndRefuses) {
  EXPECT_EQ(percent_decode("a%20b%c3%A9"), "a b\xc3\xa9");
  EXPECT_EQ(percent_decode("a+b", true), "a b");
  EXPECT_EQ(percent_decode("a+b", false), "a+b");
  for (const char* broken : {"%", "%1", "%zz", "a%2", "%00", "%ff", "%c0%af", "%ed%a0%80"}) {
    EXPECT_FALSE(percent_decode(broken)) << broken;
  }
}

TEST(SplitPath, SegmentsAreDecodedOneByOne) {
  using Segments = std::vector<std::string>;
  EXPECT_EQ(split_path("/"), Segments{});
  EXPECT_EQ(split_path("/a/b"), (Segments{"a", "b"}));
  EXPECT_EQ(split_path("/a/b/"), (Segments{"a", "b"}));
  EXPECT_EQ(split_path("/a//b"), (Segments{"a", "", "b"}));
  EXPECT_EQ(split_path("/a%2Fb"), (Segments{"a/b"}));
}

TEST(SplitPath, RefusesTraversalAndControlCharacters) {
  for (const char* bad : {"", "a", "*", "/../etc/passwd", "/a/./b", "/a/%2e%2e/b", "/%2E", "/a%0d%0ab", "/%zz"}) {
    EXPECT_FALSE(split_path(bad)) << bad;
  }
  std::string deep;
  for (int i = 0; i < 33; ++i) deep += "/a";
  EXPECT_FALSE(split_path(deep));
}

TEST(ParseQuery, KeepsOrderAndRepetition) {
  const auto query = parse_query("a=1&b=x%3Dy&a=2&&flag");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->get("a"), "1");
  EXPECT_EQ(query->all("a"), (std::vector<std::string_view>{"1", "2"}));
  EXPECT_EQ(query->get("b"), "x=y");
  EXPECT_EQ(query->get("flag"), "");
  EXPECT_EQ(query->get("none"), std::nullopt);
}

TEST(ParseQuery, IsBounded) {
  std::string many;
  for (int i = 0; i < 257; ++i) many += "a=1&";
  EXPECT_FALSE(parse_query(many));
  EXPECT_FALSE(parse_query("a=%"));
}

}  // namespace
}  // namespace fermata::http
