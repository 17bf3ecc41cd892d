#include "processes/dmn/boxed.h"

#include "processes/dmn/scope.h"

namespace fermata::dmn {
namespace {

class PlaceGuard {
 public:
  PlaceGuard(feel::Evaluation& run, const feel::Source* place) : run_(run), before_(run.source) { run.source = place; }
  ~PlaceGuard() { run_.source = before_; }
  PlaceGuard(const PlaceGuard&) = delete;
  PlaceGuard& operator=(const PlaceGuard&) = delete;

 private:
  feel::Evaluation& run_;
  const feel::Source* before_;
};

class ItemScope final : public VariableScope {
 public:
  ItemScope(feel::Evaluation& run, Value item) : run_(run), outer_(run.variables), item_(std::move(item)) {
    run.variables = this;
  }
  ~ItemScope() override { run_.variables = outer_; }
  ItemScope(const ItemScope&) = delete;
  ItemScope& operator=(const ItemScope&) = delete;

  [[nodiscard]] const Value* find(std::string_view name) const override {
    if (const Value* member = item_.find(name)) return member;
    if (name == "item") return &item_;
    return outer_ == nullptr ? nullptr : outer_->find(name);
  }

 private:
  feel::Evaluation& run_;
  const VariableScope* outer_;
  Value item_;
};

}  // namespace

Value PlacedNode::evaluate(feel::Evaluation& run) const {
  const PlaceGuard guard(run, place_.get());
  return node_->evaluate(run);
}

Value TypedNode::evaluate(feel::Evaluation& run) const {
  const PlaceGuard guard(run, place_.get());
  return fit(run, node_->evaluate(run), *type_, "the value");
}

BoxedContextNode::BoxedContextNode(std::vector<Entry> entries, bool entries_see_each_other)
    : Node(0), entries_(std::move(entries)), entries_see_each_other_(entries_see_each_other) {
  for (const Entry& entry : entries_) adopt(*entry.value);
}

Value BoxedContextNode::evaluate(feel::Evaluation& run) const {
  run.step(0, 1 + entries_.size());
  Scope scope(run);
  Value::Entries made;
  made.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    Value value = entry.value->evaluate(run);
    if (entry.name.empty()) return value;
    run.charge(0, sizeof(Value::Entry) + entry.name.size());
    if (entries_see_each_other_) scope.set(entry.name, value);
    made.push_back({entry.name, std::move(value)});
  }
  return run.checked(0, Value::context(std::move(made)));
}

Value BoxedConditionalNode::evaluate(feel::Evaluation& run) const {
  run.step(0);
  const Value condition = condition_->evaluate(run);
  if (condition.is_boolean()) return (condition.as_boolean() ? then_ : otherwise_)->evaluate(run);
  Value nothing = run.null_because(0, [&] {
    return "the condition is a " + std::string(feel::type_name(condition)) + " instead of a boolean" +
           (condition.is_null() ? ", which counts as false" : "");
  });
  return condition.is_null() ? otherwise_->evaluate(run) : nothing;
}

Value LoopVariableNode::evaluate(feel::Evaluation& run) const {
  Scope scope(run);
  scope.set(name_, run.local(slot_));
  if (partial_) scope.set("partial", run.local(*partial_));
  return node_->evaluate(run);
}

Value FilterItemNode::evaluate(feel::Evaluation& run) const {
  const ItemScope scope(run, run.local(slot_));
  return node_->evaluate(run);
}

}  // namespace fermata::dmn
