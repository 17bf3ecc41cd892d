#include "processes/feel/juel/juel_nodes.h"

#include "engine/base/decimal_math.h"
#include "processes/feel/feel.h"

namespace fermata::feel::juel {
namespace {

[[noreturn]] void cannot(std::uint32_t at, const Value& value, const char* wanted) {
  throw EvaluationFailure{at, "a " + std::string(type_name(value)) + " cannot be used as a " + wanted,
                          ErrorCode::invalid_argument};
}

bool to_boolean(std::uint32_t at, const Value& value) {
  if (value.is_boolean()) return value.as_boolean();
  if (value.is_null()) return false;
  if (value.is_string()) return value.as_string() == "true";
  cannot(at, value, "boolean");
}

Decimal to_number(std::uint32_t at, const Value& value) {
  if (value.is_number()) return value.as_number();
  if (value.is_null()) return Decimal{};
  if (value.is_string()) {
    if (value.as_string().empty()) return Decimal{};
    if (const std::optional<Decimal> number = parse_decimal(value.as_string())) return *number;
  }
  cannot(at, value, "number");
}

Value whole_remainder(Evaluation& run, std::uint32_t at, const Decimal& a, const Decimal& b) {
  // Java's remainder has the sign of the dividend.
  std::optional<Decimal> rest = modulo(absolute(a), absolute(b));
  if (!rest) return run.null_because(at, [] { return std::string("there is no remainder of a division by 0"); });
  return Value::number(is_negative(a) ? negate(*rest) : *rest);
}

bool equal_values(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  if (a.is_number() != b.is_number()) {
    const Value& number = a.is_number() ? a : b;
    const Value& other = a.is_number() ? b : a;
    if (!other.is_string()) return false;
    const std::optional<Decimal> read = parse_decimal(other.as_string());
    return read && *read == number.as_number();
  }
  if (a.is_boolean() != b.is_boolean()) {
    const Value& boolean = a.is_boolean() ? a : b;
    const Value& other = a.is_boolean() ? b : a;
    return other.is_string() && (other.as_string() == "true") == boolean.as_boolean();
  }
  if (a.is_string() != b.is_string()) return to_feel_text(a) == to_feel_text(b);
  return feel::equal(a, b).value_or(false);
}

bool compared(std::uint32_t at, Operator op, const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return false;
  std::partial_ordering ordering = std::partial_ordering::unordered;
  if (a.is_number() || b.is_number()) {
    ordering = compare(to_number(at, a), to_number(at, b));
  } else {
    const auto found = feel::order(a, b);
    if (!found) {
      throw EvaluationFailure{
          at, "a " + std::string(type_name(a)) + " and a " + std::string(type_name(b)) + " have no order",
          ErrorCode::invalid_argument};
    }
    ordering = *found;
  }
  switch (op) {
    case Operator::less:
      return ordering < 0;
    case Operator::less_equal:
      return ordering <= 0;
    case Operator::greater:
      return ordering > 0;
    default:
      return ordering >= 0;
  }
}

bool is_duration_or_time(const Value& value) {
  return value.is_boxed();
}

Value arithmetic(Evaluation& run, std::uint32_t at, Operator op, const Value& a, const Value& b) {
  if (op == Operator::modulo) return whole_remainder(run, at, to_number(at, a), to_number(at, b));
  const ArithmeticOperator same = op == Operator::add        ? ArithmeticOperator::add
                                  : op == Operator::subtract ? ArithmeticOperator::subtract
                                  : op == Operator::multiply ? ArithmeticOperator::multiply
                                                             : ArithmeticOperator::divide;
  if (is_duration_or_time(a) || is_duration_or_time(b)) return compute(run, at, same, a, b);
  return compute(run, at, same, Value::number(to_number(at, a)), Value::number(to_number(at, b)));
}

bool is_empty(const Value& value) {
  if (value.is_null()) return true;
  if (value.is_string()) return value.as_string().empty();
  if (value.is_list()) return value.as_list().empty();
  return value.is_context() && value.as_context().empty();
}

}  // namespace

const Value& Name::peek(Evaluation& run, Value&) const {
  if (const Value* found = run.variables->find(name_)) return *found;
  throw EvaluationFailure{offset, "there is no variable " + name_, ErrorCode::not_found};
}

Value Name::evaluate(Evaluation& run) const {
  Value storage;
  return peek(run, storage);
}

Value VariableAccess::evaluate(Evaluation& run) const {
  run.step(offset);
  Value storage;
  const Value& name = name_->peek(run, storage);
  if (!name.is_string()) cannot(offset, name, "variable's name");
  const Value* found = run.variables->find(name.as_string());
  if (only_whether_) return Value::boolean(found != nullptr);
  return found != nullptr ? *found : Value::null();
}

Value Member::evaluate(Evaluation& run) const {
  run.step(offset);
  Value object_storage;
  Value key_storage;
  const Value& object = object_->peek(run, object_storage);
  const Value& key = key_->peek(run, key_storage);
  if (object.is_null() || key.is_null()) return Value::null();
  if (object.is_list()) {
    const std::optional<std::int64_t> index = to_int64(to_number(offset, key));
    if (!index || *index < 0 || static_cast<std::size_t>(*index) >= object.as_list().size()) return Value::null();
    return object.as_list()[static_cast<std::size_t>(*index)];
  }
  if (!object.is_context()) cannot(offset, object, "thing with members");
  const Value* found = object.find(to_feel_text(key));
  return found != nullptr ? *found : Value::null();
}

Value Binary::evaluate(Evaluation& run) const {
  run.step(offset);
  Value left_storage;
  const Value& left = left_->peek(run, left_storage);
  if (op_ == Operator::logical_and || op_ == Operator::logical_or) {
    const bool first = to_boolean(left_->offset, left);
    if (first == (op_ == Operator::logical_or)) return Value::boolean(first);
    Value storage;
    return Value::boolean(to_boolean(right_->offset, right_->peek(run, storage)));
  }
  Value right_storage;
  const Value& right = right_->peek(run, right_storage);
  if (op_ == Operator::equal) return Value::boolean(equal_values(left, right));
  if (op_ == Operator::not_equal) return Value::boolean(!equal_values(left, right));
  if (op_ >= Operator::less && op_ <= Operator::greater_equal)
    return Value::boolean(compared(offset, op_, left, right));
  return arithmetic(run, offset, op_, left, right);
}

Value Unary::evaluate(Evaluation& run) const {
  run.step(offset);
  Value storage;
  const Value& operand = operand_->peek(run, storage);
  switch (op_) {
    case UnaryOperator::logical_not:
      return Value::boolean(!to_boolean(offset, operand));
    case UnaryOperator::empty:
      return Value::boolean(is_empty(operand));
    case UnaryOperator::negate:
      return Value::number(negate(to_number(offset, operand)));
  }
  return Value::null();
}

Value Choice::evaluate(Evaluation& run) const {
  run.step(offset);
  Value storage;
  return (to_boolean(condition_->offset, condition_->peek(run, storage)) ? then_ : otherwise_)->evaluate(run);
}

Value Now::evaluate(Evaluation& run) const {
  return box(from_timestamp(run.input.now));
}

Text::Text(std::uint32_t at, std::vector<NodePtr> parts) : Node(at), parts_(std::move(parts)) {
  for (const NodePtr& part : parts_) adopt(*part);
}

Value Text::evaluate(Evaluation& run) const {
  run.step(offset);
  std::string made;
  for (const NodePtr& part : parts_) {
    Value storage;
    const Value& value = part->peek(run, storage);
    const std::size_t before = made.size();
    run.step_through(part->offset, value);
    if (!value.is_null()) append_feel_text(made, value, false);
    run.charge(part->offset, made.size() - before);
  }
  return Value::string(std::move(made));
}

}  // namespace fermata::feel::juel
