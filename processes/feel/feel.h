// FEEL (DMN 1.5, chapter 10): text to a compiled expression, and its evaluation.
//
// Floor 5, a library of its own: knows values, numbers and times, and nothing of BPMN. Read in this order: feel.h (this
// face), parser.h (text to tree), node.h (what a tree node does), values.h (what expressions compute with), builtins.h.
//
//   auto rule = feel::compile("amount > 100 and status = \"open\"");
//   if (!rule) return fail(rule.error());                  // "line 1, column 10: expected a value after '>'"
//   Result<Value> hit = (*rule)->evaluate({scope, now});
//
// A compiled expression is immutable: evaluate it from as many threads as you like.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/value.h"
#include "engine/model/expression.h"

namespace fermata::feel {

/// Bounds of one expression. What is hit ends in ErrorCode::resource_exhausted with the position.
struct Limits {
  std::size_t text_bytes_max = 256u << 10;
  std::size_t nesting_max = 100;               ///< brackets, ifs, fors within each other, while reading
  std::size_t tree_depth_max = 400;            ///< of the compiled tree (a chain of 400 additions)
  std::size_t call_depth_max = 1'500;          ///< tree levels of all functions under way at once
  std::uint64_t steps_max = 2'000'000;         ///< nodes evaluated, list items touched
  std::uint64_t memory_bytes_max = 24u << 20;  ///< made during one evaluation, whether kept or not
  std::size_t warnings_max = 50;
};

/// A type of its own name: {"tAges", "list<number>"}, {"tPerson", "context<name: string, ages: tAges>"}.
struct TypeDefinition {
  std::string name;
  std::string definition;
};

struct CompileOptions {
  /// Variables that are known to exist. Needed only for names with spaces or operators in them ("Mike's age"); other
  /// names are found when they are evaluated. A known variable hides a built-in function of the same name.
  std::vector<std::string> known_names;
  /// The same for names after a dot ("loan.credit score").
  std::vector<std::string> known_members;
  /// What a name after "instance of" or in a parameter may mean beyond FEEL's own types (DMN's item definitions).
  std::vector<TypeDefinition> types;
  Limits limits;
};

/// Why a result is null where the reader may have expected a value.
struct Warning {
  std::uint32_t line = 1;    ///< from 1
  std::uint32_t column = 1;  ///< from 1, in code points
  std::string message;
};

struct Evaluated {
  Value value;
  std::vector<Warning> warnings;
};

class CompiledExpression : public Expression {
 public:
  /// As evaluate(), and says why what became null became null. Errors: only bounds (resource_exhausted).
  [[nodiscard]] virtual Result<Evaluated> evaluate_with_warnings(const EvaluationInput& input) const = 0;
  /// The variables that the text reads, each once, in order of first use.
  [[nodiscard]] virtual const std::vector<std::string>& variables() const = 0;
};

using CompiledPtr = std::shared_ptr<const CompiledExpression>;

/// Compiles one expression (grammar rule 1). Errors: invalid_argument or resource_exhausted; the message begins with
/// "line L, column C: " and says what was expected.
[[nodiscard]] Result<CompiledPtr> compile(std::string_view text, const CompileOptions& options = {});

/// Compiles unary tests (grammar rule 15): the cells of a decision table, as "< 5", "[1..3], 7", "not(\"a\")", "-". The
/// value that is tested is the variable "?" of the scope; the result is a boolean.
[[nodiscard]] Result<CompiledPtr> compile_unary_tests(std::string_view text, const CompileOptions& options = {});

/// FEEL's own notation of a value, as string() gives it: [1, 2, "a"], {a: 1}, 2026-11-21. Strings at the top stand
/// without quotes.
[[nodiscard]] std::string to_feel_text(const Value& value);

/// A value of the named FEEL type from its text ("2026-11-21" as "date"); types: number, string, boolean, date, time,
/// "date and time", "days and time duration", "years and months duration". Errors: invalid_argument.
[[nodiscard]] Result<Value> value_from_text(std::string_view type, std::string_view text);

}  // namespace fermata::feel
