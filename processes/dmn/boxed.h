// The kinds of nodes that boxed expressions add to those of FEEL (10.2.1): contexts, relations, types, places.
//
// A boxed expression is a tree of FEEL nodes: conditionals, loops, filters and calls are FEEL's own, texts are embedded
// (feel/embedded.h), and these here are the rest.
#pragma once

#include "processes/dmn/item_type.h"
#include "processes/feel/nodes.h"
#include "processes/feel/source.h"

namespace fermata::dmn {

/// Warnings of the node below speak of this element.
class PlacedNode final : public feel::Node {
 public:
  PlacedNode(feel::SourcePtr place, feel::NodePtr node) : Node(0), place_(std::move(place)), node_(std::move(node)) {
    adopt(*node_);
  }
  [[nodiscard]] Value evaluate(feel::Evaluation& run) const override;
  [[nodiscard]] const Value* constant() const override { return node_->constant(); }

 private:
  feel::SourcePtr place_;
  feel::NodePtr node_;
};

/// The typeRef of an expression: what does not fit is null.
class TypedNode final : public feel::Node {
 public:
  TypedNode(feel::SourcePtr place, feel::NodePtr node, ItemTypePtr type)
      : Node(0), place_(std::move(place)), node_(std::move(node)), type_(std::move(type)) {
    adopt(*node_);
  }
  [[nodiscard]] Value evaluate(feel::Evaluation& run) const override;

 private:
  feel::SourcePtr place_;
  feel::NodePtr node_;
  ItemTypePtr type_;
};

/// Entries see those before them; one without a name, the last, is the value of the whole.
class BoxedContextNode final : public feel::Node {
 public:
  struct Entry {
    std::string name;
    feel::NodePtr value;
  };
  explicit BoxedContextNode(std::vector<Entry> entries, bool entries_see_each_other);
  [[nodiscard]] Value evaluate(feel::Evaluation& run) const override;

 private:
  std::vector<Entry> entries_;
  bool entries_see_each_other_;  ///< not the cells of a relation
};

/// As if in FEEL, but a condition that is neither a boolean nor null gives null.
class BoxedConditionalNode final : public feel::Node {
 public:
  BoxedConditionalNode(feel::NodePtr condition, feel::NodePtr then, feel::NodePtr otherwise)
      : Node(0), condition_(std::move(condition)), then_(std::move(then)), otherwise_(std::move(otherwise)) {
    adopt(*condition_);
    adopt(*then_);
    adopt(*otherwise_);
  }
  [[nodiscard]] Value evaluate(feel::Evaluation& run) const override;

 private:
  feel::NodePtr condition_;
  feel::NodePtr then_;
  feel::NodePtr otherwise_;
};

/// Gives the variable of a loop its name for the texts below.
class LoopVariableNode final : public feel::Node {
 public:
  LoopVariableNode(feel::Slot slot, std::string name, std::optional<feel::Slot> partial, feel::NodePtr node)
      : Node(0), slot_(slot), name_(std::move(name)), partial_(partial), node_(std::move(node)) {
    adopt(*node_);
  }
  [[nodiscard]] Value evaluate(feel::Evaluation& run) const override;

 private:
  feel::Slot slot_;
  std::string name_;
  std::optional<feel::Slot> partial_;
  feel::NodePtr node_;
};

/// Gives the item of a filter, and its members, their names for the text below.
class FilterItemNode final : public feel::Node {
 public:
  FilterItemNode(feel::Slot slot, feel::NodePtr node) : Node(0), slot_(slot), node_(std::move(node)) { adopt(*node_); }
  [[nodiscard]] Value evaluate(feel::Evaluation& run) const override;
  [[nodiscard]] const Value* constant() const override { return node_->constant(); }

 private:
  feel::Slot slot_;
  feel::NodePtr node_;
};

}  // namespace fermata::dmn
