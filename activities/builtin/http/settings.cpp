#include "activities/builtin/http/settings.h"

#include "activities/sdk/outcome.h"

namespace fermata::connector {
namespace {

std::int64_t positive(const std::string& name, const sdk::Json& value, std::int64_t at_most) {
  const std::int64_t number = value.as_int();
  if (number < 1 || number > at_most) {
    throw sdk::InputError("the setting \"" + name + "\" must be between 1 and " + std::to_string(at_most));
  }
  return number;
}

}  // namespace

HttpState::HttpState(const sdk::Json& config) {
  for (const auto& [name, value] : config.members()) {
    if (name == "allow") {
      for (const sdk::Json& entry : value.items()) policy.allow(entry.as_string());
    } else if (name == "caFile") {
      ca_file = value.as_string();
    } else if (name == "connectTimeoutMs") {
      limits.connect_timeout = std::chrono::milliseconds(positive(name, value, 600'000));
    } else if (name == "responseBytesMax") {
      limits.response_bytes_max = static_cast<std::size_t>(positive(name, value, 256 << 20));
    } else if (name == "headerBytesMax") {
      limits.header_bytes_max = static_cast<std::size_t>(positive(name, value, 1 << 20));
    } else if (name == "lowSpeedBytesPerSecond") {
      limits.low_speed_bytes_per_second = positive(name, value, 1 << 20);
    } else if (name == "lowSpeedSeconds") {
      limits.low_speed_seconds = positive(name, value, 3600);
    } else {
      throw sdk::InputError("the http plugin has no setting \"" + name + "\"");
    }
  }
}

}  // namespace fermata::connector
