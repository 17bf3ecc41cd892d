// The description of the API and the routes of the server, held together.
#include <gtest/gtest.h>

#include <set>

#include "harness.h"
#include "http/metrics/http_metrics.h"
#include "http/openapi/openapi.h"
#include "http/server/health.h"
#include "http/webhook_api/routes.h"

namespace fermata::http {
namespace {

std::set<std::string> described(const Value& document) {
  std::set<std::string> operations;
  for (const Value::Entry& path : document.find("paths")->as_context()) {
    for (const Value::Entry& operation : path.value.as_context()) {
      std::string method = operation.key;
      for (char& c : method) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      operations.insert(method + " " + path.key);
    }
  }
  return operations;
}

TEST(OpenApi, DescribesEveryRouteAndNothingElse) {
  Harness harness;
  Router& router = harness.router;
  Registry registry;
  const auto hooks = HookRegistry::open("", {});
  ASSERT_TRUE(hooks);
  const DevAuthenticator authenticator;
  add_health_routes(router, [] { return Readiness{}; });
  add_metrics_route(router, registry);
  add_openapi_route(router, "1.2.3");
  add_webhook_routes(router, {.registry = **hooks, .submit = nullptr, .secret = nullptr, .authenticator = authenticator, .now = nullptr});
  std::set<std::string> routed;
  for (const Route& route : router.routes()) {
    if (route.documented) routed.insert(route.method + " " + route.pattern);
  }
  const Result<Value> document = parse_json(openapi_document("1.2.3"));
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(described(*document), routed);
  EXPECT_EQ(document->find("info")->find("version")->as_string(), "1.2.3");
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
  const std::string text = openapi_document("1");
  const Result<Value> document = parse_json(text);
  ASSERT_TRUE(document);
  const Value& components = *document->find("components");
  const std::string mark = "\"#/components/";
  std::size_t count = 0;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const std::size_t begin = at + mark.size();
    const std::string reference = text.substr(begin, text.find('"', begin) - begin);
    const std::size_t slash = reference.find('/');
    const Value* kind = components.find(reference.substr(0, slash));
    ASSERT_NE(kind, nullptr) << reference;
    EXPECT_NE(kind->find(reference.substr(slash + 1)), nullptr) << reference;
    ++count;
  }
  EXPECT_GT(count, 100u);
}

}  // namespace
}  // namespace fermata::http
