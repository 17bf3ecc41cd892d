#include "cli/commands/feel.h"

#include <chrono>
#include <ostream>

#include "engine/base/json.h"
#include "http/v2/json_writer.h"
#include "processes/feel/feel.h"
#include "processes/feel/feelin_cases.h"
#include "processes/feel/values.h"

namespace fermata::cli {
namespace {

// The variables of --context, and "?".
class GivenScope final : public VariableScope {
 public:
  GivenScope(const Value& context, const Value* input) : context_(context), input_(input) {}
  [[nodiscard]] const Value* find(std::string_view name) const override {
    return input_ != nullptr && name == "?" ? input_ : context_.find(name);
  }

 private:
  const Value& context_;
  const Value* input_;
};

Timestamp now() {
  using namespace std::chrono;
  return Timestamp{duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

Result<Value> read_context(const std::string& given) {
  if (given.empty()) return Value::context({});
  return read_json_argument(given[0] == '{' || given[0] == '@' ? given : "@" + given);
}

// Names of members, so that one with spaces is found after a dot. JSON bounds the nesting.
void collect_members(const Value& value, std::vector<std::string>& names) {
  if (value.is_list()) {
    for (const Value& item : value.as_list()) collect_members(item, names);
  } else if (value.is_context()) {
    for (const Value::Entry& entry : value.as_context()) {
      names.push_back(entry.key);
      collect_members(entry.value, names);
    }
  }
}

std::string shown(const Value& value) {
  std::string text;
  feel::append_feel_text(text, value, true);
  return text;
}

void write_json(const feel::Evaluated& made, std::ostream& out) {
  http::JsonWriter json;
  json.begin_object().raw("value", to_json(made.value)).begin_array("warnings");
  for (const feel::Warning& warning : made.warnings) {
    json.begin_object()
        .number("line", warning.line)
        .number("column", warning.column)
        .text("message", warning.message)
        .end_object();
  }
  json.end_array().end_object();
  out << json.take() << '\n';
}

Exit complain_to(std::ostream& err, const std::string& text, Exit exit) {
  err << "fermata: " << text << '\n';
  return exit;
}

}  // namespace

Exit feel(const FeelOptions& options, std::ostream& out, std::ostream& err) {
  const Result<Value> context = read_context(options.context);
  if (!context) return complain_to(err, "--context: " + context.error().message, Exit::usage);
  if (options.unary == options.input.empty())
    return complain_to(err, "--unary and --input are given together or not at all", Exit::usage);
  feel::CompileOptions compile_options;
  for (const Value::Entry& entry : context->as_context()) compile_options.known_names.push_back(entry.key);
  collect_members(*context, compile_options.known_members);

  const Timestamp time = now();
  Value input;
  if (options.unary) {
    const Result<feel::CompiledPtr> compiled = feel::compile(options.input, compile_options);
    if (!compiled) return complain_to(err, "--input: " + compiled.error().message, Exit::usage);
    const GivenScope scope(*context, nullptr);
    Result<Value> made = (*compiled)->evaluate({scope, time});
    if (!made) return complain_to(err, "--input: " + made.error().message, Exit::usage);
    input = *std::move(made);
  }

  const Result<feel::CompiledPtr> compiled = options.unary
                                                 ? feel::compile_unary_tests(options.expression, compile_options)
                                                 : feel::compile(options.expression, compile_options);
  if (!compiled) return complain_to(err, compiled.error().message, Exit::refused);
  const GivenScope scope(*context, options.unary ? &input : nullptr);
  const Result<feel::Evaluated> made = (*compiled)->evaluate_with_warnings({scope, time});
  if (!made) return complain_to(err, made.error().message, Exit::refused);
  if (options.json) {
    write_json(*made, out);
    return Exit::done;
  }
  out << shown(made->value) << '\n' << std::flush;  // before what is said about it
  for (const feel::Warning& warning : made->warnings)
    err << "line " << warning.line << ", column " << warning.column << ": " << warning.message << '\n';
  return Exit::done;
}

Exit feelin_conformance(const std::string& path, std::ostream& out, std::ostream& err) {
  const Result<std::string> content = read_file(path);
  if (!content) return complain_to(err, content.error().message, Exit::usage);
  const Result<Value> file = parse_json(*content);
  if (!file) return complain_to(err, path + ": " + file.error().message, Exit::usage);
  const Result<std::vector<feel::CaseOutcome>> outcomes = feel::run_feelin_cases(*file);
  if (!outcomes) return complain_to(err, path + ": " + outcomes.error().message, Exit::usage);
  std::size_t passed = 0;
  for (const feel::CaseOutcome& outcome : *outcomes) {
    passed += outcome.passed ? 1 : 0;
    out << (outcome.passed ? "ok   " : "FAIL ") << shown(Value::string(outcome.expression));
    if (!outcome.passed) out << ": expected " << outcome.expected << ", got " << outcome.got;
    out << '\n';
  }
  out << passed << " passed, " << outcomes->size() - passed << " failed, 0 skipped\n";
  return passed == outcomes->size() ? Exit::done : Exit::refused;
}

}  // namespace fermata::cli
