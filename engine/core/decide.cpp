#include "engine/core/decide.h"

#include "engine/core/commands.h"

namespace fermata {

tl::expected<Decision, Rejection> decide(const DecideInput& input, const InstanceCommand& command) {
  Execution x(input.graph, input.state, input.context, input.keys, input.surroundings, input.options);
  const Verdict verdict = std::visit([&x](const auto& wish) { return decide_command(x, wish); }, command);
  if (!verdict) return tl::unexpected(verdict.error());
  x.run();
  return Decision{x.take_events(), x.take_effects(), x.take_follow_ups(), x.bytes_written()};
}

}  // namespace fermata
