#include "cli/client/session.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/client/output.h"
#include "engine/base/json.h"

namespace fermata::cli {
namespace {

constexpr std::size_t file_bytes_max = 64u << 20;

std::string from_environment(const std::string& given, const char* name, const char* fallback) {
  if (!given.empty()) return given;
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value != nullptr && *value != 0 ? value : fallback;
}

std::string text_of(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// The sentence of a problem document, or what stands in for one.
std::string explanation(const HttpAnswer& answer) {
  const Result<Value> problem = parse_json(answer.body);
  if (problem && problem->is_context()) {
    if (std::string detail = text_of(*problem, "detail"); !detail.empty()) return detail;
    if (std::string message = text_of(*problem, "message"); !message.empty()) return message;
  }
  return answer.body.empty() ? "HTTP status " + std::to_string(answer.status) : answer.body.substr(0, 500);
}

std::string advice(int status) {
  if (status == 401) return "\nGive a token: --token or FERMATA_TOKEN; 'fermata token create' makes one.";
  if (status == 403) return "\nThe token's roles do not allow this.";
  return "";
}

}  // namespace

ClientSession::ClientSession(const ClientOptions& options)
    : http_({.url = from_environment(options.url, "FERMATA_URL", "http://127.0.0.1:8080"),
             .token = from_environment(options.token, "FERMATA_TOKEN", ""),
             .ca_file = options.ca_file}),
      json_(options.output == "json") {}

Called ClientSession::judge(Result<HttpAnswer> answer) {
  if (!answer) {
    complain(answer.error().message);
    if (answer.error().code == ErrorCode::unavailable) {
      complain("Is the server running? Start it with 'fermata serve', or say where it is with --url or FERMATA_URL.");
      return {Exit::unreachable, {}, {}};
    }
    return {Exit::failed, {}, {}};
  }
  if (answer->status >= 400) {
    if (json_) {
      std::cout << answer->body << '\n';
    } else {
      complain(explanation(*answer) + advice(answer->status));
    }
    return {answer->status >= 500 ? Exit::failed : Exit::refused, {}, std::move(answer->body)};
  }
  Called called;
  called.text = std::move(answer->body);
  if (answer->content_type.find("json") != std::string::npos) {
    Result<Value> parsed = parse_json(called.text);
    if (!parsed) {
      complain("The server's answer is not JSON. Is " + http_.url() + " a Fermata server?");
      return {Exit::failed, {}, {}};
    }
    called.answer = std::move(*parsed);
  }
  return called;
}

Called ClientSession::call(std::string_view method, const std::string& path, const std::string& json_body,
                           const std::vector<std::string>& headers) {
  return judge(http_.send(method, path, json_body, headers));
}

Called ClientSession::upload(const std::string& path, const std::vector<UploadFile>& files) {
  return judge(http_.upload(path, "resources", files));
}

Exit ClientSession::show(const Called& called, const std::function<void(const Value&)>& table) const {
  if (called.exit != Exit::done) return called.exit;
  if (json_) {
    std::cout << (called.text.empty() ? "{}" : pretty_json(called.answer)) << '\n';
  } else {
    table(called.answer);
  }
  return Exit::done;
}

Exit ClientSession::say(const Called& called, const std::string& line) const {
  return show(called, [&](const Value&) { std::cout << line << '\n'; });
}

Result<std::string> read_file(const std::string& path) {
  std::ostringstream content;
  if (path == "-") {
    content << std::cin.rdbuf();
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorCode::not_found, "Cannot read the file '" + path + "'.");
    content << file.rdbuf();
    if (file.bad() || content.fail()) return fail(ErrorCode::unavailable, "Cannot read the file '" + path + "'.");
  }
  std::string text = std::move(content).str();
  if (text.size() > file_bytes_max) return fail(ErrorCode::resource_exhausted, "The file '" + path + "' is larger than 64 MiB.");
  return text;
}

Result<Value> read_json_argument(const std::string& argument) {
  std::string text = argument;
  std::string source = "The argument";
  if (argument.starts_with('@')) {
    Result<std::string> file = read_file(argument.substr(1));
    if (!file) return fail(file.error());
    text = std::move(*file);
    source = "The file '" + argument.substr(1) + "'";
  }
  Result<Value> parsed = parse_json(text);
  if (!parsed) return fail(ErrorCode::invalid_argument, source + " is not valid JSON: " + parsed.error().message);
  if (!parsed->is_context()) return fail(ErrorCode::invalid_argument, source + " must be a JSON object such as {\"amount\": 10}.");
  return parsed;
}

void complain(const std::string& text) { std::cerr << "fermata: " << text << '\n'; }

}  // namespace fermata::cli
