// What an HTTP answer, or the lack of one, means for the job: done, try again, give up, or nobody knows.
//
//   status 503, Retry-After: 7      ->  Failed{retryable, retry_after 7 s}
//   status 422                      ->  Failed{}, repeating it unchanged is useless
//   reset after the request         ->  Failed{retryable, ambiguous}, unless a repeat is harmless
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "activities/builtin/transport/http_client.h"
#include "activities/sdk/outcome.h"

namespace fermata::connector {

/// Nothing for 2xx. Otherwise: 408, 425, 429 and 5xx can be retried, with Retry-After honoured up to a day; other
/// statuses cannot. A 502, a 504 and a 5xx without body say that something between broke, so the server may have acted:
/// ambiguous unless `repeat_is_harmless`. The body goes into the detail.
[[nodiscard]] std::optional<sdk::Failed> failure_of(const HttpResponse& response, bool repeat_is_harmless,
                                                    const std::string& url);

/// What never reached the server can be retried; what may have reached it is ambiguous unless `repeat_is_harmless`. A
/// refused address and an invalid request are not retried.
[[nodiscard]] sdk::Failed failure_of(const HttpError& error, bool repeat_is_harmless);

/// Seconds or an HTTP-date (RFC 9110, 10.2.3), the date taken relative to `date_header` if that is there, else to
/// `now_unix`. Nothing if it is neither; never negative, never more than a day.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text,
                                                                         std::string_view date_header,
                                                                         std::int64_t now_unix);

/// The answer's body as text for people, bounded; binary is not shown.
[[nodiscard]] std::string excerpt(const std::string& body);

}  // namespace fermata::connector
