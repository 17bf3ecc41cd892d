// not, is, and Camunda's extensions about null (is defined, get or else, assert).
#include "processes/feel/builtins.h"

namespace fermata::feel {
namespace {

Value logical_not(const Call& call) {
  const Value& value = call.single(0);
  if (value.is_boolean()) return Value::boolean(!value.as_boolean());
  return value.is_null() ? call.null_with("the argument is null") : call.wrong_type(0, "boolean");
}

Value is_same(const Call& call) {
  call.run.step_through(call.at, call.argument(0));
  return Value::boolean(identical(call.argument(0), call.argument(1)));
}

Value is_defined(const Call& call) {
  return Value::boolean(!call.argument(0).is_null());
}

Value get_or_else(const Call& call) {
  return call.argument(0).is_null() ? call.argument(1) : call.argument(0);
}

// The value if the condition holds, otherwise null with the cause as the reason.
Value assert_holds(const Call& call) {
  const Value& condition = call.argument(1);
  if (condition.is_boolean() && condition.as_boolean()) return call.argument(0);
  const Value& cause = call.argument(2);
  return call.null_with(cause.is_string() ? cause.as_string() : std::string_view("the condition does not hold"));
}

}  // namespace

void add_boolean_builtins(BuiltinTable& table) {
  table.push_back({"not", {{{"negand"}, 1, logical_not}}});
  table.push_back({"is", {{{"value1", "value2"}, 1, is_same}}});
  table.push_back({"is defined", {{{"value"}, 1, is_defined}}});
  table.push_back({"get or else", {{{"value", "default"}, 2, get_or_else}}});
  table.push_back({"assert", {{{"value", "condition", "cause"}, 2, assert_holds}}});
}

}  // namespace fermata::feel
