// Node: one part of a compiled expression. Immutable; evaluated with an Evaluation that holds everything that changes.
#pragma once

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "processes/feel/evaluation.h"
#include "processes/feel/values.h"

namespace fermata::feel {

enum class Truth : std::uint8_t { no, yes, other };

class Node {
 public:
  explicit Node(std::uint32_t at) : offset(at) {}
  virtual ~Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] virtual Value evaluate(Evaluation& run) const = 0;

  /// The same without a copy where the value exists already (a constant, a variable). Otherwise it is put into
  /// `storage`. What is returned is good until the variables change or `storage` does.
  [[nodiscard]] virtual const Value& peek(Evaluation& run, Value& storage) const {
    storage = evaluate(run);
    return storage;
  }

  /// The same where a condition is expected, without making a value of true and false. Anything else is put into
  /// `other`.
  [[nodiscard]] virtual Truth judge(Evaluation& run, Value& other) const {
    const Value& value = peek(run, other);
    if (value.is_boolean()) return value.as_boolean() ? Truth::yes : Truth::no;
    if (&value != &other) other = value;
    return Truth::other;
  }

  /// Whether what peek() answers may lie in a slot of the frame, which moves when functions are called: then nothing
  /// else may be evaluated while it is looked at.
  [[nodiscard]] virtual bool peeks_into_frame() const { return false; }

  /// The value, if it is the same in every evaluation.
  [[nodiscard]] virtual const Value* constant() const { return nullptr; }
  /// See Expression::chooses().
  [[nodiscard]] virtual bool chooses() const { return true; }
  /// See Expression::head_variable().
  [[nodiscard]] virtual std::string_view head_variable() const { return {}; }
  /// In a unary test: whether a boolean result answers the test by itself, instead of being compared with the input.
  [[nodiscard]] virtual bool answers_test() const { return false; }

  const std::uint32_t offset;  ///< of its first byte in the text
  std::uint16_t depth = 1;     ///< levels of the tree below and including this node

 protected:
  void adopt(const Node& child) { depth = std::max<std::uint16_t>(depth, static_cast<std::uint16_t>(child.depth + 1)); }
};

using NodePtr = std::unique_ptr<const Node>;

}  // namespace fermata::feel
