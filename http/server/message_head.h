// MessageHead: the head of an HTTP/1.x request, read strictly (RFC 9112), so that no proxy before us can read it
// otherwise.
//
// Pure. The connection collects bytes until find_head_end() sees the end, then parse_head() accepts the head or names
// the status of the refusal. Refused: bare LF, folded lines, control characters, space before a colon, Content-Length
// that is repeated, not a number, or beside Transfer-Encoding, any coding but "chunked", no or several Host fields.
// Dropped: the names with which cpp-httplib passes peer addresses to handlers (REMOTE_ADDR ...), which a client could
// otherwise forge.
//
//   HeadParse parsed = parse_head("GET /v2/topology HTTP/1.1\r\nHost: localhost\r\n\r\n", limits);
//   std::get<MessageHead>(parsed).path  ->  "/v2/topology"
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "http/server/headers.h"
#include "http/server/options.h"

namespace fermata::http {

struct MessageHead {
  std::string method{};
  std::string target{};  ///< origin form: path and query as sent
  std::string path{};    ///< the target before '?', still encoded
  std::string query{};   ///< the target after '?', still encoded
  int minor_version = 1;
  Headers headers{};
  std::optional<std::uint64_t> content_length{};
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;

  [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

struct HeadRefusal {
  int status = 400;
  std::string reason;
};

using HeadParse = std::variant<MessageHead, HeadRefusal>;

/// What is known of a head that is still arriving.
struct HeadScan {
  std::size_t scanned = 0;  ///< bytes already looked at: pass the same object again when more have come
  std::size_t end = 0;      ///< length of the head with its empty line, once it is complete
  std::optional<HeadRefusal> refusal;
};

/// Looks for the end of the head in `bytes`, from where it stopped before, and refuses early what is too long or
/// plainly not HTTP.
void find_head_end(std::string_view bytes, const HeadLimits& limits, HeadScan& scan);

/// `head` includes the empty line at its end.
[[nodiscard]] HeadParse parse_head(std::string_view head, const HeadLimits& limits);

}  // namespace fermata::http
