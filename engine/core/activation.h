// Putting a token at an element that no flow led to: start instructions and modification.
#pragma once

#include <string_view>

#include "engine/base/check.h"
#include "engine/core/commands.h"

namespace fermata {

/// Boundary events, event subprocess starts and the process itself cannot be put to work by hand.
[[nodiscard]] Verdict check_can_activate(const ProcessGraph& graph, std::string_view element_id);

/// The innermost scope around the element, up to but not including the scope `within`, that is a multi-instance; nullptr: none.
[[nodiscard]] const Element* multi_instance_around(const ProcessGraph& graph, ElementIndex element, ElementIndex within);

/// The innermost live scope around the element, or the one that is named. Refused when several fit equally well.
[[nodiscard]] tl::expected<ElementInstanceKey, Rejection> find_ancestor(const Execution& x, ElementIndex element, ElementInstanceKey named = {});

/// Enters the element below the scope instance `ancestor`; scopes between them are entered without their start events. Answers the
/// scope that the element is in. Refused when a scope between cannot be entered so; it has changed something then: see rehearse_and_do().
[[nodiscard]] tl::expected<ElementInstanceKey, Rejection> activate_at(Execution& x, ElementIndex element, ElementInstanceKey ancestor);

/// A rejection changes nothing, but some reasons for it are found only by trying: so `decision` is made on a copy of the instance
/// first. It is pure, as decide() is, so what has gone well goes well again.
template <class Decide>
[[nodiscard]] Verdict rehearse_and_do(Execution& x, const Decide& decision) {
  InstanceState copy = x.state();
  Execution rehearsal(x.graph(), copy, x.context(), x.keys(), x.surroundings(), x.options());
  if (Verdict possible = decision(rehearsal); !possible) return possible;
  const Verdict done = decision(x);
  FERMATA_CHECK(done.has_value(), "what went well on a copy of the instance goes well on the instance");
  return done;
}

}  // namespace fermata
