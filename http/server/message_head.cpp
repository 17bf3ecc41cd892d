#include "http/server/message_head.h"

#include <algorithm>
#include <array>

namespace fermata::http {

namespace {

constexpr std::size_t content_length_digits_max = 18;  // fits int64 with room

bool is_token_char(char c) {
  static constexpr std::string_view extra = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         extra.find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_field_value_char(char c) {
  return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

/// Visible ASCII: a target has no spaces, no controls and nothing that ought to have been escaped.
bool is_target_char(char c) {
  return c > 0x20 && c < 0x7f;
}

bool is_host_char(char c) {
  static constexpr std::string_view extra = ".-_:[]%";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         extra.find(c) != std::string_view::npos;
}

HeadRefusal bad(std::string reason) {
  return {400, std::move(reason)};
}

/// Names that the library below gives meaning to; a client must not be able to send them.
bool is_reserved_name(std::string_view name) {
  static constexpr std::array<std::string_view, 5> reserved{"REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR", "LOCAL_PORT",
                                                            "EXCEPTION_WHAT"};
  return std::any_of(reserved.begin(), reserved.end(),
                     [&](std::string_view r) { return equals_ignoring_case(r, name); });
}

std::optional<HeadRefusal> read_request_line(std::string_view line, MessageHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("The request line is not 'METHOD target HTTP/1.1'.");
  head.method = line.substr(0, first);
  std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(head.method)) return bad("The request method contains characters that are not allowed.");
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return HeadRefusal{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  head.minor_version = version.back() - '0';
  if (!std::all_of(target.begin(), target.end(), is_target_char)) {
    return bad("The request target contains a character that must be percent-encoded.");
  }
  for (const std::string_view scheme :
       {std::string_view("http://"), std::string_view("https://")}) {  // absolute form, RFC 9112 3.2.2
    if (target.starts_with(scheme)) {
      const std::size_t slash = target.find('/', scheme.size());
      target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
  }
  if (target != "*" && (target.empty() || target.front() != '/')) return bad("The request target must begin with '/'.");
  target = target.substr(0, target.find('#'));
  head.target = target;
  const std::size_t question = target.find('?');
  head.path = target.substr(0, question);
  head.query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
  return std::nullopt;
}

std::optional<HeadRefusal> read_field(std::string_view line, MessageHead& head) {
  if (line.front() == ' ' || line.front() == '\t') return bad("A header line must not be folded.");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bad("A header line has no colon.");
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (!is_token(name)) return bad("A header name contains characters that are not allowed.");
  if (!std::all_of(value.begin(), value.end(), is_field_value_char))
    return bad("A header value contains control characters.");
  if (!is_reserved_name(name)) head.headers.add(std::string(name), std::string(value));
  return std::nullopt;
}

std::optional<HeadRefusal> read_framing(MessageHead& head) {
  const std::size_t lengths = head.headers.count("Content-Length");
  const std::size_t codings = head.headers.count("Transfer-Encoding");
  if (lengths > 1) return bad("Content-Length is given more than once.");
  if (lengths > 0 && codings > 0) return bad("Content-Length and Transfer-Encoding exclude each other.");
  if (codings > 0) {
    if (head.minor_version == 0) return bad("HTTP/1.0 has no Transfer-Encoding.");
    if (codings > 1 || !equals_ignoring_case(head.headers.value("Transfer-Encoding"), "chunked")) {
      return bad("The only Transfer-Encoding understood is 'chunked'.");
    }
    head.chunked = true;
  }
  if (lengths == 1) {
    const std::string_view text = head.headers.value("Content-Length");
    const bool digits =
        !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return bad("Content-Length is not a number.");
    if (text.size() > content_length_digits_max) return HeadRefusal{413, "The announced body is too large."};
    head.content_length = std::stoull(std::string(text));
  }
  return std::nullopt;
}

std::optional<HeadRefusal> read_host(const MessageHead& head) {
  const std::size_t hosts = head.headers.count("Host");
  if (hosts > 1) return bad("Host is given more than once.");
  if (hosts == 0) return head.minor_version == 0 ? std::nullopt : std::optional(bad("The Host header is missing."));
  const std::string_view host = head.headers.value("Host");
  if (!std::all_of(host.begin(), host.end(), is_host_char)) return bad("The Host header is not a host name.");
  return std::nullopt;
}

void read_connection(MessageHead& head) {
  head.keep_alive = head.minor_version == 1;
  for (const Header& field : head.headers) {
    if (!equals_ignoring_case(field.name, "Connection")) continue;
    if (to_lower_ascii(field.value).find("close") != std::string::npos) head.keep_alive = false;
  }
  head.expects_continue = head.minor_version == 1 && equals_ignoring_case(head.headers.value("Expect"), "100-continue");
}

}  // namespace

void find_head_end(std::string_view bytes, const HeadLimits& limits, HeadScan& scan) {
  if (scan.refusal || scan.end != 0) return;
  const std::size_t looked_at = std::min(bytes.size(), limits.bytes_max);
  if (scan.scanned == 0 && !bytes.empty() && !is_token_char(bytes.front()) && bytes.front() != '\r') {
    scan.refusal = bad("This is not HTTP.");
    return;
  }
  for (std::size_t i = bytes.find('\n', scan.scanned); i < looked_at; i = bytes.find('\n', i + 1)) {
    if (i == 0 || bytes[i - 1] != '\r') {
      scan.refusal = bad("Lines must end with CR LF.");
      return;
    }
    if (i >= 3 && bytes[i - 2] == '\n') {
      scan.end = i + 1;
      return;
    }
  }
  scan.scanned = looked_at;
  if (looked_at == limits.bytes_max) {
    const bool long_target = bytes.find('\n') >= limits.request_line_max;
    scan.refusal = long_target ? HeadRefusal{414, "The request line is too long."}
                               : HeadRefusal{431, "The request head is too large."};
  }
}

HeadParse parse_head(std::string_view head_bytes, const HeadLimits& limits) {
  MessageHead head;
  bool first = true;
  std::string_view rest = head_bytes;
  while (!rest.empty()) {
    const std::size_t end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    rest = rest.substr(end + 2);
    if (line.empty()) break;
    std::optional<HeadRefusal> refusal;
    if (first) {
      refusal = line.size() > limits.request_line_max ? HeadRefusal{414, "The request line is too long."}
                                                      : read_request_line(line, head);
      first = false;
    } else if (line.size() > limits.header_line_max) {
      refusal = HeadRefusal{431, "A header line is too long."};
    } else if (head.headers.size() == limits.headers_max) {
      refusal = HeadRefusal{431, "There are too many header lines."};
    } else {
      refusal = read_field(line, head);
    }
    if (refusal) return *refusal;
  }
  if (first) return bad("The request is empty.");
  if (auto refusal = read_framing(head)) return *refusal;
  if (auto refusal = read_host(head)) return *refusal;
  read_connection(head);
  return head;
}

}  // namespace fermata::http
