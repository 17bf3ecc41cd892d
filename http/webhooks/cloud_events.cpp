#include "http/webhooks/cloud_events.h"

#include "engine/base/json.h"
#include "http/auth/crypto.h"
#include "http/server/url.h"

namespace fermata::http {

namespace {

constexpr std::size_t batch_events_max = 100;
constexpr std::string_view structured_type = "application/cloudevents+json";
constexpr std::string_view batch_type = "application/cloudevents-batch+json";

tl::unexpected<Error> wrong(const std::string& what) {
  return fail(ErrorCode::invalid_argument, "The CloudEvent is wrong: " + what);
}

std::string media_type(std::string_view content_type) {
  return to_lower_ascii(trim(content_type.substr(0, content_type.find(';'))));
}

bool is_json(std::string_view type) {
  return type.empty() || type == "application/json" || type == "text/json" || type.ends_with("+json");
}

/// The attribute of that name, or null for an extension.
std::string* attribute(CloudEvent& event, std::string_view name) {
  if (name == "id") return &event.id;
  if (name == "source") return &event.source;
  if (name == "type") return &event.type;
  if (name == "subject") return &event.subject;
  if (name == "time") return &event.time;
  if (name == "datacontenttype") return &event.data_content_type;
  return nullptr;
}

Result<void> check_required(const CloudEvent& event, std::string_view version) {
  if (version != "1.0") return wrong("its specversion is not 1.0.");
  if (event.id.empty()) return wrong("it has no id.");
  if (event.source.empty()) return wrong("it has no source.");
  if (event.type.empty()) return wrong("it has no type.");
  return {};
}

Result<CloudEvent> read_structured(const Value& document) {
  if (!document.is_context()) return wrong("it is not a JSON object.");
  CloudEvent event;
  std::string version;
  bool has_data = false;
  for (const Value::Entry& entry : document.as_context()) {
    if (entry.key == "data" || entry.key == "data_base64") {
      if (has_data) return wrong("it has both data and data_base64.");
      if (entry.key == "data_base64" && !(entry.value.is_string() && from_base64(entry.value.as_string()))) {
        return wrong("its data_base64 is not base64.");
      }
      has_data = true;
      event.data = entry.value;
      continue;
    }
    if (entry.value.is_null()) continue;
    std::string* known = entry.key == "specversion" ? &version : attribute(event, entry.key);
    if (known == nullptr) {
      event.extensions.push_back(entry);
    } else if (entry.value.is_string()) {
      *known = entry.value.as_string();
    } else {
      return wrong("its " + entry.key + " is not a string.");
    }
  }
  if (auto good = check_required(event, version); !good) return fail(good.error());
  return event;
}

Result<CloudEvent> read_binary(const Headers& headers, std::string_view body) {
  CloudEvent event;
  std::string version;
  for (const Header& field : headers) {
    const std::string name = to_lower_ascii(field.name);
    if (!name.starts_with("ce-")) continue;
    auto text = percent_decode(field.value);
    if (!text) return wrong("its header " + name + " is not percent-encoded UTF-8.");
    const std::string key = name.substr(3);
    std::string* known = key == "specversion" ? &version : attribute(event, key);
    if (known != nullptr)
      *known = std::move(*text);
    else
      event.extensions.push_back({key, Value::string(std::move(*text))});
  }
  event.data_content_type = headers.value("Content-Type");
  if (auto good = check_required(event, version); !good) return fail(good.error());
  const std::string type = media_type(event.data_content_type);
  if (body.empty()) return event;
  if (is_json(type)) {
    auto data = parse_json(body);
    if (!data) return wrong("its data is not JSON: " + data.error().message);
    event.data = std::move(*data);
  } else if (type.starts_with("text/") && is_valid_utf8(body)) {
    event.data = Value::string(body);
  } else {
    event.data = Value::string(to_base64(body));
  }
  return event;
}

}  // namespace

bool is_cloud_event(const Headers& headers) {
  const std::string type = media_type(headers.value("Content-Type"));
  return type == structured_type || type == batch_type || headers.has("ce-specversion");
}

bool is_binary_cloud_event(const Headers& headers) {
  const std::string type = media_type(headers.value("Content-Type"));
  return type != structured_type && type != batch_type && headers.has("ce-specversion");
}

Result<std::vector<CloudEvent>> parse_cloud_events(const Headers& headers, std::string_view body) {
  const std::string type = media_type(headers.value("Content-Type"));
  std::vector<CloudEvent> events;
  if (type != structured_type && type != batch_type) {
    auto event = read_binary(headers, body);
    if (!event) return fail(event.error());
    events.push_back(std::move(*event));
    return events;
  }
  const auto document = parse_json(body);
  if (!document) return wrong("it is not JSON: " + document.error().message);
  if (type == batch_type && !document->is_list()) return wrong("a batch is a JSON array.");
  const std::span<const Value> items = type == batch_type ? document->as_list() : std::span(&*document, 1);
  if (items.size() > batch_events_max) return wrong("a batch holds at most 100 events.");
  for (const Value& item : items) {
    auto event = read_structured(item);
    if (!event) return fail(event.error());
    events.push_back(std::move(*event));
  }
  return events;
}

}  // namespace fermata::http
