// The only file that knows cpp-httplib. Debian 12 ships 0.11.4, whose known weaknesses are kept away from it:
//
// - It accepts connections and hands each to our override of process_and_close_socket(), which gives it to the Reactor.
// The library
//   never reads from a socket, and never blocks one of its threads on a slow client.
// - Of a request that message_head.h and body_reader.h have read and checked, it gets the request line and Host through
// a Stream in
//   memory, and it writes the response into that Stream. So its header parser, body decoder, multipart parser,
//   decompression, Range handling and regular expressions never see a byte from outside.
// - It binds with SO_REUSEPORT by default, so that two servers could share a port unnoticed: replaced by SO_REUSEADDR.
#include "http/server/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <httplib.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include <array>

#include "http/auth/browser_guard.h"

namespace fermata::http {

namespace {

constexpr int listen_backlog = 1024;            // the library asks for 5
constexpr std::size_t descriptors_spare = 256;  // for the database, plugins and files

/// The library's view of a request: its bytes in, the response's bytes out.
class MemoryStream : public httplib::Stream {
 public:
  explicit MemoryStream(std::string in) : in_(std::move(in)) {}
  bool is_readable() const override { return read_ < in_.size(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override {
    const std::size_t n = in_.copy(to, size, read_);
    read_ += n;
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* from, std::size_t size) override {
    out_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return 0; }  // below FD_SETSIZE, whatever our real descriptor is

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string in_;
  std::size_t read_ = 0;
  std::string out_;
};

/// Runs the accepting loop's hand-over on the accepting thread itself: it only registers the connection.
class InlineQueue : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> task) override { task(); }
  void shutdown() override {}
};

Peer peer_of(int fd) {
  Peer peer;
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0) return peer;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (storage.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    peer.port = ntohs(v4.sin_port);
  } else if (storage.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    peer.port = ntohs(v6.sin6_port);
  }
  peer.address = text.data();
  if (peer.address.starts_with("::ffff:") && peer.address.find('.') != std::string::npos) peer.address.erase(0, 7);
  peer.loopback = is_loopback_name(peer.address);
  return peer;
}

/// The response that the present thread is about to have written; the library calls back without any pointer of ours.
thread_local Response* response_being_written = nullptr;

class Library : public httplib::Server {
 public:
  Library(const ServerOptions& options, std::function<void(int)> on_connection)
      : on_connection_(std::move(on_connection)) {
    new_task_queue = [] { return new InlineQueue; };  // NOLINT(cppcoreguidelines-owning-memory): the library's contract
    set_socket_options([](socket_t fd) {
      const int yes = 1;
      ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
      ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    });
    set_keep_alive_timeout(
        static_cast<time_t>(options.idle_max.count() / 1000));  // what the Keep-Alive header announces
    set_keep_alive_max_count(options.requests_per_connection_max);
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& out) {
      out.status = response_being_written->status;
      out.body = std::move(response_being_written->body);
      if (!response_being_written->content_type.empty())
        out.set_header("Content-Type", response_being_written->content_type);
      for (const Header& field : response_being_written->headers) out.headers.emplace(field.name, field.value);
      return HandlerResponse::Handled;
    });
    // The library makes its tables when it reads its first request: now, while one thread sees it, and not when many do.
    (void)write("GET", Response::empty(204), true);
  }

  void widen_backlog() { ::listen(svr_sock_, listen_backlog); }

  [[nodiscard]] int bound_port() const {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    if (::getsockname(svr_sock_, reinterpret_cast<sockaddr*>(&storage), &length) != 0) return 0;
    return storage.ss_family == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6&>(storage).sin6_port)
                                         : ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
  }

  [[nodiscard]] std::string write(std::string_view method, Response response, bool close) {
    const int status = response.status;
    if (method == "HEAD") response.headers.set("Accept-Ranges", "none");  // the library would promise byte ranges
    MemoryStream stream(std::string(method == "HEAD" ? "HEAD" : "GET") + " / HTTP/1.1\r\nHost: fermata\r\n\r\n");
    bool closed = false;
    response_being_written = &response;
    process_request(stream, close, closed, nullptr);
    response_being_written = nullptr;
    std::string bytes = stream.take();
    if (status == 204 || status == 304) drop_empty_length(bytes);
    return bytes;
  }

 private:
  bool process_and_close_socket(socket_t fd) override {
    on_connection_(fd);
    return true;
  }

  /// A 204 has no Content-Length (RFC 9110, 8.6); the library always writes one.
  static void drop_empty_length(std::string& bytes) {
    static constexpr std::string_view line = "Content-Length: 0\r\n";
    const std::size_t at = bytes.find(line);
    if (at != std::string::npos) bytes.erase(at, line.size());
  }

  std::function<void(int)> on_connection_;
};

/// As many connections as the process may have descriptors for, and no more.
std::size_t affordable_connections(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  const rlim_t needed = wanted + descriptors_spare;
  if (limit.rlim_cur < needed) {
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? needed : std::min<rlim_t>(needed, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur >= needed) return wanted;
  return limit.rlim_cur > 2 * descriptors_spare ? limit.rlim_cur - descriptors_spare : limit.rlim_cur / 2;
}

ServerOptions afforded(ServerOptions options) {
  options.connections_max = affordable_connections(options.connections_max);
  return options;
}

}  // namespace

class Server::Impl : public Application {
 public:
  Impl(ServerOptions options, const Router& router, const Authenticator& authenticator, ServerHooks hooks)
      : options_(afforded(std::move(options))),
        hooks_(std::move(hooks)),
        dispatcher_(options_, router, authenticator, hooks_),
        reactor_(options_, *this),
        library_(options_, [this](int fd) { accept(fd); }) {}

  Result<void> start() {
    if (options_.dev && !is_loopback_name(options_.host)) {
      return fail(ErrorCode::invalid_argument,
                  "--dev asks for no credentials and therefore binds to loopback only, not to '" + options_.host +
                      "'. Use 127.0.0.1, or create a token and leave --dev out.");
    }
    if (!options_.tls_certificate_file.empty()) {
      auto loaded = TlsContext::load(options_.tls_certificate_file, options_.tls_key_file);
      if (!loaded) return fail(loaded.error());
      tls_ = std::move(*loaded);
    }
    const bool bound = options_.port == 0 ? library_.bind_to_any_port(options_.host) > 0
                                          : library_.bind_to_port(options_.host, options_.port);
    if (!bound) {
      return fail(ErrorCode::already_exists, "Cannot listen on " + options_.host + " port " +
                                                 std::to_string(options_.port) +
                                                 ": another program has it, or the address is not of this machine.");
    }
    library_.widen_backlog();
    port_ = library_.bound_port();
    if (auto started = reactor_.start(); !started) return started;
    acceptor_ = std::thread([this] { accept_loop(); });
    wait_until_accepting();
    return {};
  }

  void stop() {
    if (!acceptor_.joinable()) return;
    stopping_ = true;
    wait_until_accepting();
    library_.stop();
    acceptor_.join();
    reactor_.stop();
  }

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] ReactorCounts counts() const { return reactor_.counts(); }

 private:
  class RoutedExchange : public Exchange {
   public:
    RoutedExchange(Impl& server, Call call) : server_(server), call_(std::move(call)), method_(call_.head.method) {}
    [[nodiscard]] bool settled() const override { return call_.settled.has_value(); }
    [[nodiscard]] std::size_t body_bytes_max() const override { return call_.route->body_bytes_max; }
    [[nodiscard]] std::optional<std::string> answer(std::string body, RequestHost& host, bool close) override {
      Response response = server_.dispatcher_.answer(call_, std::move(body), host);
      if (response.is_later) return std::nullopt;
      return server_.library_.write(method_, std::move(response), close);
    }
    [[nodiscard]] std::string answer_now(const LaterAnswer::Make& make, bool close) override {
      return server_.library_.write(method_, server_.dispatcher_.answer_now(call_, make), close);
    }
    [[nodiscard]] std::string refuse(const HeadRefusal& refusal) override {
      return server_.library_.write(method_, server_.dispatcher_.refuse(call_, refusal), true);
    }

   private:
    Impl& server_;
    Call call_;
    std::string method_;
  };

  std::unique_ptr<Exchange> begin(MessageHead head, const Peer& peer) override {
    return std::make_unique<RoutedExchange>(*this, dispatcher_.begin(std::move(head), peer));
  }

  std::string refuse(const HeadRefusal& refusal) override {
    Response response = Response::problem(refusal.status, refusal.reason);
    if (refusal.status == 503) response.headers.set("Retry-After", "1");
    if (hooks_.on_answer)
      hooks_.on_answer(AnswerRecord{.status = refusal.status, .response_bytes = response.body.size()});
    return library_.write("GET", std::move(response), true);
  }

  /// The library's loop gives up for good at an error of accept() that passes (ENFILE, ENOBUFS, ECONNABORTED): then
  /// listen anew.
  void accept_loop() {
    library_.listen_after_bind();
    while (!stopping_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      if (!library_.bind_to_port(options_.host, port_)) continue;
      library_.widen_backlog();
      library_.listen_after_bind();
    }
    accepting_ended_ = true;
  }

  void wait_until_accepting() const {
    while (!library_.is_running() && !accepting_ended_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  void accept(int fd) {
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    Peer peer = peer_of(fd);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    reactor_.adopt(tls_ ? tls_->make_transport(fd) : make_plain_transport(fd), std::move(peer));
  }

  const ServerOptions options_;
  const ServerHooks hooks_;
  Dispatcher dispatcher_;
  std::unique_ptr<TlsContext> tls_;
  Reactor reactor_;
  Library library_;
  std::thread acceptor_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> accepting_ended_{false};
  int port_ = 0;
};

Server::Server(ServerOptions options, const Router& router, const Authenticator& authenticator, ServerHooks hooks)
    : impl_(std::make_unique<Impl>(std::move(options), router, authenticator, std::move(hooks))) {}
Server::~Server() {
  stop();
}
Result<void> Server::start() {
  return impl_->start();
}
void Server::stop() {
  impl_->stop();
}
int Server::port() const {
  return impl_->port();
}
ReactorCounts Server::counts() const {
  return impl_->counts();
}

}  // namespace fermata::http
