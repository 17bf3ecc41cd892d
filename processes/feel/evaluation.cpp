#include "processes/feel/evaluation.h"

#include "processes/feel/values.h"

namespace fermata::feel {

void Evaluation::step_through_parts(std::uint32_t offset, const Value& value) {
  Extent extent;
  measure(value, extent, limits.steps_max);
  step(offset, extent.parts + extent.bytes / compared_bytes_per_step);
}

void Evaluation::out_of_steps(std::uint32_t offset) const {
  throw EvaluationFailure{offset, "the expression needs more than " + std::to_string(limits.steps_max) + " steps",
                          ErrorCode::resource_exhausted, source};
}
void Evaluation::out_of_memory(std::uint32_t offset) const {
  throw EvaluationFailure{
      offset, "the expression needs more than " + std::to_string(limits.memory_bytes_max >> 20) + " MB of memory",
      ErrorCode::resource_exhausted, source};
}
void Evaluation::out_of_depth(std::uint32_t offset, std::size_t levels) {
  depth_ -= levels;
  throw EvaluationFailure{
      offset,
      "functions call each other too deeply (" + std::to_string(limits.call_depth_max) + " levels of the expression)",
      ErrorCode::resource_exhausted, source};
}
void Evaluation::too_deep(std::uint32_t offset) const {
  throw EvaluationFailure{
      offset, "the value is nested deeper than " + std::to_string(fermata::limits::value_depth_max) + " levels",
      ErrorCode::resource_exhausted, source};
}

}  // namespace fermata::feel
