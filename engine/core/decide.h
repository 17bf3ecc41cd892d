// decide(): what one command does to one instance. The heart of the engine, and pure.
//
//     decide(graph, state, command)  ->  events (already applied to the state), effects, follow-up commands  |  Rejection
//
// Floor 4. No clock, no I/O, no threads, no randomness, no logging. Each event is applied at once, so later steps of the same
// command see it. A Rejection has changed nothing. Read decide.cpp as the table of contents: one decide_<command> file each.
#pragma once

#include <memory>
#include <vector>

#include <tl/expected.hpp>

#include "engine/base/keys.h"
#include "engine/behavior/environment.h"
#include "engine/model/process_graph.h"
#include "engine/record/command.h"
#include "engine/record/effect.h"
#include "engine/record/event.h"
#include "engine/record/rejection.h"
#include "engine/state/instance_state.h"

namespace fermata {

struct DecideInput {
  const ProcessGraph& graph;
  InstanceState& state;  ///< changed only by the events that are answered
  const CommandContext& context;
  KeySource& keys;
  Surroundings& surroundings;
  const DecideOptions& options;
};

struct Decision {
  std::vector<Event> events;
  std::vector<Effect> effects;
  std::vector<FollowUp> follow_ups;  ///< to be executed in the same transaction, in order
  std::size_t bytes = 0;             ///< of the values in the events (text_bytes())
};

[[nodiscard]] tl::expected<Decision, Rejection> decide(const DecideInput& input, const InstanceCommand& command);

}  // namespace fermata
