// A scope of given variables, and one-line helpers that compile and evaluate: for tests.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/json.h"
#include "processes/feel/feel.h"
#include "processes/feel/juel/juel.h"

namespace fermata::feel::testing {

class Scope final : public VariableScope {
 public:
  explicit Scope(Value context = Value::context({})) : context_(std::move(context)) {}
  [[nodiscard]] const Value* find(std::string_view name) const override { return context_.find(name); }

 private:
  Value context_;
};

inline Value from_json(std::string_view json) {
  Result<Value> value = parse_json(json);
  return value ? *std::move(value) : Value::string("bad JSON in a test: " + value.error().message);
}

// 2026-11-21T10:00:30Z.
inline constexpr Timestamp test_now{1'795'255'230'000};

inline std::string shown(const Result<CompiledPtr>& compiled, std::string_view variables) {
  if (!compiled) return "refused: " + compiled.error().message;
  const Scope scope(from_json(variables));
  const Result<Value> value = (*compiled)->evaluate({scope, test_now});
  return value ? to_feel_text(*value) : "failed: " + value.error().message;
}

/// The result in FEEL's notation, or "refused: why" or "failed: why".
inline std::string feel(std::string_view text, std::string_view variables = "{}", const CompileOptions& options = {}) {
  return shown(compile(text, options), variables);
}
inline std::string unary(std::string_view text, std::string_view variables) {
  return shown(compile_unary_tests(text), variables);
}
inline std::string juel(std::string_view text, std::string_view variables = "{}") {
  return shown(juel::compile(text), variables);
}

/// The first warning as "line:column message", or "".
inline std::string warning(std::string_view text, std::string_view variables = "{}") {
  const Result<CompiledPtr> compiled = compile(text);
  if (!compiled) return "refused: " + compiled.error().message;
  const Scope scope(from_json(variables));
  const Result<Evaluated> made = (*compiled)->evaluate_with_warnings({scope, test_now});
  if (!made) return "failed: " + made.error().message;
  if (made->warnings.empty()) return "";
  const Warning& first = made->warnings[0];
  return std::to_string(first.line) + ":" + std::to_string(first.column) + " " + first.message;
}

}  // namespace fermata::feel::testing
