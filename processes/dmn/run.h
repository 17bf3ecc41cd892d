// Run: one evaluation: FEEL's state with its budget, and what is recorded for the history.
//
// Lives on the stack of Model::evaluate_decision; one thread.
#pragma once

#include "processes/dmn/dmn.h"
#include "processes/feel/evaluation.h"

namespace fermata::dmn {

class Run {
 public:
  Run(const EvaluationInput& input, const Limits& limits, const EvaluateOptions& given)
      : options(given), feel_limits(limits.feel), traces_max(limits.traces_max), feel(input, feel_limits, &warnings_) {
    feel_limits.warnings_max = limits.warnings_max;
    feel.host = this;
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// The run that an expression is evaluated in; nullptr when it is evaluated by itself.
  [[nodiscard]] static Run* of(feel::Evaluation& evaluation) { return static_cast<Run*>(evaluation.host); }

  [[nodiscard]] bool records_tables() const { return traces_ < traces_max; }
  void record(TableEvaluation table) {
    ++traces_;
    tables_.push_back(std::move(table));
  }
  /// Closes the record of a decision; tables that were recorded since the last one are its own.
  void record(DecisionEvaluation decision);
  [[nodiscard]] bool records_decisions() const { return calls == 0 && decisions_.size() < traces_max; }

  /// After the evaluation: the warnings with their places.
  [[nodiscard]] Evaluation finish(Value value);
  /// "line 12, column 7: ..." of what hit a bound.
  [[nodiscard]] static std::string describe(const feel::EvaluationFailure& failure);

  const EvaluateOptions& options;
  feel::Limits feel_limits;
  const std::size_t traces_max;
  std::vector<feel::RawWarning> warnings_;
  feel::Evaluation feel;
  bool has_result = true;  ///< of the decision table that was evaluated last; at the end, of what was asked for
  std::size_t calls = 0;  ///< of decision services by expressions, under way: their decisions are not recorded

 private:
  std::size_t traces_ = 0;
  std::vector<TableEvaluation> tables_;
  std::vector<DecisionEvaluation> decisions_;
};

}  // namespace fermata::dmn
