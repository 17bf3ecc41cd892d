// HttpClient: the client side of the command line: one request, one answer, over libcurl.
//
// Floor 8. Not thread-safe; one per command. No redirects are followed, and answers are bounded.
//
//   HttpClient client({.url = "http://127.0.0.1:8080", .token = "fmt_..."});
//   Result<HttpAnswer> answer = client.send("POST", "/v2/incidents/search", R"({"filter":{"state":"ACTIVE"}})");
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace fermata::cli {

struct HttpClientOptions {
  std::string url = "http://127.0.0.1:8080";
  std::string token;    ///< empty: no Authorization header
  std::string ca_file;  ///< for https with an authority of one's own; empty: the system's
  std::chrono::milliseconds timeout{60'000};
};

struct HttpAnswer {
  int status = 0;
  std::string content_type;
  std::string body;
};

struct UploadFile {
  std::string name;  ///< as the server shall know it
  std::string content;
};

class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// `path` begins with '/'. Fails with unavailable when nobody answers, with deadline_exceeded when it takes too long.
  [[nodiscard]] Result<HttpAnswer> send(std::string_view method, const std::string& path, const std::string& json_body = {},
                                        const std::vector<std::string>& headers = {});
  /// multipart/form-data with one part `field` for each file.
  [[nodiscard]] Result<HttpAnswer> upload(const std::string& path, const std::string& field, const std::vector<UploadFile>& files);

  [[nodiscard]] const std::string& url() const { return options_.url; }
  void set_timeout(std::chrono::milliseconds timeout) { options_.timeout = timeout; }

 private:
  class Transfer;
  HttpClientOptions options_;
};

}  // namespace fermata::cli
