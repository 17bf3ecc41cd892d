// Patterns with back-references: what they match, and that they end.
#include <gtest/gtest.h>

#include "processes/feel/feel.h"

namespace fermata::feel {
namespace {

class Nothing final : public VariableScope {
 public:
  [[nodiscard]] const Value* find(std::string_view) const override { return nullptr; }
};

std::string value_of(const std::string& text) {
  const Result<CompiledPtr> compiled = compile(text);
  if (!compiled) return compiled.error().message;
  const Nothing scope;
  const Result<Value> made = (*compiled)->evaluate({scope, Timestamp{0}});
  return made ? to_feel_text(*made) : made.error().message;
}

TEST(BackReference, RepeatsWhatItsGroupMatched) {
  EXPECT_EQ(value_of(R"(matches("aa", "^(a|b)\1$"))"), "true");
  EXPECT_EQ(value_of(R"(matches("ab", "^(a|b)\1$"))"), "false");
  EXPECT_EQ(value_of(R"(matches("aA", "(a)\1", "i"))"), "true");
  EXPECT_EQ(value_of(R"(matches("aA", "(a)\1"))"), "false");
  EXPECT_EQ(value_of(R"(matches("ÄäX", "(\p{L})\1x", "i"))"), "true");
  EXPECT_EQ(value_of(R"(matches("xyxyxy", "^([a-z]{2})\1{2}$"))"), "true");
  EXPECT_EQ(value_of(R"(matches("abcabc", "^(.*)\1$"))"), "true");
  EXPECT_EQ(value_of(R"(matches("abcabd", "^(.*)\1$"))"), "false");
  EXPECT_EQ(value_of(R"(matches("b", "^(a)?\1b$"))"), "true") << "a group that took no part is empty";
  EXPECT_EQ(value_of(R"(matches("aab", "^((a)\2)b$"))"), "true");
}

TEST(BackReference, WorksInAllFunctions) {
  EXPECT_EQ(value_of(R"(replace("aabbcd", "([a-z])\1", "<$1>"))"), "<a><b>cd");
  EXPECT_EQ(value_of(R"(replace("xaaay", "(a)\1+?", "-"))"), "x-ay") << "lazy";
  EXPECT_EQ(value_of(R"(split("1,,2;;3,4", "([,;])\1"))"), R"(["1", "2", "3,4"])");
}

TEST(BackReference, IsRefusedWhereItMeansNothing) {
  for (const char* pattern :
       {R"(\1)", R"((a\1))", R"((a)\2)", R"([\1](a))", R"((a)\1))", R"((a\1)", R"((a)\1{3,2})", R"((a)\1{,)"})
    EXPECT_EQ(value_of("matches(\"a\", \"" + std::string(pattern) + "\")"), "null") << pattern;
}

TEST(BackReference, EndsWhateverThePattern) {
  const std::string many(5'000, 'a');
  EXPECT_EQ(value_of("matches(\"" + many + "\", \"^(a+)+\\1b$\")"), "null");
  EXPECT_EQ(value_of("matches(\"" + many + "\", \"(((a*)*)*)*\\1b\")"), "null");
  EXPECT_EQ(value_of("matches(\"aaa\", \"(a{500}{500})\\1\")"), "null");
  EXPECT_EQ(value_of("matches(\"\", \"(()*)*\\1\")"), "true");
}

}  // namespace
}  // namespace fermata::feel
