// Hints about decision tables: what they say, where they keep silent, what they cost.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <iostream>

#include "tests/sanitized.h"
#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

struct Table {
  std::string policy = "UNIQUE";
  std::vector<std::pair<std::string, std::string>> inputs{{"Age", "number"}};  ///< name and type, which may be empty
  std::vector<std::vector<std::string>> rules = {};                            ///< the cells, then the output
  std::string input_values = {};                                               ///< of the last input
  std::string output_default = {};
};

std::string escaped(const std::string& text) {
  std::string made;
  for (const char c : text) {
    if (c == '<') {
      made += "&lt;";
    } else {
      made += c;
    }
  }
  return made;
}

std::string xml_of(const Table& table) {
  std::string content;
  std::string needs;
  std::string columns;
  for (const auto& [name, type] : table.inputs) {
    content += input(name, type);
    needs += needs_input(name);
    columns += "<input><inputExpression><text>" + name + "</text></inputExpression>";
    if (!table.input_values.empty() && name == table.inputs.back().first)
      columns += "<inputValues><text>" + escaped(table.input_values) + "</text></inputValues>";
    columns += "</input>";
  }
  columns += "<output name='o'>";
  if (!table.output_default.empty())
    columns += "<defaultOutputEntry><text>" + table.output_default + "</text></defaultOutputEntry>";
  columns += "</output>\n";
  int number = 0;
  for (const std::vector<std::string>& rule : table.rules) {
    columns += "<rule id='r" + std::to_string(++number) + "'>";
    for (std::size_t i = 0; i + 1 < rule.size(); ++i)
      columns += "<inputEntry><text>" + escaped(rule[i]) + "</text></inputEntry>";
    columns += "<outputEntry><text>" + escaped(rule.back()) + "</text></outputEntry></rule>\n";
  }
  return content + "<decision id='d' name='d'>" + needs + "\n<decisionTable id='t' hitPolicy='" + table.policy + "'>" +
         columns + "</decisionTable></decision>";
}

// "rule id (element): message", without the advice.
std::vector<std::string> hints(const std::string& content) {
  const ReadResult made = read("m.dmn", model_xml(content));
  EXPECT_FALSE(made.refused()) << text_of(made.problems);
  std::vector<std::string> all;
  for (const Problem& problem : made.problems) {
    EXPECT_EQ(problem.severity, Severity::hint) << problem.message;
    EXPECT_GT(problem.line, 0);
    all.push_back(problem.rule + " (" + problem.element_id +
                  "): " + problem.message.substr(0, problem.message.find(". ")));
  }
  return all;
}
std::vector<std::string> hints(const Table& table) {
  return hints(xml_of(table));
}
using Hints = std::vector<std::string>;

TEST(TableLint, FindsTheGapBetweenTwoRanges) {
  EXPECT_EQ(hints({.rules = {{"< 18", "1"}, {"> 18", "2"}}}),
            Hints{"DMN-0409 (t): no rule matches, for example with Age = 18"});
  EXPECT_EQ(hints({.rules = {{"< 18", "1"}, {">= 18", "2"}}}), Hints{});
  EXPECT_EQ(hints({.rules = {{"[0..17]", "1"}, {">= 18", "2"}}}),
            Hints{"DMN-0409 (t): no rule matches, for example with Age = -1; or with Age = 17.5"});
}

TEST(TableLint, LeavesTextsThatHaveNoTokensToWhoeverCompilesThem) {
  for (const std::string text : {"Age /*", "Age \"", "\"", "/*", "\x01"}) {
    const std::string xml = "<decision id='d' name='d'><decisionTable id='t'><input><inputExpression><text>" + text +
                            "</text></inputExpression></input><output name='o'/><rule><inputEntry><text>1</text></inputEntry>"
                            "<outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>";
    EXPECT_TRUE(read("m.dmn", model_xml(xml)).refused()) << text;
    ReadOptions tolerant;
    tolerant.tolerate_expression_errors = true;
    (void)read("m.dmn", model_xml(xml), tolerant);
  }
}

TEST(TableLint, NamesThreeGapsAtMost) {
  EXPECT_EQ(hints({.rules = {{"1, 3, 5, 7", "1"}}}),
            Hints{"DMN-0409 (t): no rule matches, for example with Age = 0; or with Age = 2; or with Age = 4"});
  EXPECT_EQ(hints({.inputs = {{"Age", "number"}, {"Member", "boolean"}},
                   .rules = {{"< 18", "true", "1"}, {"[18..60]", "false", "2"}, {"[30..50]", "true", "3"}}}),
            Hints{"DMN-0409 (t): no rule matches, for example with Age = 18, Member = true; or with Age = 51, Member = "
                  "true; or with Age = 17, Member = false"});
}

TEST(TableLint, GivesAnExampleOfEveryInput) {
  EXPECT_EQ(hints({.inputs = {{"Age", "number"}, {"Segment", "string"}},
                   .rules = {{"< 18", "-", "1"}, {">= 18", "not(\"gold\")", "2"}}}),
            Hints{"DMN-0409 (t): no rule matches, for example with Age = 18, Segment = \"gold\""});
}

TEST(TableLint, KnowsAllowedValues) {
  const Table closed{.inputs = {{"Segment", "string"}},
                     .rules = {{"\"gold\"", "1"}, {"\"new\"", "2"}},
                     .input_values = "\"gold\", \"new\""};
  EXPECT_EQ(hints(closed), Hints{});
  Table open = closed;
  open.input_values = "\"gold\", \"new\", \"old\"";
  EXPECT_EQ(hints(open), Hints{"DMN-0409 (t): no rule matches, for example with Segment = \"old\""});
  const std::string ages =
      "<itemDefinition name='tAge'><typeRef>number</typeRef><allowedValues><text>[0..120]</text></allowedValues>"
      "</itemDefinition>";
  EXPECT_EQ(hints(ages + xml_of({.inputs = {{"Age", "tAge"}}, .rules = {{"[0..18)", "1"}, {"[18..120]", "2"}}})),
            Hints{});
  EXPECT_EQ(hints(ages + xml_of({.inputs = {{"Age", "tAge"}}, .rules = {{"< 18", "1"}, {"> 18", "2"}, {"121", "3"}}})),
            (Hints{"DMN-0409 (t): no rule matches, for example with Age = 18",
                   "DMN-0408 (r3): rule 3 never matches: no value of Age can be 121"}));
}

TEST(TableLint, KnowsDatesTimesAndDurations) {
  EXPECT_EQ(
      hints({.inputs = {{"Day", "date"}}, .rules = {{"< date(\"2026-01-01\")", "1"}, {"> @\"2026-01-01\"", "2"}}}),
      Hints{"DMN-0409 (t): no rule matches, for example with Day = 2026-01-01"});
  EXPECT_EQ(hints({.inputs = {{"Day", "date"}}, .rules = {{"<= @\"2026-01-01\"", "1"}, {">= @\"2026-01-02\"", "2"}}}),
            Hints{})
      << "there is no day between the two";
  EXPECT_EQ(hints({.inputs = {{"At", "time"}}, .rules = {{"< @\"08:00:00\"", "1"}, {"> @\"17:00:00\"", "2"}}}),
            Hints{"DMN-0409 (t): no rule matches, for example with At = 08:00:00"});
  EXPECT_EQ(hints({.inputs = {{"Since", "days and time duration"}},
                   .rules = {{"< duration(\"P1D\")", "1"}, {">= @\"P2D\"", "2"}}}),
            Hints{"DMN-0409 (t): no rule matches, for example with Since = P1D"});
  EXPECT_EQ(hints({.inputs = {{"Since", "years and months duration"}}, .rules = {{"<= @\"P1Y\"", "1"}}}),
            Hints{"DMN-0409 (t): no rule matches, for example with Since = P1Y1M"});
  EXPECT_EQ(hints({.inputs = {{"At", "date and time"}},
                   .rules = {{"< @\"2026-01-01T10:00:00\"", "1"}, {">= @\"2026-01-01T12:00:00\"", "2"}}}),
            Hints{"DMN-0409 (t): no rule matches, for example with At = 2026-01-01T10:00:00"});
}

TEST(TableLint, FindsOverlaps) {
  EXPECT_EQ(
      hints({.rules = {{"<= 18", "1"}, {">= 18", "2"}}}),
      Hints{"DMN-0407 (r2): the rules 1 and 2 both match, for example with Age = 18, but the hit policy is UNIQUE"});
  EXPECT_EQ(hints({.policy = "ANY", .rules = {{"<= 18", "1"}, {">= 18", "1.0"}}}), Hints{}) << "the same output";
  EXPECT_EQ(
      hints({.policy = "ANY", .rules = {{"<= 18", "1"}, {">= 18", "2"}}}),
      Hints{"DMN-0407 (r2): the rules 1 and 2 both match, for example with Age = 18, but the hit policy is ANY and "
            "their outputs differ"});
  EXPECT_EQ(
      hints({.rules = {{"-", "1"}, {"-", "2"}}}),
      Hints{"DMN-0407 (r2): the rules 1 and 2 both match, whatever the inputs are, but the hit policy is UNIQUE"});
  for (const char* policy : {"FIRST", "COLLECT", "RULE ORDER"})
    EXPECT_EQ(hints({.policy = policy, .rules = {{"<= 18", "1"}, {">= 18", "2"}}}), Hints{}) << policy;
}

TEST(TableLint, FindsRulesThatAreNeverReached) {
  EXPECT_EQ(hints({.policy = "FIRST", .rules = {{"< 18", "1"}, {"[5..10]", "2"}, {"-", "3"}}}),
            Hints{"DMN-0408 (r2): rule 2 is never reached: rule 1 matches whatever it matches, and comes first"});
  EXPECT_EQ(hints({.policy = "FIRST", .rules = {{"< 10", "1"}, {">= 10", "2"}, {"[5..15]", "3"}, {"-", "4"}}}),
            Hints{"DMN-0408 (r3): rule 3 is never reached: those before it match whatever it matches, and come first"})
      << "the last one still matches null";
  EXPECT_EQ(hints({.policy = "FIRST", .inputs = {{"x", ""}}, .rules = {{"-", "1"}, {"> 5", "2"}}}),
            Hints{"DMN-0408 (r2): rule 2 is never reached: rule 1 matches whatever it matches, and comes first"});
  EXPECT_EQ(hints({.policy = "FIRST", .inputs = {{"x", ""}}, .rules = {{"<= 5", "1"}, {"5", "2"}, {"-", "3"}}}),
            Hints{})
      << "a list of 5 equals 5 and is not less";
}

TEST(TableLint, FindsRulesThatMatchNothing) {
  EXPECT_EQ(hints({.policy = "COLLECT", .rules = {{"[9..1]", "1"}, {"-", "2"}}}),
            Hints{"DMN-0408 (r1): rule 1 never matches: no value of Age can be [9..1]"});
  EXPECT_EQ(hints({.policy = "COLLECT",
                   .inputs = {{"Segment", "string"}},
                   .rules = {{"\"glod\"", "1"}},
                   .input_values = "\"gold\""}),
            Hints{"DMN-0408 (r1): rule 1 never matches: no value of Segment can be \"glod\""});
}

TEST(TableLint, FindsComparisonsWithAnotherKind) {
  EXPECT_EQ(hints({.policy = "COLLECT", .rules = {{"\"abc\"", "1"}, {"> 5", "2"}}}),
            Hints{"DMN-0309 (r1): the input Age is a number, and rule 1 compares it with a string"});
  EXPECT_EQ(hints({.policy = "COLLECT", .inputs = {{"x", ""}}, .rules = {{"\"abc\"", "1"}, {"> 5", "2"}}}), Hints{});
}

TEST(TableLint, KeepsSilentWhereItCannotKnow) {
  EXPECT_EQ(hints({.policy = "COLLECT", .rules = {{"< 18", "1"}}}), Hints{}) << "no rule: an empty list";
  EXPECT_EQ(hints({.rules = {{"< 18", "1"}}, .output_default = "0"}), Hints{});
  EXPECT_EQ(hints({.rules = {{"< 18", "1"}, {"? * 2 > 100", "2"}}}), Hints{}) << "a cell that computes";
  EXPECT_EQ(hints({.inputs = {{"A", "number"}, {"B", "number"}}, .rules = {{"< B", "> 5", "1"}}}), Hints{});
  EXPECT_EQ(hints({.inputs = {{"s", "string"}}, .rules = {{"< \"m\"", "1"}}}), Hints{}) << "texts that are ordered";
  const std::string computed =
      "<decision id='d' name='d'>\n<decisionTable "
      "id='t'><input><inputExpression><text>count(x)</text></inputExpression>"
      "</input><output name='o'/><rule id='r'><inputEntry><text>>= 0</text></inputEntry><outputEntry><text>1</text>"
      "</outputEntry></rule></decisionTable></decision>";
  EXPECT_EQ(hints(computed), Hints{}) << "nothing is counted to less than none";
}

TEST(TableLint, KeepsSilentOfInputsThatDependOnEachOther) {
  const auto twice = [](const std::string& first, const std::string& second) {
    return input("A", "number") + "<decision id='d' name='d'>" + needs_input("A") +
           "\n<decisionTable id='t'><input><inputExpression><text>" + first +
           "</text></inputExpression></input><input><inputExpression><text>" + second +
           "</text></inputExpression></input><output name='o'/><rule id='r'><inputEntry><text>-</text></inputEntry>"
           "<inputEntry><text>>= 0</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>"
           "<rule id='q'><inputEntry><text>&lt; 0</text></inputEntry><inputEntry><text>-</text></inputEntry>"
           "<outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>";
  };
  EXPECT_EQ(hints(twice("A", "A")), Hints{});
  EXPECT_EQ(hints(twice("A", "A + 1")), Hints{});
}

TEST(TableLint, CanBeSwitchedOff) {
  ReadOptions options;
  options.lint = false;
  EXPECT_TRUE(read("m.dmn", model_xml(xml_of({.rules = {{"< 18", "1"}, {"\"a\"", "1"}}})), options).problems.empty());
}

TEST(TableLint, NeverCrowdsOutWarnings) {
  std::string content;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "d" + std::to_string(i);
    content +=
        "<decision id='" + name + "' name='" + name +
        "'><decisionTable><input><inputExpression><text>x</text></inputExpression></input><output name='o'/><rule>"
        "<inputEntry><text>1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable>"
        "</decision>\n";
  }
  content += "<decision id='last' name='last'><literalExpression id='l'/></decision>";
  const ReadResult made = read("m.dmn", model_xml(content));
  ASSERT_FALSE(made.refused());
  const auto count = [&](std::string_view rule) { return std::ranges::count(made.problems, rule, &Problem::rule); };
  EXPECT_EQ(count("DMN-0409"), 50);
  EXPECT_EQ(count("DMN-0302"), 1) << "an expression without text";
  ASSERT_EQ(made.problems.size(), 52U);
  EXPECT_EQ(made.problems.back().rule, "DMN-0010");
  EXPECT_EQ(made.problems.back().severity, Severity::hint) << "hints are missing, and nothing worse";
}

TEST(TableLint, StopsWhenAFileHasUsedUpItsSteps) {
  ReadOptions options;
  options.limits.lint_steps_max = 0;
  EXPECT_TRUE(read("m.dmn", model_xml(xml_of({.rules = {{"< 18", "1"}, {"< 5", "1"}}})), options).problems.empty());
}

TEST(TableLint, HoldsWithManyInputs) {
  Table wide{.inputs = {}};
  for (int i = 0; i < 90; ++i) wide.inputs.emplace_back("c" + std::to_string(i), "number");
  for (int rule = 0; rule < 30; ++rule) {
    std::vector<std::string>& cells = wide.rules.emplace_back();
    for (int i = 0; i < 90; ++i) cells.push_back((rule + i) % 3 == 0 ? "-" : "> " + std::to_string(rule * i % 17));
    cells.emplace_back("1");
  }
  const Hints found = hints(wide);
  EXPECT_EQ(found.size(), 11U) << "ten overlaps, a gap";
}

// 1,000 rules with 10 columns: of equal keys, of ranges, and of cells that overlap everywhere.
TEST(TableLint, IsBounded) {
  const auto took_ms = [](const Table& table, bool lint) {
    const std::string xml = model_xml(xml_of(table));
    ReadOptions options;
    options.lint = lint;
    double best = 1e9;
    for (int i = 0; i < (tests::sanitizer_factor > 1 ? 1 : 3); ++i) {
      const std::clock_t start = std::clock();  // of the processor: others use the machine as well
      EXPECT_FALSE(read("m.dmn", xml, options).refused());
      best = std::min(best, 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
    return best;
  };
  const auto large = [](const std::string& policy, auto cell) {
    Table table{.policy = policy, .inputs = {}};
    for (int column = 0; column < 10; ++column) table.inputs.emplace_back("c" + std::to_string(column), "number");
    for (int rule = 0; rule < 1'000; ++rule) {
      std::vector<std::string>& cells = table.rules.emplace_back();
      for (int column = 0; column < 10; ++column) cells.push_back(cell(rule, column));
      cells.push_back(std::to_string(rule));
    }
    return table;
  };
  const auto key = [](int rule, int column) { return std::to_string(rule * 7 + column); };
  const auto range = [](int rule, int column) {
    return "[" + std::to_string(rule * (column + 1)) + ".." + std::to_string((rule + 2) * (column + 2)) + ")";
  };
  const auto half = [](int rule, int column) {
    return ((rule >> column) % 2 == 0 ? "< " : ">= ") + std::to_string(rule % (column + 3));
  };
  const auto bounds = [](int rule, int) { return "< " + std::to_string(rule); };
  for (const char* policy : {"UNIQUE", "FIRST"}) {
    for (const Table& table : {large(policy, key), large(policy, range), large(policy, half), large(policy, bounds)}) {
      const double with = took_ms(table, true);
      const double without = took_ms(table, false);
      std::cout << policy << " " << table.rules[1][0] << " ...: read in " << without << " ms, hints " << with - without
                << " ms\n";
      // Beside reading it, whatever else the machine does: a lint without a bound would take far longer.
      EXPECT_LT(with, 6 * without) << table.rules[1][0];
    }
  }
}

}  // namespace
}  // namespace fermata::dmn
