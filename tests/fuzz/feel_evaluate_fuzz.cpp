// Whatever compiles is evaluated, within small bounds: it ends, twice with the same value, and a value can be written
// down.
#include <cstdint>
#include <string_view>

#include "engine/base/check.h"
#include "engine/base/json.h"
#include "processes/feel/feel.h"

using namespace fermata;

namespace {

class Scope final : public VariableScope {
 public:
  Scope() {
    Result<Value> parsed = parse_json(
        R"({"a": [1, [2], {"b": 3, "c": "x"}, "aab", null, true], "b": {"a": {"b": [1, 2.5]}, "date": "2024-02-29"},
            "?": 5, "s": "aaaaaaaaaaaaaaaa äö€😀", "n": 7.25})");
    FERMATA_CHECK(parsed.has_value(), "the variables are JSON");
    values_ = *std::move(parsed);
  }
  [[nodiscard]] const Value* find(std::string_view name) const override { return values_.find(name); }

 private:
  Value values_;
};

void run(const Result<feel::CompiledPtr>& compiled, const Scope& scope) {
  if (!compiled) return;
  const EvaluationInput input{scope, Timestamp{1'795'255'230'000}};
  const Result<feel::Evaluated> made = (*compiled)->evaluate_with_warnings(input);
  const Result<Value> again = (*compiled)->evaluate(input);
  FERMATA_CHECK(made.has_value() == again.has_value(), "warnings change no result");
  if (!made) {
    FERMATA_CHECK(made.error().message == again.error().message, "warnings change no result");
    return;
  }
  const std::string text = feel::to_feel_text(made->value);
  FERMATA_CHECK(text == feel::to_feel_text(*again), "the same input has the same value");
  (void)to_json(made->value);
  for (const feel::Warning& warning : made->warnings)
    FERMATA_CHECK(warning.line > 0 && warning.column > 0, "a warning has a place");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scope scope;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  feel::CompileOptions options;
  options.limits.steps_max = 20'000;
  options.limits.memory_bytes_max = 4u << 20;
  run(feel::compile(text, options), scope);
  run(feel::compile_unary_tests(text, options), scope);
  return 0;
}
