// RawClient: a socket that sends exactly the bytes it is told to, for tests of what well-behaved clients never do.
//
//   RawClient client(server.port());
//   client.send("GET / HTTP/1.1\r\n\r\n");
//   client.response().status  ->  400
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace fermata::http {

struct RawResponse {
  int status = 0;  ///< 0: the connection was closed, or nothing came in time
  std::string head;
  std::string body;
};

class RawClient {
 public:
  explicit RawClient(int port, const std::string& source_address = "127.0.0.1");
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// Whether all of it could be sent; false once the server has closed or takes no more for a second.
  bool send(std::string_view bytes);
  /// The next response, by its Content-Length; 100 Continue is a response of its own.
  RawResponse response(std::chrono::milliseconds timeout = std::chrono::seconds(5));
  /// Whether the server closes within the timeout.
  bool closed(std::chrono::milliseconds timeout = std::chrono::seconds(5));
  void finish_sending();

 private:
  bool fill(std::chrono::steady_clock::time_point until);
  int fd_;
  std::string in_;
};

}  // namespace fermata::http
