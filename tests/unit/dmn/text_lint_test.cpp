// Hints about FEEL texts: names that nobody gives, and comparisons that can never be true.
#include "processes/dmn/lint/text_lint.h"

#include <gtest/gtest.h>

#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

// "severity rule line:column message", without the advice.
std::vector<std::string> found(const std::string& content) {
  const ReadResult made = read("m.dmn", model_xml(content));
  EXPECT_FALSE(made.refused()) << text_of(made.problems);
  std::vector<std::string> all;
  for (const Problem& problem : made.problems) {
    all.push_back(std::string(xml::severity_name(problem.severity)) + " " + problem.rule + " " +
                  std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " +
                  problem.message.substr(0, problem.message.find(". ")));
  }
  return all;
}
using Found = std::vector<std::string>;

// A decision on line 2 that requires Age (a number), Segment (a string) and x.
Found in_decision(const std::string& text) {
  const std::string needs = needs_input("Age") + needs_input("Segment") + needs_input("x");
  std::string inputs = input("Age", "number") + input("Segment", "string") + input("x") + input("Other", "number");
  std::erase(inputs, '\n');
  return found(inputs + "<decision id='d' name='d'>" + needs + "<literalExpression id='l'>\n<text>" + text +
               "</text></literalExpression></decision>");
}

TEST(TextLint, NamesWhatIsUnknownAndWhatMayBeMeant) {
  EXPECT_EQ(in_decision("1 + Agee"), Found{"hint DMN-0307 3:11 'Agee' is not known here (did you mean 'Age'?)"});
  EXPECT_EQ(in_decision("age * 2"), Found{"hint DMN-0307 3:7 'age' is not known here (did you mean 'Age'?)"});
  EXPECT_EQ(in_decision("cuont([1])"), Found{"hint DMN-0307 3:7 'cuont' is not known here (did you mean 'count'?)"});
  EXPECT_EQ(in_decision("quantity + quantity"), Found{"hint DMN-0307 3:7 'quantity' is not known here"}) << "once";
  EXPECT_EQ(in_decision("\n  Agee"), Found{"hint DMN-0307 4:3 'Agee' is not known here (did you mean 'Age'?)"});
}

TEST(TextLint, NamesWhatIsNotRequired) {
  EXPECT_EQ(in_decision("Age + Other"),
            Found{"warning DMN-0308 3:13 'Other' is an element of the model, but this one does not require it"});
}

TEST(TextLint, KnowsWhatTextsIntroduce) {
  for (const char* text : {"for i in [1, 2] return i + Age", "some e in [1] satisfies e > Age", "{a: 1, b: a + 1}.b",
                           "(function(p) p + Age)(1)", "sort([1], function(a, b) a > b)", "count([Age])",
                           "x.member.other", "[{amount: 1}][amount > 1]", "x[item > 1 and member = 2]",
                           "{f: function(n) if n = 0 then 1 else f(n - 1)}.f(3)",
                           "sum(for i in [1] return if i = 1 then i else partial[-1])",
                           "substring(string: Segment, start position: 1)", "Age instance of number", "sort(x, min)"}) {
    EXPECT_EQ(in_decision(text), Found{}) << text;
  }
}

TEST(TextLint, KeepsSilentWhereNothingIsDeclared) {
  EXPECT_EQ(found(literal("d", "amount + 1")), Found{}) << "modelers for Camunda draw no inputs";
  EXPECT_EQ(found(input("Age", "number") + literal("d", "Age + amount")), Found{});
  EXPECT_EQ(found(literal("e", "1") + literal("d", "e + amount", needs_decision("e"))), Found{})
      << "nor where decisions require each other";
  EXPECT_EQ(found(literal("e", "1") + literal("f", "2") + literal("d", "e + f", needs_decision("e"))).size(), 1U)
      << "but what is declared is not given by callers";
}

TEST(TextLint, KnowsTheParametersOfKnowledge) {
  const auto knowledge = [](const std::string& text) {
    return "<businessKnowledgeModel id='k' name='k'><encapsulatedLogic><formalParameter name='rate' typeRef='number'/>"
           "<literalExpression><text>" +
           text + "</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>";
  };
  EXPECT_EQ(found(knowledge("rate * 2")), Found{});
  EXPECT_EQ(found(knowledge("if rate = 0 then 1 else k(rate - 1)")), Found{});
  ASSERT_EQ(found(knowledge("rat * 2")).size(), 1U);
  EXPECT_NE(found(knowledge("rat * 2"))[0].find("'rat' is not known here (did you mean 'rate'?)"), std::string::npos);
  ASSERT_EQ(found(knowledge("rate = \"high\"")).size(), 1U);
}

TEST(TextLint, KnowsBoxedVariables) {
  const auto boxed = [](const std::string& logic) {
    std::string inputs = input("x");
    return found(inputs + "<decision id='d' name='d'>" + needs_input("x") + logic + "</decision>");
  };
  const auto text = [](const std::string& expression) {
    return "<literalExpression><text>" + expression + "</text></literalExpression>";
  };
  EXPECT_EQ(boxed("<context><contextEntry><variable name='a'/>" + text("1") + "</contextEntry><contextEntry>" +
                  text("a + 1") + "</contextEntry></context>"),
            Found{});
  EXPECT_EQ(boxed("<for iteratorVariable='i'><in>" + text("x") + "</in><return>" + text("i + count(partial)") +
                  "</return></for>"),
            Found{});
  EXPECT_EQ(
      boxed("<filter><in>" + text("x") + "</in><match>" + text("amount > 1 and item != null") + "</match></filter>"),
      Found{});
  EXPECT_EQ(boxed("<every iteratorVariable='i'><in>" + text("x") + "</in><satisfies>" + text("j > 1") +
                  "</satisfies></every>")
                .size(),
            1U);
}

TEST(TextLint, FindsComparisonsThatAreNeverTrue) {
  EXPECT_EQ(in_decision("1 = \"1\""), Found{"hint DMN-0309 3:9 a number is compared with a string"});
  EXPECT_EQ(in_decision("Age > \"18\""), Found{"hint DMN-0309 3:11 a number is compared with a string"});
  EXPECT_EQ(in_decision("if Segment = 1 then 1 else 2"),
            Found{"hint DMN-0309 3:18 a string is compared with a number"});
  EXPECT_EQ(in_decision("Age = Segment"), Found{"hint DMN-0309 3:11 a number is compared with a string"});
  EXPECT_EQ(in_decision("Age between \"a\" and 3"), Found{"hint DMN-0309 3:11 a number is compared with a string"});
  EXPECT_EQ(in_decision("@\"2026-01-01\" &lt; @\"10:00:00\""),
            Found{"hint DMN-0309 3:21 a date is compared with a time"});
}

TEST(TextLint, SaysNothingOfWhatIsNotCertain) {
  for (const char* text :
       {"Age = null", "Age = 1", "x = \"1\"", "x.Age = \"1\"", "Age = x", "[{Age: \"1\"}][Age = \"1\"]",
        "for Age in [\"a\"] return Age = \"a\"", "@\"2026-01-01\" = @\"2026-01-01T00:00:00Z\"",
        "{Age: \"a\", b: Age = \"a\"}.b", "string(Age) = \"1\""})
    EXPECT_EQ(in_decision(text), Found{}) << text;
}

TEST(TextLint, NamesTheFirstOfMany) {
  std::string sum = "0";
  std::string comparisons = "[true";
  for (int i = 0; i < 300; ++i) sum += " + unknown" + std::to_string(i);
  for (int i = 0; i < 10'000; ++i) comparisons += ", 1 = \"a\", unknown" + std::to_string(i);
  EXPECT_EQ(in_decision(sum).size(), 20U);
  EXPECT_EQ(in_decision(comparisons + "]").size(), 40U);
}

TEST(TextLint, NearestName) {
  const std::vector<std::string_view> names{"Age", "Segment", "Monthly Income", "count"};
  const auto nearest = [&](std::string_view name) {
    std::uint64_t steps = 1'000'000;
    return std::string(lint::nearest_name(name, names, steps));
  };
  EXPECT_EQ(nearest("Segmnet"), "Segment");
  EXPECT_EQ(nearest("segment"), "Segment");
  EXPECT_EQ(nearest("MonthlyIncome"), "Monthly Income");
  EXPECT_EQ(nearest("Price"), "");
  EXPECT_EQ(nearest("x"), "");
  EXPECT_EQ(nearest(std::string(500, 'a')), "");
  std::uint64_t none = 0;
  EXPECT_EQ(lint::nearest_name("Segmnet", names, none), "");
}

}  // namespace
}  // namespace fermata::dmn
