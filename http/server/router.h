// Router: which handler answers a method and a path, who may call it, and how large its body may be.
//
// Filled before the server starts, then read only, by all threads. Patterns consist of literal and {parameter}
// segments; a last
// {*parameter} takes the rest of the path. A literal wins over a parameter. A trailing slash is tolerated.
//
//   Router router;
//   router.add({.method = "POST", .pattern = "/v2/jobs/{jobKey}/completion", .access = RoleSet{Role::worker},
//               .body_bytes_max = 4 << 20, .handler = complete_job});
//   for (const Route& route : router.routes()) ...   // the test that holds /openapi.json to the routes
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/server/request.h"
#include "http/server/response.h"

namespace fermata::http {

/// May block until request.deadline. Exceptions end in a 500 without their text.
using Handler = std::function<Response(const Request&)>;

/// Who may call a route. There is no default: every route says it.
struct Access {
  enum class Kind {
    open,       ///< anybody: health only
    signature,  ///< anybody, because the handler verifies a signature over the body: webhooks only
    roles,      ///< a valid credential whose principal has one of the roles
  };
  Kind kind;
  RoleSet roles;

  Access(RoleSet allowed)
      : kind(Kind::roles), roles(allowed) {}  // NOLINT(google-explicit-constructor): reads well in tables
  static Access open() { return Access(Kind::open); }
  static Access signature() { return Access(Kind::signature); }

 private:
  explicit Access(Kind the_kind) : kind(the_kind) {}
};

struct Route {
  std::string method;
  std::string pattern;
  Access access;
  std::size_t body_bytes_max = 1u << 20;
  Handler handler;
  bool documented = true;  ///< false: left out of /openapi.json on purpose (aliases, the UI's files)
};

struct RouteMatch {
  const Route* route;
  std::vector<std::pair<std::string, std::string>> path_params;
};
struct NoRoute {
  int status;                        ///< 400 (the path cannot be decoded), 404 or 405
  std::vector<std::string> allowed;  ///< methods, with 405
};
using RouteLookup = std::variant<RouteMatch, NoRoute>;

/// How errors look, and who may call from a browser, below a path.
struct ApiStyle {
  std::string prefix;  ///< "/engine-rest"
  /// The body of an error answer; Content-Type application/json. Null: problem+json.
  std::function<std::string(int status, const ProblemText& text)> error_body;
  std::string www_authenticate = "Bearer realm=\"fermata\"";
  bool cors = false;  ///< preflight answered without a credential, Access-Control-Allow-Origin: *
};

class Router {
 public:
  Router();
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  /// A second route of the same method and pattern, or a pattern that does not begin with '/', is a defect
  /// (FERMATA_CHECK).
  void add(Route route);
  /// Paths below `alias` are routed as if they were below `target`: "/engine-rest/engine/default" -> "/engine-rest".
  void add_alias(std::string alias, std::string target);
  void add_style(ApiStyle style);

  /// `path` as sent, still encoded. HEAD finds the GET route.
  [[nodiscard]] RouteLookup find(std::string_view method, std::string_view path) const;
  /// The style with the longest prefix of `path`; never null.
  [[nodiscard]] const ApiStyle& style_of(std::string_view path) const;
  /// In the order of registration; the addresses are stable.
  [[nodiscard]] const std::list<Route>& routes() const { return routes_; }

 private:
  struct Node;

  std::list<Route> routes_;
  std::unique_ptr<Node> root_;
  std::vector<std::pair<std::string, std::string>> aliases_;
  std::vector<ApiStyle> styles_;
};

}  // namespace fermata::http
