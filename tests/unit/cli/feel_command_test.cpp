// fermata feel and fermata conformance feelin: what they print where, and how they exit.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/commands/feel.h"

namespace fermata::cli {
namespace {

struct Ran {
  Exit exit = Exit::failed;
  std::string out;
  std::string err;
};

Ran run(const FeelOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const Exit exit = feel(options, out, err);
  return {exit, out.str(), err.str()};
}

Ran run(const std::string& expression, const std::string& context = {}, bool json = false) {
  FeelOptions options;
  options.expression = expression;
  options.context = context;
  options.json = json;
  return run(options);
}

Ran run_unary(const std::string& tests, const std::string& input, const std::string& context = {}) {
  FeelOptions options;
  options.expression = tests;
  options.context = context;
  options.unary = true;
  options.input = input;
  return run(options);
}

// A file that is gone with the test.
struct File {
  explicit File(std::string_view content)
      : path(std::filesystem::temp_directory_path() / ("fermata-feel-" + std::to_string(::getpid()) + ".json")) {
    std::ofstream(path) << content;
  }
  ~File() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

TEST(FeelCommand, PrintsTheValue) {
  EXPECT_EQ(run("1 + 2").out, "3\n");
  EXPECT_EQ(run("\"a\" + \"b\"").out, "\"ab\"\n");  // quoted: null and "null" are not the same
  EXPECT_EQ(run("amount > 100", R"({"amount": 150})").out, "true\n");
  EXPECT_EQ(run("first name + the order.due date", R"({"first name": "Ada ", "the order": {"due date": "today"}})").out,
            "\"Ada today\"\n");
  const File file(R"({"amount": 7})");
  EXPECT_EQ(run("amount", file.path.string()).out, "7\n");
  EXPECT_EQ(run("amount", "@" + file.path.string()).out, "7\n");
}

TEST(FeelCommand, WarningsGoToStandardErrorWithTheirPlaces) {
  const Ran ran = run("1 +\n amount");
  EXPECT_EQ(ran.exit, Exit::done);
  EXPECT_EQ(ran.out, "null\n");
  EXPECT_EQ(ran.err, "line 2, column 2: there is no variable amount\nline 1, column 3: number + null is not defined\n");
}

TEST(FeelCommand, Json) {
  EXPECT_EQ(run("{a: [1, \"x\"], d: @\"2026-11-21\"}", "", true).out,
            "{\"value\":{\"a\":[1,\"x\"],\"d\":\"2026-11-21\"},\"warnings\":[]}\n");
  EXPECT_EQ(run("1 < \"a\"", "", true).out,
            "{\"value\":null,\"warnings\":[{\"line\":1,\"column\":3,"
            "\"message\":\"a number cannot be compared with a string by <\"}]}\n");
}

TEST(FeelCommand, UnaryTests) {
  EXPECT_EQ(run_unary("> 5, [1..2]", "7").out, "true\n");
  EXPECT_EQ(run_unary("> 5, [1..2]", "3").out, "false\n");
  EXPECT_EQ(run_unary("< limit", "@\"2026-01-01\"", R"({"limit": 5})").out, "false\n");
  EXPECT_EQ(run_unary("starts with(?, prefix)", "\"order 1\"", R"({"prefix": "order"})").out, "true\n");
  EXPECT_EQ(run_unary("-", "null").out, "true\n");
}

TEST(FeelCommand, SaysWhatIsWrong) {
  const Ran wrong = run("1 +");
  EXPECT_EQ(wrong.exit, Exit::refused);
  EXPECT_EQ(wrong.out, "");
  EXPECT_EQ(wrong.err, "fermata: line 1, column 4: expected a value, found the end of the text\n");
  const Ran endless = run("for i in 1..1000000000 return i");
  EXPECT_EQ(endless.exit, Exit::refused);
  EXPECT_NE(endless.err.find("line 1, column 1: the expression needs more than"), std::string::npos);
  EXPECT_EQ(run("1", "{").exit, Exit::usage);
  EXPECT_EQ(run("1", "/no/such/file.json").exit, Exit::usage);
  EXPECT_EQ(run_unary("> 5", "").exit, Exit::usage);
  EXPECT_EQ(run_unary("> 5", "1 +").exit, Exit::usage);
  EXPECT_EQ(run_unary(">", "1").exit, Exit::refused);
}

TEST(FeelCommand, ConformanceHasALineForEachCaseAndATotal) {
  const File file(R"({"tests": [
    {"kind": "expression", "expression": "a + 1", "context": {"a": 1}, "expected": 2},
    {"kind": "unaryTests", "expression": "> 5", "input": 7, "expected": true},
    {"kind": "expression", "expression": "@\"2026-01-01\" + @\"P1D\"", "expected": {"$feelin": "date", "value": "2026-01-02"}},
    {"kind": "expression", "expression": "1 + \"a\"", "expected": 1}]})");
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(feelin_conformance(file.path.string(), out, err), Exit::refused);
  EXPECT_EQ(out.str(),
            "ok   \"a + 1\"\nok   \"> 5\"\nok   \"@\\\"2026-01-01\\\" + @\\\"P1D\\\"\"\n"
            "FAIL \"1 + \\\"a\\\"\": expected 1, got null   (number + string is not defined)\n"
            "3 passed, 1 failed, 0 skipped\n");
  EXPECT_EQ(feelin_conformance("/no/such/file.json", out, err), Exit::usage);
  const File other(R"({"tests": [{"expression": 1}]})");
  EXPECT_EQ(feelin_conformance(other.path.string(), out, err), Exit::usage);
}

}  // namespace
}  // namespace fermata::cli
