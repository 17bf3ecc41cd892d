// What JUEL does differently from FEEL: null and texts are converted, indices begin at 0, unknown variables fail.
#pragma once

#include <string>
#include <vector>

#include "processes/feel/node.h"
#include "processes/feel/operators.h"

namespace fermata::feel::juel {

/// A variable that must exist.
class Name final : public Node {
 public:
  Name(std::uint32_t at, std::string name) : Node(at), name_(std::move(name)) {}
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] const Value& peek(Evaluation& run, Value& storage) const override;
  [[nodiscard]] bool chooses() const override { return false; }
  [[nodiscard]] std::string_view head_variable() const override { return name_; }

 private:
  std::string name_;
};

/// execution.getVariable(name) and execution.hasVariable(name).
class VariableAccess final : public Node {
 public:
  VariableAccess(std::uint32_t at, NodePtr name, bool only_whether)
      : Node(at), name_(std::move(name)), only_whether_(only_whether) {
    adopt(*name_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  NodePtr name_;
  bool only_whether_;
};

/// a.b, a['b'] and a[0]. Of null, and of what is not there: null.
class Member final : public Node {
 public:
  Member(std::uint32_t at, NodePtr object, NodePtr key) : Node(at), object_(std::move(object)), key_(std::move(key)) {
    adopt(*object_);
    adopt(*key_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
  [[nodiscard]] std::string_view head_variable() const override { return object_->head_variable(); }

 private:
  NodePtr object_;
  NodePtr key_;
};

enum class Operator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or
};

class Binary final : public Node {
 public:
  Binary(std::uint32_t at, Operator op, NodePtr left, NodePtr right)
      : Node(at), left_(std::move(left)), right_(std::move(right)), op_(op) {
    adopt(*left_);
    adopt(*right_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  NodePtr left_;
  NodePtr right_;
  Operator op_;
};

enum class UnaryOperator : std::uint8_t { negate, logical_not, empty };

class Unary final : public Node {
 public:
  Unary(std::uint32_t at, UnaryOperator op, NodePtr operand) : Node(at), operand_(std::move(operand)), op_(op) {
    adopt(*operand_);
  }
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  NodePtr operand_;
  UnaryOperator op_;
};

class Choice final : public Node {
 public:
  Choice(std::uint32_t at, NodePtr condition, NodePtr then, NodePtr otherwise)
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

/// now() and dateTime(): the time of the evaluation.
class Now final : public Node {
 public:
  using Node::Node;
  [[nodiscard]] Value evaluate(Evaluation& run) const override;
};

/// Texts and expressions in turn.
class Text final : public Node {
 public:
  Text(std::uint32_t at, std::vector<NodePtr> parts);
  [[nodiscard]] Value evaluate(Evaluation& run) const override;

 private:
  std::vector<NodePtr> parts_;
};

}  // namespace fermata::feel::juel
