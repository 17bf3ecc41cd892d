// CloudEvents 1.0 over HTTP: binary, structured and batched (CloudEvents HTTP protocol binding 1.0.2).
//
//   if (is_cloud_event(headers)) {
//     auto events = parse_cloud_events(headers, body);
//     (*events)[0].type  ->  "com.example.order.paid"
//   }
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/value.h"
#include "http/server/headers.h"

namespace fermata::http {

struct CloudEvent {
  std::string id;
  std::string source;
  std::string type;
  std::string subject;            ///< "" when absent
  std::string time;               ///< RFC 3339 as sent; "" when absent
  std::string data_content_type;  ///< "" when absent
  /// JSON as it is; text as a string; other bytes as a base64 string; null when there is no data.
  Value data;
  Value::Entries extensions;  ///< further attributes, lower case
};

/// By Content-Type (application/cloudevents...) or by a ce-specversion header.
[[nodiscard]] bool is_cloud_event(const Headers& headers);
/// Whether the attributes stand in headers, beside the body: no signature of a body covers them.
[[nodiscard]] bool is_binary_cloud_event(const Headers& headers);

/// One event, or up to 100 of a batch, in their order. invalid_argument names what is missing or wrong. Pure.
[[nodiscard]] Result<std::vector<CloudEvent>> parse_cloud_events(const Headers& headers, std::string_view body);

}  // namespace fermata::http
