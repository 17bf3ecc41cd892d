// Named time zones from the system's tz database.
//
//   zone_exists("Europe/Paris");  offset_at_local("Europe/Paris", seconds)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fermata::feel {

[[nodiscard]] bool zone_exists(std::string_view id);
/// Seconds east of UTC. In a gap or an overlap: the offset before the change, as Java does.
[[nodiscard]] std::int32_t offset_at_local(const std::string& id, std::int64_t local_seconds);
[[nodiscard]] std::int32_t offset_at_instant(const std::string& id, std::int64_t utc_seconds);

}  // namespace fermata::feel
