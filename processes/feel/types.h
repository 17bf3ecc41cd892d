// FEEL types as written after "instance of" and in function parameters (grammar rules 51 to 55).
//
//   Type of {Type::Kind::list, {number}}: list<number>
#pragma once

#include <string>
#include <vector>

#include "processes/feel/feel.h"
#include "processes/feel/values.h"

namespace fermata::feel {

struct Type {
  enum class Kind : std::uint8_t {
    any,
    null,
    number,
    string,
    boolean,
    date,
    time,
    date_time,
    days_duration,
    months_duration,
    list,
    context,
    range,
    function
  };
  Kind kind = Kind::any;
  std::vector<Type> arguments;  ///< list<T>, range<T>: one; context<a: T>: one per member; function<A, B> -> R: A, B, R
  std::vector<std::string> members;  ///< of context<...>
};

/// The type of a simple name such as "days and time duration"; false when there is none.
[[nodiscard]] bool simple_type(std::string_view name, Type& type);

/// "date and time": the name that FEEL gives it.
[[nodiscard]] std::string_view kind_name(Type::Kind kind);

/// The kind of a number, string, boolean, date, time or duration; `any` for all other values.
[[nodiscard]] Type::Kind kind_of(const Value& value);
[[nodiscard]] bool is_scalar(Type::Kind kind);  ///< one of those

/// Whether values of the two can never be compared, neither by "=" nor by "<". Both are scalar.
[[nodiscard]] bool never_compare(Type::Kind a, Type::Kind b);

/// The type that a text such as "list<number>" names, with the definitions of the options. Error: invalid_argument.
[[nodiscard]] Result<Type> type_from_text(std::string_view text, const CompileOptions& options = {});

/// Whether the value is of the type. null is of no type but Null.
[[nodiscard]] bool conforms(const Value& value, const Type& type);

/// Whether every value of `type` is one of `wanted` (10.3.2.9.2): function<A> -> B conforms to function<A2> -> B2 if A2
/// conforms to A and B to B2. A context may have members more than wanted.
[[nodiscard]] bool type_conforms(const Type& type, const Type& wanted);

/// The value as a parameter of that type takes it: itself, or a list of one made an item, or an item made a list of one
/// (10.3.2.9.4). False when it does not fit; null fits every type.
[[nodiscard]] bool coerce(Value& value, const Type& type);

}  // namespace fermata::feel
