// The kinds of nodes a compiled expression is made of. The parser builds them; nodes_*.cpp say what they do.
#pragma once

#include <string>

#include "processes/feel/builtins.h"
#include "processes/feel/function.h"
#include "processes/feel/node.h"
#include "processes/feel/operators.h"
#include "processes/feel/types.h"

namespace fermata::feel {

using Slot = std::uint16_t;

// ---- nodes_basic.cpp: values and names

class Constant final : public Node {
 public:
  Constant(std::uint32_t at, Value value) : Node(at), value_(std::move(value)) {}
  [[nodiscard]] Value evaluate(Evaluation&) const override { return value_; }
  [[nodiscard]] const Value& peek(Evaluation&, Value&) const override { return value_; }
  [[nodiscard]] const Value* constant() const override { return &value_; }
  [[nodiscard]] bool chooses() const override { return false; }

 private:
  Value value_;
};

/// A variable of the scope outside the expression; a built-in of the same name stands in for one that does not exist.
class Global final : public Node {
 public:
  Global(std::uint32_t at, std::string name);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] const Value& peek(Evaluation& run, Value& storage) const override;
  [[nodiscard]] bool chooses() const override { return false; }
  [[nodiscard]] std::string_view head_variable() const override { return name_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
  Value fallback_;
};

/// A variable of the expression itself (for, function parameter, context entry).
class Local final : public Node {
 public:
  Local(std::uint32_t at, Slot slot) : Node(at), slot_(slot) {}
  [[nodiscard]] Value evaluate(Evaluation& run) const override { return run.local(slot_); }
  [[nodiscard]] const Value& peek(Evaluation& run, Value&) const override { return run.local(slot_); }
  [[nodiscard]] bool peeks_into_frame() const override { return true; }
  [[nodiscard]] bool chooses() const override { return false; }

 private:
  Slot slot_;
};

/// A name within filters: a member of the item, if it is a context that has it (innermost first); otherwise what it
/// means outside.
class FilterName final : public Node {
 public:
  FilterName(std::uint32_t at, std::string name, std::vector<Slot> items, NodePtr outside)
      : Node(at), name_(std::move(name)), items_(std::move(items)), outside_(std::move(outside)) {
    adopt(*outside_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] const Value& peek(Evaluation& run, Value& storage) const override;
  [[nodiscard]] bool peeks_into_frame() const override { return true; }

 private:
  std::string name_;
  std::vector<Slot> items_;
  NodePtr outside_;
};

class ListNode final : public Node {
 public:
  ListNode(std::uint32_t at, std::vector<NodePtr> items);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] bool chooses() const override;

 private:
  std::vector<NodePtr> items_;
};

class ContextNode final : public Node {
 public:
  struct Entry {
    std::string key;
    Slot slot;  ///< where later entries find it
    NodePtr value;
  };
  ContextNode(std::uint32_t at, std::vector<Entry> entries);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] bool chooses() const override;

 private:
  std::vector<Entry> entries_;
};

class RangeNode final : public Node {
 public:
  RangeNode(std::uint32_t at, NodePtr start, bool start_included, NodePtr end, bool end_included);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  NodePtr start_;
  NodePtr end_;
  bool start_included_;
  bool end_included_;
};

enum class Comparator : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

/// "< 5" where a value is expected: a range that is open on one side.
class ComparisonRange final : public Node {
 public:
  ComparisonRange(std::uint32_t at, Comparator op, NodePtr end) : Node(at), end_(std::move(end)), op_(op) {
    adopt(*end_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  NodePtr end_;
  Comparator op_;
};

class Path final : public Node {
 public:
  Path(std::uint32_t at, NodePtr object, std::string member)
      : Node(at), object_(std::move(object)), member_(std::move(member)) {
    adopt(*object_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] const Value& peek(Evaluation& run, Value& storage) const override;
  [[nodiscard]] bool peeks_into_frame() const override { return object_->peeks_into_frame(); }
  [[nodiscard]] bool chooses() const override { return object_->chooses(); }
  [[nodiscard]] std::string_view head_variable() const override { return object_->head_variable(); }

 private:
  NodePtr object_;
  std::string member_;
};

/// The member of a context, the property of a temporal value or range, or for a list the list of that of its items.
[[nodiscard]] Value member_of(Evaluation& run, std::uint32_t at, const Value& object, const std::string& member);

// ---- nodes_logic.cpp: comparisons and ternary logic

class Negate final : public Node {
 public:
  Negate(std::uint32_t at, NodePtr operand) : Node(at), operand_(std::move(operand)) { adopt(*operand_); }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  NodePtr operand_;
};

/// Whether the left operand of two has to be copied: it lies in the frame, and the right one may move that.
inline bool copies_left(const Node& left, const Node& right) {
  return left.peeks_into_frame() && right.constant() == nullptr;
}
inline const Value& peek_left(Evaluation& run, const Node& left, bool copy, Value& storage) {
  if (!copy) return left.peek(run, storage);
  storage = left.evaluate(run);
  return storage;
}

class Arithmetic final : public Node {
 public:
  Arithmetic(std::uint32_t at, ArithmeticOperator op, NodePtr left, NodePtr right)
      : Node(at),
        left_(std::move(left)),
        right_(std::move(right)),
        op_(op),
        copies_left_(copies_left(*left_, *right_)) {
    adopt(*left_);
    adopt(*right_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  NodePtr left_;
  NodePtr right_;
  ArithmeticOperator op_;
  bool copies_left_;
};

class Comparison final : public Node {
 public:
  Comparison(std::uint32_t at, Comparator op, NodePtr left, NodePtr right)
      : Node(at),
        left_(std::move(left)),
        right_(std::move(right)),
        op_(op),
        copies_left_(copies_left(*left_, *right_)),
        right_constant_(right_->constant()) {
    adopt(*left_);
    adopt(*right_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] Truth judge(Evaluation& run, Value& other) const override;
  [[nodiscard]] bool answers_test() const override { return true; }

 private:
  NodePtr left_;
  NodePtr right_;
  Comparator op_;
  bool copies_left_;
  const Value* right_constant_;  ///< most comparisons are with one
};

class Logic final : public Node {
 public:
  Logic(std::uint32_t at, bool is_and, std::vector<NodePtr> operands);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] Truth judge(Evaluation& run, Value& other) const override;
  [[nodiscard]] bool answers_test() const override { return true; }

 private:
  std::vector<NodePtr> operands_;
  bool is_and_;
};

class Between final : public Node {
 public:
  Between(std::uint32_t at, NodePtr value, NodePtr low, NodePtr high)
      : Node(at), value_(std::move(value)), low_(std::move(low)), high_(std::move(high)) {
    adopt(*value_);
    adopt(*low_);
    adopt(*high_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] bool answers_test() const override { return true; }

 private:
  NodePtr value_;
  NodePtr low_;
  NodePtr high_;
};

/// "x in (tests)": true if any test holds. A `lenient` one, made of "> 5" in a unary test, is false where it could be
/// null.
class In final : public Node {
 public:
  In(std::uint32_t at, NodePtr value, std::vector<NodePtr> tests, bool lenient);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] bool answers_test() const override { return true; }

 private:
  NodePtr value_;
  std::vector<NodePtr> tests_;
  bool lenient_;
};

/// The cells of a decision table: any test holds for the input (or, negated, none does).
class UnaryTests final : public Node {
 public:
  UnaryTests(std::uint32_t at, NodePtr input, std::vector<NodePtr> tests, bool negated);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  NodePtr input_;
  std::vector<NodePtr> tests_;
  bool negated_;
};

class InstanceOf final : public Node {
 public:
  InstanceOf(std::uint32_t at, NodePtr value, Type type) : Node(at), value_(std::move(value)), type_(std::move(type)) {
    adopt(*value_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] bool answers_test() const override { return true; }

 private:
  NodePtr value_;
  Type type_;
};

/// Whether a test value holds for an input: equality, membership of a range or list. nullopt: cannot be compared.
[[nodiscard]] std::optional<bool> test_holds(Evaluation& run, std::uint32_t at, const Value& input, const Value& test);
/// Truth::other: null, for a reason that was given.
[[nodiscard]] Truth compare_values(Evaluation& run, std::uint32_t at, Comparator op, const Value& a, const Value& b);
[[nodiscard]] inline Value value_of(Truth truth) {
  return truth == Truth::other ? Value::null() : Value::boolean(truth == Truth::yes);
}

// ---- nodes_control.cpp: if, for, some, every, filters

class If final : public Node {
 public:
  If(std::uint32_t at, NodePtr condition, NodePtr then, NodePtr otherwise)
      : Node(at), condition_(std::move(condition)), then_(std::move(then)), otherwise_(std::move(otherwise)) {
    adopt(*condition_);
    adopt(*then_);
    adopt(*otherwise_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  NodePtr condition_;
  NodePtr then_;
  NodePtr otherwise_;
};

struct Iterator {
  Slot slot;
  NodePtr domain;
  NodePtr domain_end;  ///< of "1..5"; otherwise null
};

class For final : public Node {
 public:
  For(std::uint32_t at, std::vector<Iterator> iterators, NodePtr result, Slot partial, bool uses_partial);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  bool iterate(Evaluation& run, std::size_t level, Value::List& results) const;

  std::vector<Iterator> iterators_;
  NodePtr result_;
  Slot partial_;
  bool uses_partial_;
};

class Quantified final : public Node {
 public:
  /// `strict`: a condition that is neither a boolean nor null makes all of it null, even if a later case would decide.
  Quantified(std::uint32_t at, bool every, std::vector<Iterator> iterators, NodePtr condition, bool strict = false);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] bool answers_test() const override { return true; }

 private:
  struct Verdict {
    bool decided = false;  ///< a case that settles the question was found
    bool unknown = false;  ///< a case was neither true nor false
    bool bad_domain = false;
    bool bad_condition = false;
  };
  bool iterate(Evaluation& run, std::size_t level, Verdict& verdict) const;

  std::vector<Iterator> iterators_;
  NodePtr condition_;
  bool every_;
  bool strict_;
};

class Filter final : public Node {
 public:
  Filter(std::uint32_t at, NodePtr list, NodePtr condition, Slot item)
      : Node(at), list_(std::move(list)), condition_(std::move(condition)), item_(item) {
    adopt(*list_);
    adopt(*condition_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  NodePtr list_;
  NodePtr condition_;
  Slot item_;
};

// ---- nodes_call.cpp: functions

class BuiltinCall final : public Node {
 public:
  BuiltinCall(std::uint32_t at, const Builtin& builtin, const Form& form, std::vector<NodePtr> arguments);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] bool answers_test() const override { return true; }

 private:
  const Builtin& builtin_;
  const Form& form_;
  std::vector<NodePtr> arguments_;
};

/// A call of whatever a value turns out to be.
class DynamicCall final : public Node {
 public:
  DynamicCall(std::uint32_t at, NodePtr function, std::vector<std::string> names, std::vector<NodePtr> arguments);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] bool answers_test() const override { return true; }

 private:
  NodePtr function_;
  std::vector<std::string> names_;  ///< empty for positional arguments
  std::vector<NodePtr> arguments_;
};

/// A call that can only be null: evaluated so that the analyst reads why.
class RefusedCall final : public Node {
 public:
  RefusedCall(std::uint32_t at, std::string why) : Node(at), why_(std::move(why)) {}
  [[nodiscard]] Value evaluate(Evaluation& run) const override {
    return run.null_because(offset, [this] { return why_; });
  }

 private:
  std::string why_;
};

struct FunctionBody {
  struct Parameter {
    std::string name;
    Type type;
  };
  std::vector<Parameter> parameters;
  std::vector<std::string> globals;  ///< outside variables the code reads: kept as they were when the function was made
  NodePtr code;
  Slot captured = 0;   ///< slots of the frame around it that it keeps a copy of
  SourcePtr source;    ///< the text it is written in, if it is one of several
  int self_slot = -1;  ///< where the function finds itself, when it is an entry of a context
  std::size_t frame = 0;
};

class FunctionLiteral final : public Node {
 public:
  FunctionLiteral(std::uint32_t at, std::shared_ptr<const FunctionBody> body) : Node(at), body_(std::move(body)) {
    adopt(*body_->code);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  std::shared_ptr<const FunctionBody> body_;
};

}  // namespace fermata::feel
