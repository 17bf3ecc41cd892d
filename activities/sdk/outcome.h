// What an activity answers: done, could not, or a business error that the process models. Plain values.
//
//   return Completed{R"({"greeting": "hello"})"};
//   return Failed{.message = "the ERP answers 503", .retryable = true};
//   return BpmnError{.code = "CREDIT_LIMIT", .message = "over the limit"};
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>

namespace fermata::sdk {

struct Completed {
  std::string output_json = "{}";  ///< a JSON object: the variables to set
};

struct Failed {
  std::string message = {};  ///< one sentence for the person who can mend it: what, where, what to do
  std::string detail = {};   ///< as long as useful
  bool retryable = false;    ///< the same input may work later
  bool ambiguous = false;    ///< the other side may have acted although no answer came
  std::optional<std::chrono::milliseconds> retry_after = {};  ///< as asked by the other side
  int code = 0;                                               ///< a status in the manner of HTTP, or 0
};

struct BpmnError {
  std::string code = {};
  std::string message = {};
  std::string variables_json = "{}";
};

using Outcome = std::variant<Completed, Failed, BpmnError>;

/// The answers of a lookup: did an earlier run with this idempotency key take effect?
struct Found {
  std::string output_json = "{}";  ///< the outcome to report instead of running again
};
struct NotFound {};
struct Unknown {
  std::string why = {};  ///< the engine asks again later
};
using LookupOutcome = std::variant<Found, NotFound, Unknown>;

/// How safe a repeat is when nobody knows whether the last run took effect; the values are those of the ABI.
enum class RepeatSafety : std::int32_t { none = 0, native = 1, key = 2, lookup = 3 };

/// Thrown by an activity before it has acted: the input or configuration is wrong. Becomes a failure that is not
/// retried.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace fermata::sdk
