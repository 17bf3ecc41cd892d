// The filters of a search for instances that speak of what is inside them: where a token is, what went wrong there.
//
// Rows of instances know nothing of that, so a search over elements, incidents or jobs comes first, and its instances are what the
// search is confined to. Bounded: more than 1,000 instances that fit are refused, with the advice to narrow the search.
//
//   Result<InsideFilter> inside = take_inside_filter(body);          // and body is without these fields
//   Result<std::optional<FieldCondition>> among = instances_with(session, *inside);
#pragma once

#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/value.h"
#include "persistence/read_session.h"

namespace fermata::http::v2 {

struct InsideFilter {
  std::vector<FieldCondition> elements;   ///< elementId, elementInstanceState, hasElementInstanceIncident: of one and the same element
  std::vector<FieldCondition> incidents;  ///< errorMessage: of an open incident
  std::vector<FieldCondition> shared;     ///< which process and instance: narrows the search before
  std::optional<bool> retries_left;       ///< hasRetriesLeft: a job has failed and will be tried again
  bool never = false;                     ///< no element can be so

  [[nodiscard]] bool empty() const { return elements.empty() && incidents.empty() && !retries_left && !never; }
};

/// Takes the fields out of body.filter; those in groups of $or stay there, and are refused by the search. invalid_argument when a
/// value is wrong.
[[nodiscard]] Result<InsideFilter> take_inside_filter(Value& body);

/// Conditions on processInstanceKey, all of which must hold; nullopt: no instance fits.
[[nodiscard]] Result<std::optional<std::vector<FieldCondition>>> instances_with(ReadSession& session, const InsideFilter& filter);

}  // namespace fermata::http::v2
