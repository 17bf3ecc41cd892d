// Evaluation: the state of one run of an expression: its budget, its local variables, its warnings.
//
// Lives on the stack of CompiledExpression::evaluate; one thread. A budget that runs out throws EvaluationFailure,
// which is caught there: the one exception of this library, and it never leaves it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/model/expression.h"
#include "processes/feel/feel.h"
#include "processes/feel/source.h"

namespace fermata::feel {

struct EvaluationFailure {
  std::uint32_t offset;  ///< of the node, in bytes
  std::string what;
  ErrorCode code = ErrorCode::resource_exhausted;
  const Source* source = nullptr;  ///< what the offset counts in, if a host evaluates several texts
};

struct RawWarning {
  std::uint32_t offset;
  std::string message;
  const Source* source = nullptr;
};

// A step is to stand for no more than some 50 ns, so that steps_max ends within 100 ms (200 on a slow machine): comparing goes through this
// many bytes in that time.
inline constexpr std::size_t compared_bytes_per_step = 1'024;
// Memory that is made is memory that is touched for the first time, which is what costs: so much of it counts as a step as well.
inline constexpr std::size_t made_bytes_per_step = 16;

struct PatternCache;  // builtins_regex.cpp

class Evaluation {
 public:
  Evaluation(const EvaluationInput& given, const Limits& given_limits, std::vector<RawWarning>* sink)
      : input(given), limits(given_limits), variables(&given.variables), warnings_(sink) {}

  /// One node, or one item of a list that a built-in walks over.
  void step(std::uint32_t offset, std::uint64_t count = 1) {
    steps_ += count;
    if (steps_ > limits.steps_max) [[unlikely]]
      out_of_steps(offset);
  }
  /// Before a value is walked through to its leaves (compared, printed): steps for its parts and for long texts.
  void step_through(std::uint32_t offset, const Value& value) {
    if (value.is_string()) {
      step(offset, value.as_string().size() / compared_bytes_per_step);
    } else if (value.is_list() || value.is_context() || value.is_boxed()) {
      step_through_parts(offset, value);
    }
  }
  /// Before anything is made whose size the expression decides.
  void charge(std::uint32_t offset, std::uint64_t bytes) {
    bytes_ += bytes;
    if (bytes_ > limits.memory_bytes_max) [[unlikely]]
      out_of_memory(offset);
    if (steps_ + bytes_ / made_bytes_per_step > limits.steps_max) [[unlikely]]
      out_of_steps(offset);
  }
  /// A finished list or context: charges it and bounds its nesting.
  Value checked(std::uint32_t offset, Value made) const {
    if (made.depth() > fermata::limits::value_depth_max) too_deep(offset);
    return made;
  }
  void enter(std::uint32_t offset, std::size_t levels) {
    depth_ += levels;
    if (depth_ > limits.call_depth_max) [[unlikely]]
      out_of_depth(offset, levels);
  }
  void leave(std::size_t levels) { depth_ -= levels; }

  [[nodiscard]] bool collects_warnings() const { return warnings_ != nullptr; }
  /// Null, with a reason that is only built if somebody wants to read it.
  template <class MakeText>
  Value null_because(std::uint32_t offset, MakeText&& make_text) {
    if (warnings_ != nullptr && warnings_->size() < limits.warnings_max) [[unlikely]]
      warnings_->push_back({offset, make_text(), source});
    return Value::null();
  }

  const EvaluationInput& input;
  const Limits& limits;
  const VariableScope* variables;          ///< what names outside of the expression mean here
  std::vector<Value> locals;               ///< slots of all frames
  std::size_t base = 0;                    ///< where the current frame begins
  std::shared_ptr<PatternCache> patterns;  ///< compiled in this run
  const Source* source = nullptr;  ///< of the text that is being evaluated, if a host evaluates several
  void* host = nullptr;            ///< that host; nullptr when an expression is evaluated by itself

  [[nodiscard]] Value& local(std::size_t slot) { return locals[base + slot]; }

 private:
  void step_through_parts(std::uint32_t offset, const Value& value);
  [[noreturn]] void out_of_steps(std::uint32_t offset) const;
  [[noreturn]] void out_of_memory(std::uint32_t offset) const;
  [[noreturn]] void out_of_depth(std::uint32_t offset, std::size_t levels);
  [[noreturn]] void too_deep(std::uint32_t offset) const;

  std::vector<RawWarning>* warnings_;
  std::uint64_t steps_ = 0;
  std::uint64_t bytes_ = 0;
  std::size_t depth_ = 0;
};

/// A local variable that shows one item of a list after another: the list outlives it, so nothing is copied.
class LentLocal {
 public:
  LentLocal(Evaluation& run, std::size_t slot) : run_(run), slot_(slot) { run_.local(slot_) = Value(); }
  ~LentLocal() { run_.local(slot_).forget(); }
  LentLocal(const LentLocal&) = delete;
  LentLocal& operator=(const LentLocal&) = delete;

  void show(const Value& item) {
    run_.local(slot_).forget();
    run_.local(slot_).borrow(item);
  }

 private:
  Evaluation& run_;
  std::size_t slot_;
};

}  // namespace fermata::feel
