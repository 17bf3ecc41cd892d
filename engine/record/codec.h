// Records as JSON text, and back. Written with every transition; read for replay, audit and time travel.
//
// Floor 1. The format carries its version in each transition row ("v":1). An old version must stay printable for ever;
// only the current one can be decoded.
//
//   encode_events(transition.events)  ->  [{"e":"jobLocked","key":"42","worker":"w1","lease":"1","until":"..."}]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/record/event.h"

namespace fermata {

inline constexpr int event_format_version = 1;

void append_event(std::string& out, const Event& event);
[[nodiscard]] std::string encode_events(const std::vector<Event>& events);
/// data_loss when the text is not what encode_events() of this version wrote.
[[nodiscard]] Result<std::vector<Event>> decode_events(std::string_view json);

[[nodiscard]] std::string_view name_of(const Event& event);

/// Any entity as one JSON object (tests compare states by it; the debugger prints it). Default values are left out.
template <class Entity>
[[nodiscard]] std::string encode_entity(const Entity& entity);
/// Back again: of definitions, decisions and decision instances. nullopt when it is not what encode_entity() writes.
template <class Entity>
[[nodiscard]] std::optional<Entity> decode_entity(const Value& json);

[[nodiscard]] std::string encode_strings(const std::vector<std::string>& list);
[[nodiscard]] std::string encode_variables(const Variables& variables);
[[nodiscard]] Result<Variables> decode_variables(std::string_view json_object);

}  // namespace fermata
