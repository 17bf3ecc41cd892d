#include "http/auth/browser_guard.h"

#include <arpa/inet.h>

namespace fermata::http {

namespace {

// No web page has it: of one without an address a browser says "null".
constexpr std::string_view modeler_origin = "file://";

bool changes_something(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

bool has_basic_credential(const Headers& headers) {
  const std::string_view credential = headers.value("Authorization");
  return equals_ignoring_case(credential.substr(0, credential.find(' ')), "Basic");
}

/// Whether a page of this origin has come from this Host. A browser leaves the usual port out, a proxy may write it.
bool is_own_page(std::string_view origin, std::string_view host) {
  const bool tls = origin.starts_with("https://");
  if (!tls && !origin.starts_with("http://")) return false;
  const std::string page(origin.substr(origin.find("://") + 3));
  return equals_ignoring_case(page, host) || equals_ignoring_case(page + (tls ? ":443" : ":80"), host);
}

}  // namespace

bool is_loopback_name(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos) return false;
    host = host.substr(1, end - 1);
  } else if (const std::size_t colon = host.find(':');
             colon != std::string_view::npos && host.find(':', colon + 1) == std::string_view::npos) {
    host = host.substr(0, colon);
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::string name = to_lower_ascii(host);
  if (name == "localhost" || name.ends_with(".localhost") || name == "::1") return true;
  in_addr parsed{};
  return inet_pton(AF_INET, name.c_str(), &parsed) == 1 && (ntohl(parsed.s_addr) >> 24) == 127;
}

std::optional<std::string> guard_against_foreign_pages(const Headers& headers) {
  if (const auto host = headers.get("Host"); host && !is_loopback_name(*host)) {
    return "A server started with --dev answers only to a loopback name in Host, such as localhost.";
  }
  const auto origin = headers.get("Origin");
  if (!origin) return std::nullopt;  // no browser, or a navigation or an image, whose answer no script can read
  if (equals_ignoring_case(*origin, modeler_origin)) return std::nullopt;
  const std::size_t scheme = origin->find("://");
  const bool web = origin->starts_with("http://") || origin->starts_with("https://");
  if (web && is_loopback_name(origin->substr(scheme + 3))) return std::nullopt;
  return "A server started with --dev does not answer web pages of other sites. Start it with tokens, or serve the "
         "page from localhost.";
}

std::optional<std::string> guard_of_basic(std::string_view method, const Headers& headers) {
  if (!changes_something(method) || !has_basic_credential(headers)) return std::nullopt;
  const auto origin = headers.get("Origin");
  if (origin && equals_ignoring_case(*origin, modeler_origin)) return std::nullopt;
  const bool foreign = origin && !is_own_page(*origin, headers.value("Host"));
  if (!foreign && !equals_ignoring_case(headers.value("Sec-Fetch-Site"), "cross-site")) return std::nullopt;
  return "The request comes from a web page of another site, with a Basic credential that the browser may have added by "
         "itself. Send the token as Authorization: Bearer <token>.";
}

}  // namespace fermata::http
