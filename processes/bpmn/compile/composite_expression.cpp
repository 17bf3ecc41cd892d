#include "processes/bpmn/compile/composite_expression.h"

#include <algorithm>

#include "engine/base/json.h"
#include "engine/base/limits.h"

namespace fermata::bpmn {
namespace {

class ConstantExpression final : public Expression {
 public:
  explicit ConstantExpression(Value value)
      : value_(std::move(value)), text_(value_.is_string() ? std::string(value_.as_string()) : to_json(value_)) {}

  [[nodiscard]] Result<Value> evaluate(const EvaluationInput&) const override { return value_; }
  [[nodiscard]] std::string_view text() const override { return text_; }
  [[nodiscard]] std::string explain(const EvaluationInput&) const override { return {}; }
  [[nodiscard]] const Value* constant() const override { return &value_; }
  [[nodiscard]] bool chooses() const override { return false; }

 private:
  Value value_;
  std::string text_;
};

class VariableExpression final : public Expression {
 public:
  explicit VariableExpression(std::string name) : name_(std::move(name)) {}

  [[nodiscard]] Result<Value> evaluate(const EvaluationInput& input) const override {
    const Value* found = input.variables.find(name_);
    return found == nullptr ? Value::null() : *found;
  }
  [[nodiscard]] std::string_view text() const override { return name_; }
  [[nodiscard]] std::string explain(const EvaluationInput& input) const override {
    return input.variables.find(name_) == nullptr ? "no variable '" + name_ + "' found" : std::string{};
  }
  [[nodiscard]] bool chooses() const override { return false; }
  [[nodiscard]] std::string_view head_variable() const override { return name_; }

 private:
  std::string name_;
};

std::string first_explanation(const std::vector<ExpressionPtr>& parts, const EvaluationInput& input) {
  for (const ExpressionPtr& part : parts) {
    std::string why = part->explain(input);
    if (!why.empty()) return why;
  }
  return {};
}

bool any_chooses(const std::vector<ExpressionPtr>& parts) {
  return std::any_of(parts.begin(), parts.end(), [](const ExpressionPtr& part) { return part->chooses(); });
}

Result<Value> bounded(Value value) {
  if (value.depth() <= limits::value_depth_max) return value;
  return fail(ErrorCode::resource_exhausted,
              "the value is nested deeper than " + std::to_string(limits::value_depth_max));
}

class ListExpression final : public Expression {
 public:
  explicit ListExpression(std::vector<ExpressionPtr> items) : items_(std::move(items)) {
    for (const ExpressionPtr& item : items_) text_ += (text_.empty() ? "[" : ", ") + std::string(item->text());
    text_ += items_.empty() ? "[]" : "]";
  }

  [[nodiscard]] Result<Value> evaluate(const EvaluationInput& input) const override {
    Value::List values;
    for (const ExpressionPtr& item : items_) {
      Result<Value> value = item->evaluate(input);
      if (!value) return value;
      values.push_back(std::move(*value));
    }
    return bounded(Value::list(std::move(values)));
  }
  [[nodiscard]] std::string_view text() const override { return text_; }
  [[nodiscard]] std::string explain(const EvaluationInput& input) const override {
    return first_explanation(items_, input);
  }
  [[nodiscard]] bool chooses() const override { return any_chooses(items_); }

 private:
  std::vector<ExpressionPtr> items_;
  std::string text_;
};

class ContextExpression final : public Expression {
 public:
  explicit ContextExpression(std::vector<std::pair<std::string, ExpressionPtr>> entries) {
    for (auto& [key, value] : entries) {
      text_ += (text_.empty() ? "{" : ", ") + key + ": " + std::string(value->text());
      keys_.push_back(std::move(key));
      values_.push_back(std::move(value));
    }
    text_ += keys_.empty() ? "{}" : "}";
  }

  [[nodiscard]] Result<Value> evaluate(const EvaluationInput& input) const override {
    Value::Entries entries;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      Result<Value> value = values_[i]->evaluate(input);
      if (!value) return value;
      entries.push_back({keys_[i], std::move(*value)});
    }
    return bounded(Value::context(std::move(entries)));
  }
  [[nodiscard]] std::string_view text() const override { return text_; }
  [[nodiscard]] std::string explain(const EvaluationInput& input) const override {
    return first_explanation(values_, input);
  }
  [[nodiscard]] bool chooses() const override { return any_chooses(values_); }

 private:
  std::vector<std::string> keys_;
  std::vector<ExpressionPtr> values_;
  std::string text_;
};

}  // namespace

ExpressionPtr make_constant(Value value) {
  return std::make_shared<ConstantExpression>(std::move(value));
}
ExpressionPtr make_variable(std::string name) {
  return std::make_shared<VariableExpression>(std::move(name));
}
ExpressionPtr make_list(std::vector<ExpressionPtr> items) {
  return std::make_shared<ListExpression>(std::move(items));
}
ExpressionPtr make_context(std::vector<std::pair<std::string, ExpressionPtr>> entries) {
  return std::make_shared<ContextExpression>(std::move(entries));
}

}  // namespace fermata::bpmn
