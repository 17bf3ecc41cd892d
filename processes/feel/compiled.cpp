#include "processes/feel/compiled.h"

#include "processes/feel/scanner.h"

namespace fermata::feel {
namespace {

class Compiled final : public CompiledExpression {
 public:
  Compiled(std::string text, NodePtr root, std::size_t frame, std::vector<std::string> variables, const Limits& limits)
      : text_(std::move(text)),
        root_(std::move(root)),
        frame_(frame),
        variables_(std::move(variables)),
        limits_(limits) {}

  [[nodiscard]] Result<Value> evaluate(const EvaluationInput& input) const override { return run(input, nullptr); }

  [[nodiscard]] Result<Evaluated> evaluate_with_warnings(const EvaluationInput& input) const override {
    std::vector<RawWarning> raw;
    Result<Value> value = run(input, &raw);
    if (!value) return fail(std::move(value.error()));
    Evaluated made{*std::move(value), {}};
    made.warnings.reserve(raw.size());
    for (RawWarning& warning : raw) {
      const LineColumn position = line_column(text_, warning.offset);
      made.warnings.push_back({position.line, position.column, std::move(warning.message)});
    }
    return made;
  }

  [[nodiscard]] std::string_view text() const override { return text_; }

  [[nodiscard]] std::string explain(const EvaluationInput& input) const override {
    std::vector<RawWarning> raw;
    const Result<Value> value = run(input, &raw);
    if (!value) return value.error().message;
    return raw.empty() ? "" : at_position(text_, raw[0].offset, raw[0].message);
  }

  [[nodiscard]] const Value* constant() const override { return root_->constant(); }
  [[nodiscard]] bool chooses() const override { return root_->chooses(); }
  [[nodiscard]] std::string_view head_variable() const override { return root_->head_variable(); }
  [[nodiscard]] const std::vector<std::string>& variables() const override { return variables_; }

 private:
  Result<Value> run(const EvaluationInput& input, std::vector<RawWarning>* warnings) const {
    Evaluation evaluation(input, limits_, warnings);
    try {
      if (frame_ > 0) evaluation.locals.resize(frame_);
      Value value = root_->evaluate(evaluation);
      if (value.is_list() || value.is_context()) check_extent(value);
      return value;
    } catch (const EvaluationFailure& hit) {
      return fail(hit.code, at_position(text_, hit.offset, hit.what));
    }
  }

  // Whoever keeps the value writes it out as a tree, so as a tree it must be within bounds.
  void check_extent(const Value& value) const {
    Extent extent;
    measure(value, extent, limits_.steps_max);
    if (extent.parts > limits_.steps_max || extent.bytes > limits_.memory_bytes_max) {
      throw EvaluationFailure{root_->offset, "the result is too large"};
    }
  }

  std::string text_;
  NodePtr root_;
  std::size_t frame_;
  std::vector<std::string> variables_;
  Limits limits_;
};

}  // namespace

CompiledPtr make_compiled(std::string text, NodePtr root, std::size_t frame, std::vector<std::string> variables,
                          const Limits& limits) {
  return std::make_shared<Compiled>(std::move(text), std::move(root), frame, std::move(variables), limits);
}

}  // namespace fermata::feel
