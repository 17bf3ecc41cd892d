#include <gtest/gtest.h>

#include "processes/feel/template.h"
#include "tests/unit/feel/scope.h"

namespace fermata::feel {
namespace {

using testing::juel;

TEST(Juel, SingleExpressionYieldsItsValue) {
  EXPECT_EQ(juel("${amount}", R"({"amount": 12.50})"), "12.5");
  EXPECT_EQ(juel(" #{ order.lines[1].sku }\n", R"({"order": {"lines": [{"sku": "A"}, {"sku": "B"}]}})"), "B");
  EXPECT_EQ(juel("${order['customer name']}", R"({"order": {"customer name": "Ada"}})"), "Ada");
  EXPECT_EQ(juel("${list}", R"({"list": [1, 2]})"), "[1, 2]");
  EXPECT_EQ(juel("${'it\\'s'}"), "it's");
  EXPECT_EQ(juel("${now()}"), "2026-11-21T10:00:30Z");
}

TEST(Juel, MixedTextIsJoined) {
  EXPECT_EQ(juel("Hello ${name}, #{count + 1} left", R"({"name": "Ada", "count": 2})"), "Hello Ada, 3 left");
  EXPECT_EQ(juel("${a}${b}", R"({"a": 1, "b": null})"), "1");
  EXPECT_EQ(juel("costs \\${5} and ${'}'}"), "costs ${5} and }");
  EXPECT_EQ(juel("plain"), "plain");
}

TEST(Juel, OperatorsInBothSpellings) {
  EXPECT_EQ(juel("${1 + 2 * 3 - 4 div 2}"), "5");
  EXPECT_EQ(juel("${7 % 4 + -7 mod 4}"), "0");
  EXPECT_EQ(juel("${1 lt 2 and 2 le 2 and 3 gt 2 and 3 ge 3 and 1 eq 1 and 1 ne 2}"), "true");
  EXPECT_EQ(juel("${1 < 2 && !(2 > 3) || false}"), "true");
  EXPECT_EQ(juel("${not empty name ? 'yes' : 'no'}", R"({"name": ""})"), "no");
  EXPECT_EQ(juel("${empty list and empty nothing}", R"({"list": [], "nothing": null})"), "true");
  EXPECT_EQ(juel("${a == '12'}", R"({"a": 12})"), "true");
  EXPECT_EQ(juel("${'5' + 5}"), "10");
  EXPECT_EQ(juel("${nothing + 1}", R"({"nothing": null})"), "1");
  EXPECT_EQ(juel("${nothing == null && nothing != 1 && !(nothing > 1)}", R"({"nothing": null})"), "true");
}

TEST(Juel, VariablesOfTheExecution) {
  EXPECT_EQ(juel("${execution.getVariable('x')}", R"({"x": 4})"), "4");
  EXPECT_EQ(juel("${execution.getVariable('y') == null}", R"({"x": 4})"), "true");
  EXPECT_EQ(juel("${execution.hasVariable('y')}", R"({"x": 4})"), "false");
  EXPECT_EQ(juel("${a.b.c}", R"({"a": {}})"), "null");
}

TEST(Juel, MissingVariableFailsWithPosition) {
  EXPECT_EQ(juel("${amount > 100}"), "failed: line 1, column 1: there is no variable amount");
  EXPECT_EQ(juel("Hello ${name}"), "failed: line 1, column 9: there is no variable name");
  EXPECT_EQ(juel("${1 + 'x'}"), "failed: line 1, column 3: a string cannot be used as a number");
}

TEST(Juel, WhatIsNotUnderstoodIsNamed) {
  EXPECT_EQ(juel("${bean.run()}"),
            "refused: line 1, column 8: the method call .run() is not supported; compute it with FEEL (an expression "
            "that begins with =)");
  EXPECT_EQ(juel("${execution.processInstanceId}"),
            "refused: line 1, column 13: execution.processInstanceId is not supported; known are "
            "execution.getVariable('name') and "
            "execution.hasVariable('name')");
  EXPECT_EQ(juel("${fn:length(x)}"), "refused: line 1, column 3: the function fn:length() is not supported");
  EXPECT_EQ(juel("${f(x)}"),
            "refused: line 1, column 3: the function f() is not supported; known are now(), dateTime() and "
            "execution.getVariable()");
  EXPECT_EQ(juel("${a = 1}"), "refused: line 1, column 5: assignments are not supported; compare with ==");
  EXPECT_EQ(juel("a\n ${x +}"), "refused: line 2, column 7: expected a value, found '}'");
  EXPECT_EQ(juel("${x"), "refused: line 1, column 4: expected an operator or '}', found the end of the text");
  EXPECT_EQ(juel("${['a']}"), "refused: line 1, column 3: list literals [...] are not supported");
}

TEST(Juel, DeepAndLongTextsAreRefused) {
  EXPECT_NE(juel("${" + std::string(100'000, '(') + "1}").find("nested deeper"), std::string::npos);
  EXPECT_NE(juel("${" + std::string(100'000, '!') + "1}").find("nested deeper"), std::string::npos);
  std::string chain = "${1";
  for (int i = 0; i < 50'000; ++i) chain += "+1";
  EXPECT_NE(juel(chain + "}").find("too deep"), std::string::npos);
  EXPECT_NE(juel("${'\xff'}").find("not valid UTF-8"), std::string::npos);
}

TEST(Template, TellsTheLanguagesApart) {
  EXPECT_EQ(testing::shown(compile_text("=1 + 1"), "{}"), "2");
  EXPECT_EQ(testing::shown(compile_text("${1 + 1}"), "{}"), "2");
  EXPECT_EQ(testing::shown(compile_text("1 + 1"), "{}"), "1 + 1");
  const Result<CompiledPtr> constant = compile_text("order");
  ASSERT_TRUE(constant);
  ASSERT_NE((*constant)->constant(), nullptr);
  EXPECT_EQ((*constant)->constant()->as_string(), "order");
  EXPECT_EQ((*compile_text("=a.b"))->text(), "a.b");
  EXPECT_EQ((*compile_text("${a.b}"))->text(), "a.b");
  EXPECT_EQ((*compile_text("${a.b + c + a}"))->variables(), (std::vector<std::string>{"a", "c"}));
}

}  // namespace
}  // namespace fermata::feel
