// Operators: arithmetic, comparison, ternary logic, tests.
#include "processes/feel/nodes.h"

namespace fermata::feel {

Value Negate::evaluate(Evaluation& run) const {
  run.step(offset);
  Value storage;
  return negated(run, offset, operand_->peek(run, storage));
}

Value Arithmetic::evaluate(Evaluation& run) const {
  run.step(offset);
  Value left_storage;
  Value right_storage;
  const Value& left = peek_left(run, *left_, copies_left_, left_storage);
  const Value& right = right_->peek(run, right_storage);
  return compute(run, offset, op_, left, right);
}

namespace {

std::string_view text_of(Comparator op) {
  switch (op) {
    case Comparator::equal:
      return "=";
    case Comparator::not_equal:
      return "!=";
    case Comparator::less:
      return "<";
    case Comparator::less_equal:
      return "<=";
    case Comparator::greater:
      return ">";
    case Comparator::greater_equal:
      return ">=";
  }
  return "?";
}

// A list of one is compared as its item, as function arguments are (10.3.2.9.4).
const Value& single(const Value& value) {
  return value.is_list() && value.as_list().size() == 1 ? value.as_list()[0] : value;
}

}  // namespace

namespace {

bool holds(Comparator op, std::partial_ordering ordering) {
  switch (op) {
    case Comparator::equal:
      return ordering == 0;
    case Comparator::not_equal:
      return ordering != 0;
    case Comparator::less:
      return ordering < 0;
    case Comparator::less_equal:
      return ordering <= 0;
    case Comparator::greater:
      return ordering > 0;
    case Comparator::greater_equal:
      return ordering >= 0;
  }
  return false;
}

}  // namespace

Truth compare_values(Evaluation& run, std::uint32_t at, Comparator op, const Value& a, const Value& b) {
  const auto truth = [](bool holds) { return holds ? Truth::yes : Truth::no; };
  // Most comparisons are of numbers, or whether two texts are the same.
  if (a.is_number() && b.is_number()) [[likely]]
    return truth(holds(op, compare(a.as_number(), b.as_number())));
  if (a.is_string() && b.is_string() && (op == Comparator::equal || op == Comparator::not_equal)) {
    const std::string_view left = a.as_string();
    run.step(at, left.size() / compared_bytes_per_step);
    return truth((left == b.as_string()) == (op == Comparator::equal));
  }
  if (op == Comparator::equal || op == Comparator::not_equal) {
    if (a.kind() == b.kind()) run.step_through(at, a);
    const std::optional<bool> same = equal(a, b);
    if (same) [[likely]]
      return truth(*same == (op == Comparator::equal));
  } else if (run.step_through(at, single(a)); const auto ordering = order(single(a), single(b))) [[likely]] {
    return truth(holds(op, *ordering));
  }
  (void)run.null_because(at, [&] {
    return "a " + std::string(type_name(a)) + " cannot be compared with a " + std::string(type_name(b)) + " by " +
           std::string(text_of(op));
  });
  return Truth::other;
}

Truth Comparison::judge(Evaluation& run, Value& other) const {
  run.step(offset);
  Value left_storage;
  if (const Value* right = right_constant_) {
    const Truth truth = compare_values(run, offset, op_, left_->peek(run, left_storage), *right);
    if (truth == Truth::other) other = Value::null();
    return truth;
  }
  Value right_storage;
  const Value& left = peek_left(run, *left_, copies_left_, left_storage);
  const Value& right = right_->peek(run, right_storage);
  const Truth truth = compare_values(run, offset, op_, left, right);
  if (truth == Truth::other) other = Value::null();
  return truth;
}

Value Comparison::evaluate(Evaluation& run) const {
  Value other;
  return value_of(judge(run, other));
}

Logic::Logic(std::uint32_t at, bool is_and, std::vector<NodePtr> operands)
    : Node(at), operands_(std::move(operands)), is_and_(is_and) {
  for (const NodePtr& operand : operands_) adopt(*operand);
}

// Table 50: one false decides "and", one true decides "or"; otherwise anything that is not a boolean makes it null.
Truth Logic::judge(Evaluation& run, Value& other) const {
  run.step(offset);
  const Truth deciding = is_and_ ? Truth::no : Truth::yes;
  bool unknown = false;
  for (const NodePtr& operand : operands_) {
    const Truth truth = operand->judge(run, other);
    if (truth == deciding) return deciding;
    if (truth != Truth::other) continue;
    unknown = true;
    (void)run.null_because(operand->offset, [&] {
      return std::string("an operand of ") + (is_and_ ? "and" : "or") + " must be a boolean, not " +
             (other.is_null() ? "null" : "a " + std::string(type_name(other)));
    });
  }
  if (!unknown) return is_and_ ? Truth::yes : Truth::no;
  other = Value::null();
  return Truth::other;
}

Value Logic::evaluate(Evaluation& run) const {
  Value other;
  return value_of(judge(run, other));
}

Value Between::evaluate(Evaluation& run) const {
  run.step(offset);
  const Value value = value_->evaluate(run);
  const Value low = low_->evaluate(run);
  const Value high = high_->evaluate(run);
  const auto from = order(low, value);
  const auto to = order(value, high);
  if (!from || !to) {
    return run.null_because(offset, [&] {
      return "a " + std::string(type_name(value)) + " cannot be between a " + std::string(type_name(low)) + " and a " +
             std::string(type_name(high));
    });
  }
  return Value::boolean(*from <= 0 && *to <= 0);
}

std::optional<bool> test_holds(Evaluation& run, std::uint32_t at, const Value& input, const Value& test) {
  run.step(at);
  run.step_through(at, test);
  if (const auto* range = unbox<Range>(test)) {
    if (has_tag(input, Tag::range)) return equal(input, test);
    return contains(*range, input);
  }
  if (test.is_list()) {
    if (input.is_list() && equal(input, test).value_or(false)) return true;
    bool unknown = false;
    for (const Value& item : test.as_list()) {
      run.step(at);
      std::optional<bool> hit;
      if (const auto* range = unbox<Range>(item)) {
        hit = has_tag(input, Tag::range) ? equal(input, item) : contains(*range, input);
      } else {
        hit = equal(input, item);
        if (!hit) hit = false;
      }
      if (hit && *hit) return true;
      unknown = unknown || !hit;
    }
    if (unknown) return std::nullopt;
    return false;
  }
  return equal(input, test);
}

In::In(std::uint32_t at, NodePtr value, std::vector<NodePtr> tests, bool lenient)
    : Node(at), value_(std::move(value)), tests_(std::move(tests)), lenient_(lenient) {
  adopt(*value_);
  for (const NodePtr& test : tests_) adopt(*test);
}

Value In::evaluate(Evaluation& run) const {
  run.step(offset);
  const Value input = value_->evaluate(run);
  bool unknown = false;
  for (const NodePtr& test_node : tests_) {
    const Value test = test_node->evaluate(run);
    if (test.is_null() && !input.is_null()) {
      unknown = true;
      continue;
    }
    const std::optional<bool> hit = test_holds(run, offset, input, test);
    if (!hit) {
      unknown = true;
    } else if (*hit) {
      return Value::boolean(true);
    }
  }
  if (!unknown || lenient_) return Value::boolean(false);
  return run.null_because(
      offset, [&] { return "a " + std::string(type_name(input)) + " cannot be compared with the test after in"; });
}

UnaryTests::UnaryTests(std::uint32_t at, NodePtr input, std::vector<NodePtr> tests, bool negated)
    : Node(at), input_(std::move(input)), tests_(std::move(tests)), negated_(negated) {
  adopt(*input_);
  for (const NodePtr& test : tests_) adopt(*test);
}

Value UnaryTests::evaluate(Evaluation& run) const {
  run.step(offset);
  if (tests_.empty()) return Value::boolean(true);  // "-": irrelevant
  const Value input = input_->evaluate(run);
  bool any = false;
  for (const NodePtr& test_node : tests_) {
    const Value test = test_node->evaluate(run);
    if (test.is_boolean() && test_node->answers_test()) {
      any = test.as_boolean();
    } else {
      any = test_holds(run, test_node->offset, input, test).value_or(false);
    }
    if (any) break;
  }
  return Value::boolean(any != negated_);
}

Value InstanceOf::evaluate(Evaluation& run) const {
  run.step(offset);
  Value storage;
  const Value& value = value_->peek(run, storage);
  if (!type_.arguments.empty()) run.step_through(offset, value);
  return Value::boolean(conforms(value, type_));
}

}  // namespace fermata::feel
