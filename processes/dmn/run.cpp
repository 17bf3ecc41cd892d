#include "processes/dmn/run.h"

#include "processes/dmn/read_context.h"

namespace fermata::dmn {

void Run::record(DecisionEvaluation decision) {
  decision.tables = std::move(tables_);
  tables_.clear();
  decisions_.push_back(std::move(decision));
}

Evaluation Run::finish(Value value) {
  Evaluation made{std::move(value), has_result, std::move(decisions_), {}};
  made.warnings.reserve(warnings_.size());
  for (feel::RawWarning& raw : warnings_) {
    Warning warning;
    warning.message = std::move(raw.message);
    if (raw.source != nullptr) {
      const xml::Position at = position_in_file(*raw.source, raw.offset);
      warning.element_id = raw.source->element_id;
      warning.resource = raw.source->resource;
      warning.line = at.line;
      warning.column = at.column;
    }
    made.warnings.push_back(std::move(warning));
  }
  return made;
}

std::string Run::describe(const feel::EvaluationFailure& failure) {
  if (failure.source == nullptr) return failure.what;
  const feel::Source& source = *failure.source;
  const xml::Position at = position_in_file(source, failure.offset);
  return source.resource + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
         (source.element_id.empty() ? "" : " (" + source.element_id + ")") + ": " + failure.what;
}

}  // namespace fermata::dmn
