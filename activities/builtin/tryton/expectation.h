// Expectation: in which state records must be after a call, and so also: whether an earlier run of it took effect.
//
// Tryton's buttons do nothing, silently, on a record in the wrong state, and the API has no idempotency key. So a job
// says what it wants to be true, and the answer is read back. Input: expect {"state": ["quotation", "confirmed"]}, and,
// if they are not the model and first argument of the call, expectModel and expectIds.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "activities/builtin/tryton/state.h"

namespace fermata::tryton {

struct Expectation {
  std::string model;
  sdk::Json ids;     ///< a list
  sdk::Json fields;  ///< name -> allowed value or list of them

  /// Nothing if the job has no `expect`. Throws sdk::InputError if it cannot be checked.
  [[nodiscard]] static std::optional<Expectation> of(const sdk::Call& call, const std::string& model,
                                                     const sdk::Json& ids);

  /// Reads the records; the decoded list, or why it cannot be read.
  [[nodiscard]] RpcReply read(Connection& connection, const sdk::Call& call) const;
  /// Whether every record has an allowed value in every field.
  [[nodiscard]] bool holds(const sdk::Json& records) const;
};

}  // namespace fermata::tryton
