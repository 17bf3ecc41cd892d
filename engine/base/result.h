// Result<T>: a value, or an Error that says what could not be done and where.
//
// Floor 0. Errors that a caller expects are values; "may not" (a refused command) is record::Rejection, not Error.
//
//   Result<Decimal> price = parse_decimal(text);
//   if (!price) return fail(price.error());
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace fermata {

/// The kinds of trouble a caller can tell apart and act upon. The text is for people, the code is for programs.
enum class ErrorCode {
  invalid_argument,    ///< the input is wrong; repeating it unchanged is useless
  not_found,           ///< the thing named does not exist
  already_exists,      ///< the thing named exists already
  conflict,            ///< the thing is in a state that does not allow this
  resource_exhausted,  ///< a bound was hit (queue, memory, disk, steps); may work later
  limit_exceeded,      ///< the request writes or sets in motion more than one may; repeating it unchanged is useless
  unavailable,         ///< try again later (shutting down, store busy)
  deadline_exceeded,   ///< the time given is over
  data_loss,           ///< stored bytes cannot be trusted, or a sync failed: stop
  permission_denied,   ///< the caller may not do this
  internal,            ///< a defect of ours
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  ///< one or two sentences: what, where, what to do. No secrets.
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

/// The failing result of any Result<T>.
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace fermata
