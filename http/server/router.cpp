#include "http/server/router.h"

#include <algorithm>

#include "engine/base/check.h"

namespace fermata::http {

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::unique_ptr<Node> rest;
  std::map<std::string, const Route*, std::less<>> methods;
};

namespace {

using Segments = std::vector<std::string>;

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}
bool is_rest(std::string_view segment) {
  return segment.starts_with("{*") && segment.ends_with('}');
}

Segments pattern_segments(std::string_view pattern) {
  auto segments = split_path(pattern);
  FERMATA_CHECK(segments.has_value(), "a route's pattern begins with '/' and has no broken escapes");
  return std::move(*segments);
}

bool is_below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

/// Every node that the segments from `at` can reach, literals first. Patterns are few and short, so the search is
/// small.
template <class Node>
void reach(const Node& node, const Segments& segments, std::size_t at, std::vector<const Node*>& found) {
  if (at == segments.size()) {
    found.push_back(&node);
    return;
  }
  if (const auto literal = node.literals.find(segments[at]); literal != node.literals.end()) {
    reach(*literal->second, segments, at + 1, found);
  }
  if (node.parameter && !segments[at].empty()) reach(*node.parameter, segments, at + 1, found);
  if (node.rest) found.push_back(node.rest.get());
}

std::vector<std::pair<std::string, std::string>> bind(const Route& route, const Segments& segments) {
  std::vector<std::pair<std::string, std::string>> result;
  const Segments names = pattern_segments(route.pattern);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (is_rest(names[i])) {
      std::string rest;
      for (std::size_t k = i; k < segments.size(); ++k) rest += (k == i ? "" : "/") + segments[k];
      result.emplace_back(names[i].substr(2, names[i].size() - 3), std::move(rest));
    } else if (is_parameter(names[i])) {
      result.emplace_back(names[i].substr(1, names[i].size() - 2), segments[i]);
    }
  }
  return result;
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {
  styles_.emplace_back();
}
Router::~Router() = default;

void Router::add(Route route) {
  FERMATA_CHECK(route.handler != nullptr, "a route has a handler");
  Node* node = root_.get();
  for (const std::string& segment : pattern_segments(route.pattern)) {
    auto& next = is_rest(segment) ? node->rest : is_parameter(segment) ? node->parameter : node->literals[segment];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  routes_.push_back(std::move(route));
  const bool fresh = node->methods.emplace(routes_.back().method, &routes_.back()).second;
  FERMATA_CHECK(fresh, "a method and a pattern are registered once");
}

void Router::add_alias(std::string alias, std::string target) {
  aliases_.emplace_back(std::move(alias), std::move(target));
}

void Router::add_style(ApiStyle style) {
  styles_.push_back(std::move(style));
}

RouteLookup Router::find(std::string_view method, std::string_view path) const {
  std::string rewritten;
  for (const auto& [alias, target] : aliases_) {
    if (!is_below(path, alias)) continue;
    rewritten = target + std::string(path.substr(alias.size()));
    path = rewritten;
    break;
  }
  const auto segments = split_path(path);
  if (!segments) return NoRoute{400, {}};
  std::vector<const Node*> reached;
  reach(*root_, *segments, 0, reached);

  std::vector<std::string> allowed;
  for (const Node* node : reached) {
    auto found = node->methods.find(method);
    if (found == node->methods.end() && method == "HEAD") found = node->methods.find("GET");
    if (found != node->methods.end()) return RouteMatch{found->second, bind(*found->second, *segments)};
    for (const auto& [name, route] : node->methods) {
      if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) allowed.push_back(name);
    }
  }
  const int status = allowed.empty() ? 404 : 405;
  return NoRoute{status, std::move(allowed)};
}

const ApiStyle& Router::style_of(std::string_view path) const {
  const ApiStyle* best = &styles_.front();
  for (const ApiStyle& style : styles_) {
    if (is_below(path, style.prefix) && style.prefix.size() >= best->prefix.size()) best = &style;
  }
  return *best;
}

}  // namespace fermata::http
