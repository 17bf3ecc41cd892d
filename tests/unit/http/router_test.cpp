#include "http/server/router.h"

#include <gtest/gtest.h>

namespace fermata::http {
namespace {

class RouterTest : public testing::Test {
 protected:
  void add(std::string method, std::string pattern) {
    router.add({.method = std::move(method),
                .pattern = std::move(pattern),
                .access = any_role,
                .body_bytes_max = 1,
                .handler = [](const Request&) { return Response::empty(204); }});
  }
  std::string pattern_of(std::string_view method, std::string_view path) {
    const RouteLookup found = router.find(method, path);
    const auto* match = std::get_if<RouteMatch>(&found);
    return match == nullptr ? std::to_string(std::get<NoRoute>(found).status) : match->route->pattern;
  }
  Router router;
};

TEST_F(RouterTest, LiteralWinsOverParameterAndParameterTakesTheRest) {
  add("POST", "/v2/jobs/search");
  add("GET", "/v2/jobs/{jobKey}");
  add("POST", "/v2/jobs/{key}/completion");
  add("GET", "/ui/{*file}");
  EXPECT_EQ(pattern_of("POST", "/v2/jobs/search"), "/v2/jobs/search");
  EXPECT_EQ(pattern_of("GET", "/v2/jobs/search"), "/v2/jobs/{jobKey}");
  EXPECT_EQ(pattern_of("POST", "/v2/jobs/search/completion"), "/v2/jobs/{key}/completion");
  EXPECT_EQ(pattern_of("GET", "/ui/a/b.js"), "/ui/{*file}");

  const RouteLookup found = router.find("GET", "/ui/a/b%20c.js");
  EXPECT_EQ(std::get<RouteMatch>(found).path_params[0].second, "a/b c.js");
  const RouteLookup job = router.find("GET", "/v2/jobs/17");
  EXPECT_EQ(std::get<RouteMatch>(job).path_params[0], (std::pair<std::string, std::string>{"jobKey", "17"}));
}

TEST_F(RouterTest, ToleratesATrailingSlashOnly) {
  add("POST", "/engine-rest/message");
  EXPECT_EQ(pattern_of("POST", "/engine-rest/message/"), "/engine-rest/message");
  EXPECT_EQ(pattern_of("POST", "/engine-rest//message"), "404");
  EXPECT_EQ(pattern_of("POST", "/Engine-rest/message"), "404");
}

TEST_F(RouterTest, TellsNotFoundFromNotAllowed) {
  add("GET", "/a/{x}");
  add("PUT", "/a/{y}");
  EXPECT_EQ(pattern_of("GET", "/b"), "404");
  EXPECT_EQ(pattern_of("GET", "/a"), "404");
  EXPECT_EQ(pattern_of("GET", "/a/"), "404");
  EXPECT_EQ(pattern_of("HEAD", "/a/1"), "/a/{x}");
  EXPECT_EQ(pattern_of("GET", "/a/../b"), "400");
  const RouteLookup found = router.find("DELETE", "/a/1");
  EXPECT_EQ(std::get<NoRoute>(found).allowed, (std::vector<std::string>{"GET", "PUT"}));
}

TEST_F(RouterTest, AliasesAndStylesHoldForWholeSegments) {
  add("GET", "/engine-rest/version");
  router.add_alias("/engine-rest/engine/default", "/engine-rest");
  router.add_style({.prefix = "/engine-rest", .error_body = {}, .cors = true});
  EXPECT_EQ(pattern_of("GET", "/engine-rest/engine/default/version"), "/engine-rest/version");
  EXPECT_EQ(pattern_of("GET", "/engine-rest/engine/defaultx/version"), "404");
  EXPECT_TRUE(router.style_of("/engine-rest/x").cors);
  EXPECT_FALSE(router.style_of("/engine-restx").cors);
}

TEST_F(RouterTest, RoutesCanBeListed) {
  add("GET", "/a");
  add("POST", "/a");
  EXPECT_EQ(router.routes().size(), 2u);
}

}  // namespace
}  // namespace fermata::http
