// Rejection: "may not". The answer to a command that the rules refuse; it has changed nothing.
#pragma once

#include <string>

namespace fermata {

enum class RejectionCode {
  invalid_argument,  ///< the command makes no sense (HTTP 400)
  not_found,         ///< what it names does not exist (404)
  invalid_state,     ///< what it names exists, but not in a state for this (409)
  already_exists,    ///< the same id with another content (409)
  limit_exceeded,    ///< too big, too many (413, 429)
  unsupported,       ///< the model or the engine does not do this (400)
};

struct Rejection {
  RejectionCode code = RejectionCode::invalid_state;
  std::string reason;  ///< for the person who can mend it
};

}  // namespace fermata
