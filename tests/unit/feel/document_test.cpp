// docs/FEEL.md says what is so: every row of its tables is evaluated, and every built-in has one.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "processes/feel/builtins.h"
#include "processes/feel/values.h"
#include "tests/unit/feel/scope.h"

namespace fermata::feel {
namespace {

struct Row {
  int line = 0;
  std::string header;  ///< of the table: "expression|value"
  std::vector<std::string> cells;
};

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

// The code within a cell, in one or two backticks.
std::string code_of(const std::string& cell) {
  const std::string_view mark = cell.starts_with("``") ? "`` " : "`";
  const std::string_view end = cell.starts_with("``") ? " ``" : "`";
  const std::size_t close = cell.rfind(end);
  if (!cell.starts_with(mark) || close == std::string::npos || close < mark.size()) return cell;
  return cell.substr(mark.size(), close - mark.size());
}

// "| a | b \| c |" has two cells.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line.compare(i, 2, "\\|") == 0) {
      cells.back() += line[++i];
    } else if (line[i] == '|') {
      cells.back() = trimmed(cells.back());
      cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  cells.pop_back();
  return cells;
}

std::vector<Row> rows_of_document() {
  std::ifstream file(FERMATA_SOURCE_DIR "/docs/FEEL.md");
  std::vector<Row> rows;
  std::string header;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (!line.starts_with("|")) {
      header.clear();
      continue;
    }
    std::vector<std::string> cells = cells_of(line);
    if (line.starts_with("|---")) continue;
    if (header.empty()) {
      for (const std::string& cell : cells) header += (header.empty() ? "" : "|") + cell;
      continue;
    }
    rows.push_back({number, header, std::move(cells)});
  }
  return rows;
}

std::string shown(const Result<CompiledPtr>& compiled, const Value& variables, std::string* warnings = nullptr) {
  if (!compiled) return "refused: " + compiled.error().message;
  const testing::Scope scope(variables);
  const Result<Evaluated> made = (*compiled)->evaluate_with_warnings({scope, testing::test_now});
  if (!made) return "failed: " + made.error().message;
  if (warnings != nullptr) {
    for (const Warning& each : made->warnings) {
      *warnings += (warnings->empty() ? "" : "; ") + std::to_string(each.line) + ":" + std::to_string(each.column) +
                   " " + each.message;
    }
  }
  std::string text;
  append_feel_text(text, made->value, true);
  return text;
}

TEST(FeelDocument, ExamplesHaveTheirValues) {
  int examples = 0;
  for (const Row& row : rows_of_document()) {
    if (row.header == "expression|value" || row.header == "call|example|value") {
      const std::size_t at = row.cells.size() - 2;
      EXPECT_EQ(shown(compile(code_of(row.cells[at])), Value::context({})), code_of(row.cells[at + 1]))
          << "FEEL.md:" << row.line;
    } else if (row.header == "test|input|value") {
      const Value input = testing::from_json(code_of(row.cells[1]));
      EXPECT_EQ(shown(compile_unary_tests(code_of(row.cells[0])), Value::context({{"?", input}})),
                code_of(row.cells[2]))
          << "FEEL.md:" << row.line;
    } else if (row.header == "expression|why it is null") {
      std::string warnings;
      EXPECT_EQ(shown(compile(code_of(row.cells[0])), Value::context({}), &warnings), "null") << "FEEL.md:" << row.line;
      EXPECT_EQ(warnings, code_of(row.cells[1])) << "FEEL.md:" << row.line;
    } else {
      continue;
    }
    ++examples;
  }
  EXPECT_GT(examples, 150);
}

// "date(from); date(year, month, day)". Where there are many ways, the first stands for all.
std::string signature_of(const Builtin& builtin) {
  constexpr std::size_t shown_max = 3;
  std::string text;
  for (const Form& form : builtin.forms) {
    text += (text.empty() ? "" : "; ") + std::string(builtin.name) + "(";
    for (std::size_t i = 0; i < form.parameters.size(); ++i)
      text += (i == 0 ? "" : ", ") + std::string(form.parameters[i]) + (i < form.required ? "" : "?");
    text += form.variadic ? ", ...)" : ")";
    if (builtin.forms.size() > shown_max) break;
  }
  return text;
}

TEST(FeelDocument, EveryBuiltinHasASignatureAndAnExample) {
  std::map<std::string, std::string> example_of;
  for (const Row& row : rows_of_document()) {
    if (row.header == "call|example|value" && !row.cells[0].empty())
      example_of[code_of(row.cells[0].substr(0, row.cells[0].find_last_of('`') + 1))] = code_of(row.cells[1]);
  }
  EXPECT_EQ(example_of.size(), all_builtins().size());
  for (const Builtin& builtin : all_builtins()) {
    const auto found = example_of.find(signature_of(builtin));
    ASSERT_NE(found, example_of.end()) << signature_of(builtin) << " is missing in docs/FEEL.md";
    EXPECT_NE(found->second.find(std::string(builtin.name) + "("), std::string::npos)
        << "the example of " << builtin.name << " does not call it";
  }
}

}  // namespace
}  // namespace fermata::feel
