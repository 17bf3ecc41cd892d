#include "cli/client/http_client.h"

#include <curl/curl.h>

namespace fermata::cli {
namespace {

constexpr std::size_t answer_bytes_max = 256u << 20;

struct Sink {
  std::string bytes;
  bool overflow = false;
};

std::size_t collect(const char* data, std::size_t size, std::size_t count, void* into) {
  Sink& sink = *static_cast<Sink*>(into);
  const std::size_t bytes = size * count;
  if (sink.bytes.size() + bytes > answer_bytes_max) {
    sink.overflow = true;
    return 0;
  }
  sink.bytes.append(data, bytes);
  return bytes;
}

void initialise_once() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(done);
}

}  // namespace

/// One curl handle with its lists, freed together.
class HttpClient::Transfer {
 public:
  explicit Transfer(const HttpClientOptions& options) : options_(options), handle_(curl_easy_init()) {}
  ~Transfer() {
    curl_slist_free_all(headers_);
    curl_mime_free(mime_);
    curl_easy_cleanup(handle_);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void prepare(std::string_view method, const std::string& path) {
    std::string base = options_.url;
    while (base.ends_with('/')) base.pop_back();
    const std::string url = base + path;
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_CUSTOMREQUEST, std::string(method).c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, 5'000L);
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!options_.token.empty()) add_header("Authorization: Bearer " + options_.token);
    add_header("Expect:");  // no 100-continue round trip
  }

  void add_header(const std::string& line) { headers_ = curl_slist_append(headers_, line.c_str()); }

  void set_json(const std::string& body) {
    add_header("Content-Type: application/json");
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    set(CURLOPT_COPYPOSTFIELDS, body.c_str());
  }

  void add_file(const std::string& field, const UploadFile& file) {
    if (mime_ == nullptr) {
      mime_ = curl_mime_init(handle_);
      set(CURLOPT_MIMEPOST, mime_);
    }
    curl_mimepart* part = curl_mime_addpart(mime_);
    curl_mime_name(part, field.c_str());
    curl_mime_filename(part, file.name.c_str());
    curl_mime_type(part, "application/octet-stream");
    curl_mime_data(part, file.content.data(), file.content.size());
  }

  Result<HttpAnswer> perform() {
    if (handle_ == nullptr) return fail(ErrorCode::internal, "libcurl cannot be used");
    Sink sink;
    char problem[CURL_ERROR_SIZE] = "";
    set(CURLOPT_HTTPHEADER, headers_);
    set(CURLOPT_WRITEFUNCTION, &collect);
    set(CURLOPT_WRITEDATA, &sink);
    set(CURLOPT_ERRORBUFFER, problem);
    const CURLcode code = curl_easy_perform(handle_);
    if (sink.overflow) return fail(ErrorCode::resource_exhausted, "The answer is larger than 256 MiB; ask for less.");
    if (code == CURLE_OPERATION_TIMEDOUT) {
      return fail(ErrorCode::deadline_exceeded, "No answer from " + options_.url + " in time: " + problem);
    }
    if (code != CURLE_OK) {
      return fail(ErrorCode::unavailable, "Cannot reach " + options_.url + ": " + (*problem != 0 ? problem : curl_easy_strerror(code)));
    }
    HttpAnswer answer;
    long status = 0;
    const char* type = nullptr;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle_, CURLINFO_CONTENT_TYPE, &type);
    answer.status = static_cast<int>(status);
    answer.content_type = type == nullptr ? "" : type;
    answer.body = std::move(sink.bytes);
    return answer;
  }

 private:
  template <class Argument>
  void set(CURLoption option, Argument argument) {
    if (handle_ != nullptr) curl_easy_setopt(handle_, option, argument);
  }

  const HttpClientOptions& options_;
  CURL* handle_;
  curl_slist* headers_ = nullptr;
  curl_mime* mime_ = nullptr;
};

HttpClient::HttpClient(HttpClientOptions options) : options_(std::move(options)) { initialise_once(); }
HttpClient::~HttpClient() = default;

Result<HttpAnswer> HttpClient::send(std::string_view method, const std::string& path, const std::string& json_body,
                                    const std::vector<std::string>& headers) {
  Transfer transfer(options_);
  transfer.prepare(method, path);
  for (const std::string& header : headers) transfer.add_header(header);
  if (!json_body.empty()) transfer.set_json(json_body);
  return transfer.perform();
}

Result<HttpAnswer> HttpClient::upload(const std::string& path, const std::string& field, const std::vector<UploadFile>& files) {
  Transfer transfer(options_);
  transfer.prepare("POST", path);
  for (const UploadFile& file : files) transfer.add_file(field, file);
  return transfer.perform();
}

}  // namespace fermata::cli
