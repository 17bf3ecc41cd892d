// Node: one part of a compiled expression. Immutable; evaluated with an Evaluation that holds everything that changes.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "processes/feel/evaluation.h"
#include "processes/feel/values.h"

namespace fermata::feel {

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

  /// The value, if it is the same in every evaluation.
  [[nodiscard]] virtual const Value* constant() const { return nullptr; }
  /// In a unary test: whether a boolean result answers the test by itself, instead of being compared with the input.
  [[nodiscard]] virtual bool answers_test() const { return false; }

  const std::uint32_t offset;  ///< of its first byte in the text
  std::uint16_t depth = 1;     ///< levels of the tree below and including this node

 protected:
  void adopt(const Node& child) { depth = std::max<std::uint16_t>(depth, static_cast<std::uint16_t>(child.depth + 1)); }
};

using NodePtr = std::unique_ptr<const Node>;

}  // namespace fermata::feel
