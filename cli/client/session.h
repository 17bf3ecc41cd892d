// ClientSession: what every client command needs: the connection, how to print, and from an answer to an exit code.
//
//   ClientSession session(options);
//   return session.show(session.call("GET", "/v2/topology"), [&](const Value& answer) { print_fields(answer, std::cout); });
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/client/http_client.h"
#include "engine/base/value.h"

namespace fermata::cli {

/// 0 done, 1 refused, 2 wrong usage, 3 server not reachable, 4 the server failed.
enum class Exit : int { done = 0, refused = 1, usage = 2, unreachable = 3, failed = 4 };

struct ClientOptions {
  std::string url;     ///< empty: FERMATA_URL, else http://127.0.0.1:8080
  std::string token;   ///< empty: FERMATA_TOKEN
  std::string ca_file;
  std::string output = "table";  ///< or "json"
};

/// What a request came to: the JSON of a success (null for an empty one), or why not, already printed.
struct Called {
  Exit exit = Exit::done;
  Value answer;
  std::string text;  ///< the body as it came
};

class ClientSession {
 public:
  explicit ClientSession(const ClientOptions& options);

  /// Sends; on failure prints what an analyst needs to mend it to stderr.
  [[nodiscard]] Called call(std::string_view method, const std::string& path, const std::string& json_body = {},
                            const std::vector<std::string>& headers = {});
  [[nodiscard]] Called upload(const std::string& path, const std::vector<UploadFile>& files);

  /// Prints the answer as JSON, or by `table`; answers the exit code of the call.
  [[nodiscard]] Exit show(const Called& called, const std::function<void(const Value&)>& table) const;
  /// Prints one line (table) or the answer (json).
  [[nodiscard]] Exit say(const Called& called, const std::string& line) const;

  [[nodiscard]] bool json() const { return json_; }
  [[nodiscard]] HttpClient& http() { return http_; }

 private:
  [[nodiscard]] Called judge(Result<HttpAnswer> answer);
  HttpClient http_;
  bool json_;
};

/// "@file", "@-" (standard input) or the text itself, which must be a JSON object. The Error is fit to be printed.
[[nodiscard]] Result<Value> read_json_argument(const std::string& argument);
[[nodiscard]] Result<std::string> read_file(const std::string& path);

/// Prints "fermata: TEXT" to stderr.
void complain(const std::string& text);

}  // namespace fermata::cli
