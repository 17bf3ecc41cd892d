#include "activities/builtin/transport/http_client.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "activities/builtin/transport/encoding.h"

namespace fermata::connector {
namespace {

template <auto Function>
struct Closer {
  template <class T>
  void operator()(T* handle) const {
    Function(handle);
  }
};
using Easy = std::unique_ptr<CURL, Closer<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Closer<curl_multi_cleanup>>;
using Url = std::unique_ptr<CURLU, Closer<curl_url_cleanup>>;
using List = std::unique_ptr<curl_slist, Closer<curl_slist_free_all>>;

constexpr int poll_interval_ms = 100;

/// Keeps SIGPIPE from this thread: OpenSSL writes to a socket that the server has reset, and the default is to end the
/// process.
class PipeSignalBlocked {
 public:
  PipeSignalBlocked() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalBlocked() {
    if (sigismember(&before_, SIGPIPE) == 1) return;
    // One that came meanwhile is taken away before the mask is lifted.
    const timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) == SIGPIPE) continue;
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeSignalBlocked(const PipeSignalBlocked&) = delete;
  PipeSignalBlocked& operator=(const PipeSignalBlocked&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

/// What the callbacks of one exchange share.
struct Exchange {
  const HttpRequest& request;
  const AddressPolicy& policy;
  std::string host;
  CURL* easy = nullptr;
  HttpResponse response;
  std::size_t header_bytes = 0;
  std::string refusal;    // why the policy said no
  std::string too_large;  // which limit was hit
  bool sent = false;
  char error_text[CURL_ERROR_SIZE] = {};
};

std::string part(CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

Url parse_url(const std::string& text) {
  Url url(curl_url());
  const bool clean =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
  if (!url || !clean || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return nullptr;
  return url;
}

curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* address) {
  auto& exchange = *static_cast<Exchange*>(context);
  std::uint16_t port = 0;
  const auto ip = IpAddress::of(&address->addr, port);
  exchange.refusal = ip ? exchange.policy.refusal(exchange.host, *ip, port) : "the address is neither IPv4 nor IPv6";
  if (!exchange.refusal.empty()) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int before_request(void* context, char*, char*, int, int) {
  static_cast<Exchange*>(context)->sent = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  // A server may think for as long as the whole exchange may take; slow is only an answer that has begun.
  if (exchange.header_bytes == 0)
    curl_easy_setopt(exchange.easy, CURLOPT_LOW_SPEED_TIME, exchange.request.limits.low_speed_seconds);
  exchange.header_bytes += size;
  if (exchange.header_bytes > exchange.request.limits.header_bytes_max) {
    exchange.too_large = "the headers of the answer are larger than " +
                         std::to_string(exchange.request.limits.header_bytes_max) + " bytes";
    return 0;
  }
  std::string_view line(data, size);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  // A status line begins the next response: after "100 Continue" only the last one counts.
  if (line.starts_with("HTTP/")) exchange.response.headers.clear();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || line.starts_with("HTTP/")) return size;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  exchange.response.headers.emplace_back(ascii_lower(line.substr(0, colon)), std::string(value));
  return size;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  if (exchange.response.body.size() + size > exchange.request.limits.response_bytes_max) {
    exchange.too_large =
        "the answer is larger than " + std::to_string(exchange.request.limits.response_bytes_max) + " bytes";
    return 0;
  }
  exchange.response.body.append(data, size);
  return size;
}

bool is_token(std::string_view text) {
  constexpr std::string_view extra = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           extra.find(c) != std::string_view::npos;
  });
}

/// Empty if method and headers are safe to send; else what is wrong. Header values are not shown: they may be secrets.
std::string request_defect(const HttpRequest& request) {
  if (!is_token(request.method)) return "the method is not an HTTP method";
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return "a header name is not an HTTP token";
    const std::string lower = ascii_lower(name);
    for (const char* own :
         {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect"}) {
      if (lower == own) return "the header \"" + name + "\" is set by the engine and cannot be given";
    }
    const bool clean = std::all_of(value.begin(), value.end(), [](char c) {
      return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) || c == '\t';
    });
    if (!clean) return "the value of the header \"" + name + "\" has a control character";
  }
  return {};
}

List header_list(const HttpRequest& request) {
  List list;
  const auto append = [&](const std::string& line) {
    if (curl_slist* longer = curl_slist_append(list.get(), line.c_str())) {
      (void)list.release();
      list.reset(longer);
    }
  };
  bool has_content_type = false;
  for (const auto& [name, value] : request.headers) {
    has_content_type = has_content_type || ascii_lower(name) == "content-type";
    append(value.empty() ? name + ";" : name + ": " + value);
  }
  if (!has_content_type) append("Content-Type:");  // libcurl would claim a form
  append("Expect:");
  return list;
}

void set_options(CURL* easy, CURLU* url, curl_slist* headers, Exchange& exchange) {
  const HttpRequest& request = exchange.request;
  curl_easy_setopt(easy, CURLOPT_CURLU, url);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // a proxy would dial for us, past the address policy
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!request.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, request.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "fermata");
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::max<std::int64_t>(request.limits.total_timeout.count(), 1)));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::max<std::int64_t>(request.limits.connect_timeout.count(), 1)));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, request.limits.low_speed_bytes_per_second);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange.error_text);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

/// Runs the transfer, polling `cancelled`. Nothing if it was cancelled.
std::optional<CURLcode> run(CURLM* multi, const HttpRequest& request) {
  for (;;) {
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running == 0) break;
    if (request.cancelled && request.cancelled()) return std::nullopt;
    if (curl_multi_poll(multi, nullptr, 0, poll_interval_ms, nullptr) != CURLM_OK) return CURLE_FAILED_INIT;
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) return message->data.result;
  }
  return CURLE_FAILED_INIT;
}

Problem problem_of(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Problem::invalid_request;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Problem::resolve;
    case CURLE_COULDNT_CONNECT:
      return Problem::connect;
    case CURLE_OPERATION_TIMEDOUT:
      return Problem::timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
      return Problem::tls;
    default:
      return Problem::broken;
  }
}

HttpError error_of(CURLcode code, const Exchange& exchange) {
  const std::string where = " (" + shown_url(exchange.request.url) + ")";
  if (!exchange.refusal.empty() && !exchange.sent) return {Problem::refused_address, exchange.refusal + where, false};
  if (!exchange.too_large.empty()) return {Problem::too_large, exchange.too_large + where, true};
  const char* text = exchange.error_text[0] != '\0' ? exchange.error_text : curl_easy_strerror(code);
  Problem problem = problem_of(code);
  // An answer that is not HTTP comes as "unsupported protocol" too; then the request itself was fine.
  if (problem == Problem::invalid_request && exchange.sent) problem = Problem::broken;
  return {problem, text + where, exchange.sent};
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& header) { return header.first == name; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::string shown_url(const std::string& text) {
  const Url url = parse_url(text);
  if (!url) return "(not a URL)";
  const std::string port = part(url.get(), CURLUPART_PORT);
  return part(url.get(), CURLUPART_SCHEME) + "://" + part(url.get(), CURLUPART_HOST) +
         (port.empty() ? "" : ":" + port) + part(url.get(), CURLUPART_PATH);
}

std::string host_and_port(const std::string& text) {
  const Url url = parse_url(text);
  const std::string scheme = url ? part(url.get(), CURLUPART_SCHEME) : std::string();
  if (scheme != "http" && scheme != "https") return {};
  return part(url.get(), CURLUPART_HOST) + ":" + part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

HttpResult exchange(const HttpRequest& request, const AddressPolicy& policy) {
  const PipeSignalBlocked no_pipe_signal;
  static std::once_flag initialised;
  std::call_once(initialised, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const auto invalid = [](std::string why) { return HttpError{Problem::invalid_request, std::move(why), false}; };
  if (std::string defect = request_defect(request); !defect.empty()) return invalid(std::move(defect));
  const Url url = parse_url(request.url);
  if (!url) return invalid("the URL is not usable: it must be absolute, without spaces or control characters");
  const std::string scheme = part(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https")
    return invalid("the URL must begin with http:// or https://, not " + scheme + "://");
  if (!part(url.get(), CURLUPART_USER).empty() || !part(url.get(), CURLUPART_PASSWORD).empty()) {
    return invalid("the URL carries credentials: use the authentication of the connector");
  }
  Exchange state{request, policy, part(url.get(), CURLUPART_HOST), nullptr, {}, 0, {}, {}, false, {}};
  const Multi multi(curl_multi_init());
  const Easy easy(curl_easy_init());
  state.easy = easy.get();
  const List headers = header_list(request);
  if (!multi || !easy) return HttpError{Problem::connect, "no memory for a connection", false};
  set_options(easy.get(), url.get(), headers.get(), state);
  curl_multi_add_handle(multi.get(), easy.get());
  const std::optional<CURLcode> code = run(multi.get(), request);
  curl_multi_remove_handle(multi.get(), easy.get());
  if (!code) return HttpError{Problem::cancelled, "cancelled while waiting for " + shown_url(request.url), state.sent};
  if (*code != CURLE_OK) return error_of(*code, state);
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  state.response.status = static_cast<int>(status);
  return std::move(state.response);
}

}  // namespace fermata::connector
