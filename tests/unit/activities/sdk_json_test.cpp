// The plugin SDK's JSON: exact numbers, hostile documents, linear time.
#include <gtest/gtest.h>

#include <ctime>

#include "activities/sdk/json.h"
#include "activities/sdk/utf8.h"

namespace fermata::sdk {
namespace {

TEST(SdkJson, RoundTripKeepsEveryDigit) {
  for (const char* text : {R"({"a":[1.50,-0,1e5,1E+2,12345678901234567890.10],"b":{"c":null,"d":[true,false]},"e":""})",
                           "[]", "{}", "0", "-0.0e-1", R"(["\"\\\n\r\t\u0001/"])"}) {
    EXPECT_EQ(Json::parse(text).dump(), text);
  }
  EXPECT_EQ(Json::parse(R"("\u00e9\ud83d\ude00\/\b")").as_string(), "\xC3\xA9\xF0\x9F\x98\x80/\b");
}

TEST(SdkJson, OfADuplicateKeyTheLastValueStays) {
  EXPECT_EQ(Json::parse(R"({"a":1,"b":2,"a":3})").dump(), R"({"a":3,"b":2})");
  std::string many = "{\"k0\":\"first\"";
  for (int i = 0; i < 40; ++i) many += ",\"k" + std::to_string(i % 20) + "\":" + std::to_string(i);
  const Json big = Json::parse(many + "}");
  EXPECT_EQ(big.members().size(), 20u);
  EXPECT_EQ(big.members().front().first, "k0");
  EXPECT_EQ(big.at("k0").as_int(), 20);
  EXPECT_EQ(big.at("k19").as_int(), 39);
}

TEST(SdkJson, HostileDocumentsAreRefused) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[1,]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{a:1}",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "1e",
                           "--1",
                           "NaN",
                           "Infinity",
                           "tru",
                           "nullx",
                           "\"",
                           "\"\x01\"",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\\ud800\\u0041\"",
                           "\"\xFF\"",
                           "\"\xC0\x80\"",
                           "\"\xED\xA0\x80\"",
                           "[] []",
                           "{}}",
                           "'a'",
                           "[1 2]"}) {
    EXPECT_THROW((void)Json::parse(text), JsonError) << text;
  }
  EXPECT_THROW((void)Json::parse(std::string(1'000'000, '[')), JsonError) << "nesting is bounded";
  EXPECT_NO_THROW((void)Json::parse(std::string(100, '[') + std::string(100, ']')));
}

TEST(SdkJson, ManyMembersAreReadInLinearTime) {
  std::string text = "{";
  for (int i = 0; i < 300'000; ++i) text += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  // Processor time, so that a busy machine does not matter.
  const std::clock_t start = std::clock();
  EXPECT_EQ(Json::parse(text + "}").members().size(), 300'000u);
  // Half a second as it is shipped, ten times that under a sanitizer. Comparing each key with all before it would take minutes.
  EXPECT_LT((std::clock() - start) / CLOCKS_PER_SEC, 30);
}

TEST(SdkJson, TypedAccess) {
  const Json value = Json::parse(R"({"i":2.0,"f":1.5,"s":"x","big":99999999999999999999})");
  EXPECT_EQ(value.at("i").as_int(), 2);
  EXPECT_THROW((void)value.at("f").as_int(), JsonError);
  EXPECT_THROW((void)value.at("big").as_int(), JsonError);
  EXPECT_THROW((void)value.at("s").as_int(), JsonError);
  EXPECT_THROW((void)value.at("none"), JsonError);
  EXPECT_THROW((void)value.int_or("s", 1), JsonError);
  EXPECT_EQ(value.int_or("none", 7), 7);
  EXPECT_THROW((void)Json::number("1 "), JsonError);
  EXPECT_THROW((void)Json::number("x"), JsonError);
}

TEST(SdkJson, WhatIsNotUtf8IsRepairedOnTheWayOut) {
  EXPECT_EQ(Json(std::string_view("a\xFF\xC3")).dump(), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_TRUE(is_valid_utf8(repair_utf8("\xF4\x90\x80\x80")));
}

}  // namespace
}  // namespace fermata::sdk
