#include "activities/builtin/transport/classify.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

#include "activities/sdk/utf8.h"

namespace fermata::connector {
namespace {

constexpr std::int64_t retry_after_seconds_max = 24 * 3600;
// More than the host keeps: it blots secrets out first and cuts then, so a secret across this cut is never shown by
// half.
constexpr std::size_t excerpt_bytes_max = 64u << 10;

bool is_retryable(int status) {
  return status == 408 || status == 425 || status == 429 || (status >= 500 && status <= 599);
}

/// Whether the server may have done the work although it answered with an error.
bool is_ambiguous(const HttpResponse& response) {
  if (response.status == 502 || response.status == 504) return true;
  return response.status >= 500 && response.body.empty() && response.header("retry-after").empty();
}

}  // namespace

std::string excerpt(const std::string& body) {
  if (!sdk::is_valid_utf8(body)) return "(" + std::to_string(body.size()) + " bytes that are not text)";
  return body.size() <= excerpt_bytes_max ? body : body.substr(0, excerpt_bytes_max);
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, std::string_view date_header,
                                                           std::int64_t now_unix) {
  if (text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end == text.data() + text.size()) {
    if (error == std::errc::result_out_of_range) seconds = retry_after_seconds_max;
    if (seconds < 0) return std::nullopt;
  } else {
    const std::int64_t date = curl_getdate(std::string(text).c_str(), nullptr);
    if (date < 0) return std::nullopt;
    const std::int64_t server_now = date_header.empty() ? -1 : curl_getdate(std::string(date_header).c_str(), nullptr);
    seconds = date - (server_now >= 0 ? server_now : now_unix);
  }
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, retry_after_seconds_max));
}

std::optional<sdk::Failed> failure_of(const HttpResponse& response, bool repeat_is_harmless, const std::string& url) {
  if (response.status >= 200 && response.status <= 299) return std::nullopt;
  sdk::Failed failed;
  failed.code = response.status;
  failed.message = shown_url(url) + " answered with HTTP " + std::to_string(response.status);
  if (response.status >= 300 && response.status <= 399)
    failed.message += ", a redirect, which connectors do not follow: use the final URL";
  failed.detail = excerpt(response.body);
  failed.retryable = is_retryable(response.status);
  failed.ambiguous = is_ambiguous(response) && !repeat_is_harmless;
  if (failed.retryable) {
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    failed.retry_after = parse_retry_after(response.header("retry-after"), response.header("date"), now);
  }
  return failed;
}

sdk::Failed failure_of(const HttpError& error, bool repeat_is_harmless) {
  sdk::Failed failed;
  failed.message = error.message;
  failed.retryable = error.problem != Problem::invalid_request && error.problem != Problem::refused_address;
  failed.ambiguous = error.sent && !repeat_is_harmless;
  // The same answer would be too large again.
  if (error.problem == Problem::too_large) failed.retryable = false;
  return failed;
}

}  // namespace fermata::connector
