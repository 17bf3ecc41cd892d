// DMN (1.1 to 1.5): a model file in, decisions that can be evaluated out, or every reason why not.
//
// Floor 5, a neighbour of processes/bpmn on top of processes/feel: knows values, numbers and times, and nothing of
// BPMN, of files or of clocks.
//
//   dmn::ReadResult read = dmn::read("dunning.dmn", bytes);
//   if (read.refused()) return problems_as_json(read.problems);      // "dunning.dmn:12:7: error DMN-0301 level: ..."
//   Result<dmn::Evaluation> made = read.model->evaluate_decision("level", inputs, {.now = now});
//   made->value                                                      // what the decision says
//   made->decisions.back().tables[0].matched[0].rule_id              // why
//
// A model is read and compiled once and is immutable: evaluate it from as many threads as you like. Reading and
// evaluating are pure and bounded; nothing throws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/base/value.h"
#include "processes/feel/feel.h"
#include "processes/xml/problem.h"

namespace fermata::dmn {

using xml::Problem;
using xml::Severity;

class Model;
using ModelPtr = std::shared_ptr<const Model>;

/// What FEEL's bounds do not say. The step and memory budget of `feel` is that of a whole evaluation: of all decisions,
/// tables and functions that it needs together.
struct Limits {
  feel::Limits feel;
  std::size_t elements_max = 20'000;        ///< decisions, knowledge models, services, inputs and items of one model
  std::size_t requirement_depth_max = 200;  ///< decisions that require each other in a row
  std::size_t import_depth_max = 20;        ///< models that import each other in a row
  std::size_t cells_max = 400'000;          ///< of all decision tables of one model
  std::size_t traces_max = 1'000;           ///< decision tables recorded in one evaluation; the rest is counted only
  std::size_t warnings_max = 100;           ///< of one evaluation
  std::size_t history_bytes_max = 1u << 20; ///< of the values of one evaluation that the engine keeps in its history
  /// Work of the linter on one file, a nanosecond or two each; beyond it no more hints are given.
  std::uint64_t lint_steps_max = 30'000'000;
};

struct ReadOptions {
  /// Models that this one may import, found by their namespace (6.3.3). Kept alive by the model that imports them.
  std::vector<ModelPtr> imports;
  /// An expression that is no valid FEEL does not refuse the file: it is null with a reason, as the TCK wants it. Its
  /// problem is then a warning.
  bool tolerate_expression_errors = false;
  /// Look for unknown names, comparisons of what cannot be compared, and gaps and overlaps in decision tables. They
  /// refuse nothing.
  bool lint = true;
  Limits limits;
};

struct ReadResult {
  ModelPtr model;                 ///< null when a problem is an error
  std::vector<Problem> problems;  ///< by line; hints, warnings and errors, each with rule, element id, line and column

  [[nodiscard]] bool refused() const { return model == nullptr; }
};

struct Resource {
  std::string_view name;
  std::string_view bytes;
};

/// Reads and compiles one file. Whatever is wrong with the bytes is a problem; bounds are those of the XML reader
/// (limits::xml_*, resource_bytes_max) and of `options`.
[[nodiscard]] ReadResult read(std::string_view resource_name, std::string_view bytes, const ReadOptions& options = {});

/// The same for files that may import each other, in any order; one result for each, in the order given. Models that
/// import each other in a circle are refused.
[[nodiscard]] std::vector<ReadResult> read_together(std::span<const Resource> resources,
                                                    const ReadOptions& options = {});

/// The namespaces of the models that a file imports, so that they can be fetched before it is read; empty when the file
/// cannot be read at all (read() says why).
[[nodiscard]] std::vector<std::string> imported_namespaces(std::string_view bytes);

/// "dunning.dmn:12:7: error DMN-0301 (level): ..."
[[nodiscard]] std::string format_problem(std::string_view resource_name, const Problem& problem);

/// The form of a decision's logic (10.2.1); `none` when it has none: its value is null.
enum class Logic : std::uint8_t {
  none,
  literal,
  decision_table,
  context,
  list,
  relation,
  function,
  invocation,
  conditional,
  filter,
  iterator
};
[[nodiscard]] std::string_view logic_name(Logic logic);  ///< "decisionTable", "literalExpression", ...

struct InputInfo {
  std::string id;
  std::string name;      ///< what expressions, and the context of inputs, call it
  std::string type_ref;  ///< as written; may be empty
};

struct DecisionInfo {
  std::string id;
  std::string name;
  std::string variable;  ///< what expressions call its result; the name, unless its variable says otherwise
  std::string type_ref;
  std::string version_tag;  ///< camunda:versionTag, or <zeebe:versionTag value="">; may be empty
  Logic logic = Logic::none;
  /// What its result consists of: the names of the outputs of a decision table, otherwise its variable.
  std::vector<std::string> outputs;
  bool gives_list = false;  ///< a decision table whose hit policy gives one result for each rule that matches
  std::vector<std::string> required_inputs;     ///< names, direct requirements only
  std::vector<std::string> required_decisions;  ///< ids; "prefix.id" for those of imported models
  int line = 0;
};

struct ServiceInfo {
  std::string id;
  std::string name;
  std::vector<std::string> output_decisions;  ///< ids
  std::vector<InputInfo> parameters;          ///< input data first, then input decisions (10.4)
  int line = 0;
};

/// Why something is null where the reader may have expected a value, or what did not fit its type.
struct Warning {
  std::string element_id;  ///< of the nearest element with an id: the literal expression, the rule, the decision
  std::string resource;    ///< the file it stands in
  int line = 0;            ///< in that file, from 1
  int column = 0;          ///< in that file, from 1, in code points
  std::string message;
};

struct NamedValue {
  std::string id;    ///< of the input clause, output clause, input data or decision; may be empty
  std::string name;  ///< label, name or text of it
  Value value;
};

struct MatchedRule {
  std::size_t index = 0;  ///< from 1, as modelers number them
  std::string rule_id;    ///< empty when the file gives it none
  std::vector<NamedValue> outputs;
};

/// One evaluation of a decision table. A table within a knowledge model occurs as often as it was asked.
struct TableEvaluation {
  std::string table_id;    ///< of <decisionTable>; may be empty
  std::string owner_id;    ///< the decision or knowledge model whose logic it is part of
  std::string hit_policy;  ///< "UNIQUE", "COLLECT SUM", ...
  std::vector<NamedValue> inputs;
  std::vector<MatchedRule> matched;  ///< every rule that matched, in the order of the table
  Value value;
};

struct DecisionEvaluation {
  std::string id;
  std::string name;
  std::string model_namespace;
  Logic logic = Logic::none;
  std::vector<NamedValue> inputs;  ///< required input data and results of required decisions
  std::vector<TableEvaluation> tables;
  Value value;
};

struct Evaluation {
  Value value;
  /// Of a decision: whether its logic came to a result, which may be null. False when no rule of its table matched (and it has
  /// no default output, and does not list or count those that do), when the rules that matched break the hit policy, and when there is no
  /// logic. Of a decision service: true.
  bool has_result = true;
  /// Every decision that was evaluated, each once, in the order of evaluation: what was asked for is last.
  std::vector<DecisionEvaluation> decisions;
  std::vector<Warning> warnings;
};

struct EvaluateOptions {
  Timestamp now{};  ///< what now() and today() answer
  /// Inputs come from JSON: a string is read as the date, time or duration that the type of the input asks for.
  bool temporal_from_text = false;
  /// Inputs come as texts throughout: numbers and booleans are read from them as well, where the type asks for one.
  bool all_from_text = false;
};

class Model {
 public:
  virtual ~Model() = default;

  [[nodiscard]] virtual const std::string& resource() const = 0;
  [[nodiscard]] virtual const std::string& id() const = 0;  ///< of <definitions>: the decision requirements graph
  [[nodiscard]] virtual const std::string& name() const = 0;
  [[nodiscard]] virtual const std::string& name_space() const = 0;
  [[nodiscard]] virtual const std::vector<InputInfo>& inputs() const = 0;
  [[nodiscard]] virtual const std::vector<DecisionInfo>& decisions() const = 0;
  [[nodiscard]] virtual const std::vector<ServiceInfo>& services() const = 0;

  /// Evaluates the decision with this id, or else with this name, and all decisions it requires (10.4, 10.5).
  /// `inputs` is a context of input data by name; those of an imported model stand in a context under the import's
  /// name. What is missing is null; what does not fit its type is null with a warning. An entry named like a required
  /// decision does not replace it. Errors: not_found; resource_exhausted with the position of what went on for too
  /// long.
  [[nodiscard]] virtual Result<Evaluation> evaluate_decision(std::string_view id_or_name, const Value& inputs,
                                                             const EvaluateOptions& options = {}) const = 0;

  /// Evaluates a decision service (10.4): `inputs` gives its input decisions and input data by name. The value is that
  /// of its one output decision, or a context of all of them. Errors: as above.
  [[nodiscard]] virtual Result<Evaluation> evaluate_decision_service(std::string_view id_or_name, const Value& inputs,
                                                                     const EvaluateOptions& options = {}) const = 0;
};

}  // namespace fermata::dmn
