#include "http/webhooks/cloud_events.h"

#include <gtest/gtest.h>

#include "engine/base/json.h"

namespace fermata::http {
namespace {

Headers of_type(const char* type) {
  Headers headers;
  headers.add("Content-Type", type);
  return headers;
}

TEST(CloudEvents, Binary) {
  Headers headers = of_type("application/json; charset=utf-8");
  headers.add("ce-specversion", "1.0");
  headers.add("Ce-Id", "e-1");
  headers.add("ce-source", "/shop");
  headers.add("ce-type", "order.paid");
  headers.add("ce-subject", "%E2%82%AC 7");
  headers.add("ce-tenant", "north");
  ASSERT_TRUE(is_cloud_event(headers));
  EXPECT_TRUE(is_binary_cloud_event(headers));
  const auto events = parse_cloud_events(headers, R"({"amount":10.50})");
  ASSERT_TRUE(events) << events.error().message;
  const CloudEvent& event = events->front();
  EXPECT_EQ(event.id, "e-1");
  EXPECT_EQ(event.type, "order.paid");
  EXPECT_EQ(event.subject, "\xe2\x82\xac 7");
  EXPECT_EQ(to_json(event.data), R"({"amount":10.5})");
  ASSERT_EQ(event.extensions.size(), 1u);
  EXPECT_EQ(event.extensions[0].key, "tenant");
}

TEST(CloudEvents, BinaryKeepsTextAndEncodesOtherBytes) {
  Headers headers;
  headers.add("ce-specversion", "1.0");
  headers.add("ce-id", "1");
  headers.add("ce-source", "s");
  headers.add("ce-type", "t");
  headers.add("Content-Type", "text/plain");
  EXPECT_EQ(parse_cloud_events(headers, "hi")->front().data.as_string(), "hi");
  headers.set("Content-Type", "application/octet-stream");
  EXPECT_EQ(parse_cloud_events(headers, "\xff")->front().data.as_string(), "/w==");
  headers.set("Content-Type", "application/json");
  EXPECT_FALSE(parse_cloud_events(headers, "{"));
}

TEST(CloudEvents, Structured) {
  const auto events = parse_cloud_events(
      of_type("application/cloudevents+json; charset=utf-8"),
      R"({"specversion":"1.0","id":"1","source":"s","type":"t","subject":null,"x":7,"data":{"a":[1]}})");
  ASSERT_TRUE(events) << events.error().message;
  EXPECT_EQ(to_json(events->front().data), R"({"a":[1]})");
  EXPECT_EQ(events->front().subject, "");
  EXPECT_EQ(events->front().extensions.size(), 1u);
}

TEST(CloudEvents, BatchKeepsItsOrderAndItsBound) {
  const auto batch = of_type("application/cloudevents-batch+json");
  const std::string one = R"({"specversion":"1.0","id":"1","source":"s","type":"t"})";
  const auto events = parse_cloud_events(
      batch, "[" + one + R"(,{"specversion":"1.0","id":"2","source":"s","type":"t","data_base64":"aGk="}])");
  ASSERT_TRUE(events) << events.error().message;
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ((*events)[1].id, "2");
  EXPECT_TRUE(parse_cloud_events(batch, "[]")->empty());
  std::string many = "[" + one;
  for (int i = 0; i < 100; ++i) many += "," + one;
  EXPECT_FALSE(parse_cloud_events(batch, many + "]"));
}

TEST(CloudEvents, RefusesWhatTheSpecificationRequires) {
  const auto structured = of_type("application/cloudevents+json");
  for (const char* bad :
       {"[]", "{}", R"({"specversion":"0.3","id":"1","source":"s","type":"t"})",
        R"({"specversion":"1.0","id":"","source":"s","type":"t"})",
        R"({"specversion":"1.0","id":1,"source":"s","type":"t"})", R"({"specversion":"1.0","id":"1","type":"t"})",
        R"({"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":"aGk="})",
        R"({"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"?"})"}) {
    EXPECT_FALSE(parse_cloud_events(structured, bad)) << bad;
  }
  EXPECT_FALSE(is_cloud_event(of_type("application/json")));
}

}  // namespace
}  // namespace fermata::http
