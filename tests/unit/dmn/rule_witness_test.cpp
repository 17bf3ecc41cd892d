// For every rule a model that breaks it, with the element and line that the problem must name.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "processes/dmn/rules.h"
#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

struct Witness {
  const char* rule;
  std::string content;  ///< of <definitions>, from line 2
  const char* element;
  int line;
};

std::string decision(const std::string& content) {
  return "<decision id='d' name='d'>\n" + content + "</decision>";
}
std::string table(const std::string& attributes, const std::string& content) {
  return decision("<decisionTable id='t' " + attributes +
                  "><input id='i'><inputExpression><text>1</text></inputExpression></input>\n" + content +
                  "</decisionTable>");
}

std::vector<Witness> witnesses() {
  const std::string one = "<literalExpression><text>1</text></literalExpression>";
  const std::string rule =
      "<rule id='r'><inputEntry><text>-</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>";
  return {
      {"DMN-0101", "<decision id='d'/>", "d", 2},
      {"DMN-0101", "\n<itemDefinition id='i'><typeRef>number</typeRef></itemDefinition>", "i", 3},
      {"DMN-0101",
       decision("<context id='c'><contextEntry>" + one + "</contextEntry><contextEntry>" + one +
                "</contextEntry></context>"),
       "c", 3},
      {"DMN-0102", "<decision id='d' name='a'/>\n<inputData id='d' name='b'/>", "d", 2},
      {"DMN-0103", "<inputData id='a' name='x'/>\n<decision id='b' name='x'/>", "b", 3},
      {"DMN-0104", decision(needs_input("nothing")), "d", 3},
      {"DMN-0104",
       decision("<informationRequirement id='q'><requiredDecision href='urn:other#d'/></informationRequirement>"), "q",
       3},
      {"DMN-0105", "<inputData id='i' name='i'/>\n" + decision(needs_decision("i")), "d", 4},
      {"DMN-0106",
       "<decision id='a' name='a'>" + needs_decision("b") + "</decision>\n<decision id='b' name='b'>" +
           needs_decision("a") + "</decision>",
       "a", 2},
      {"DMN-0106", decision(needs_decision("d")), "d", 2},
      {"DMN-0107",
       "<import id='i' name='x' namespace='urn:x' importType='https://www.omg.org/spec/DMN/20230324/MODEL/'/>", "i", 2},
      {"DMN-0108", "<import id='i' name='x' namespace='urn:x' importType='http://www.w3.org/2001/XMLSchema'/>", "i", 2},
      {"DMN-0110",
       "<itemDefinition id='a' name='t'><typeRef>number</typeRef></itemDefinition>\n<itemDefinition id='b' "
       "name='t'><typeRef>string</typeRef></itemDefinition>",
       "b", 3},
      {"DMN-0201", "<inputData id='i' name='i'><variable name='i' typeRef='tNothing'/></inputData>", "i", 2},
      {"DMN-0201", "<itemDefinition id='t' name='t'>\n<typeRef>tNothing</typeRef></itemDefinition>", "t", 3},
      {"DMN-0202",
       "<itemDefinition id='t' name='t'><typeRef>u</typeRef></itemDefinition>\n<itemDefinition id='u' "
       "name='u'><typeRef>t</typeRef></itemDefinition>",
       "u", 3},
      {"DMN-0301", decision("<literalExpression id='l'><text>1 +</text></literalExpression>"), "l", 3},
      {"DMN-0301",
       table("",
             "<output name='o'/>\n<rule id='r'><inputEntry id='e'><text>&lt; "
             "&lt;</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>"),
       "e", 5},
      {"DMN-0301",
       "<itemDefinition id='t' name='t'><typeRef>number</typeRef>\n<allowedValues "
       "id='a'><text>[1..</text></allowedValues></itemDefinition>",
       "a", 3},
      {"DMN-0302", decision("<literalExpression id='l'/>"), "l", 3},
      {"DMN-0302", decision("<conditional id='c'><if>" + one + "</if><then>" + one + "</then></conditional>"), "c", 3},
      {"DMN-0303", decision("<literalExpression id='l' expressionLanguage='groovy'><text>1</text></literalExpression>"),
       "l", 3},
      {"DMN-0304", decision("<list id='l'><sorcery id='s'/></list>"), "s", 3},
      {"DMN-0305", decision("<literalExpression id='l'><importedValues/></literalExpression>"), "l", 3},
      {"DMN-0306",
       decision("<functionDefinition id='f' kind='PMML'><formalParameter name='a'/>" + one + "</functionDefinition>"),
       "f", 3},
      {"DMN-0307",
       "<inputData id='i' name='i'/><inputData id='j' name='j'/><decision id='d' name='d'>" + needs_input("i") +
           "\n<literalExpression id='l'><text>ii</text></literalExpression></decision>",
       "l", 3},
      {"DMN-0308",
       "<inputData id='i' name='i'/><inputData id='j' name='j'/><decision id='d' name='d'>" + needs_input("i") +
           "\n<literalExpression id='l'><text>j</text></literalExpression></decision>",
       "l", 3},
      {"DMN-0309", decision("<literalExpression id='l'><text>1 = \"a\"</text></literalExpression>"), "l", 3},
      {"DMN-0401", table("hitPolicy='BEST'", "<output name='o'/>" + rule), "t", 3},
      {"DMN-0401", table("hitPolicy='COLLECT' aggregation='MEAN'", "<output name='o'/>" + rule), "t", 3},
      {"DMN-0402", table("", "<output name='o'/>\n<rule id='r'><inputEntry><text>-</text></inputEntry></rule>"), "r",
       5},
      {"DMN-0403", table("hitPolicy='PRIORITY'", "<output id='o' name='o'/>" + rule), "o", 4},
      {"DMN-0404", table("", "<output id='o'/><output name='p'/>"), "o", 4},
      {"DMN-0405", table("hitPolicy='COLLECT' aggregation='SUM'", "<output name='o'/><output name='p'/>"), "t", 3},
      {"DMN-0406", table("", ""), "t", 3},
      {"DMN-0407",
       table(
           "",
           "<output name='o'/>\n" + rule +
               "<rule id='q'><inputEntry><text>-</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>"),
       "q", 5},
      {"DMN-0408",
       table(
           "hitPolicy='FIRST'",
           "<output name='o'/>\n" + rule +
               "<rule id='q'><inputEntry><text>5</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>"),
       "q", 5},
      {"DMN-0409",
       decision(
           "<decisionTable id='t'><input><inputExpression><text>x</text></inputExpression></input><output "
           "name='o'/><rule><inputEntry><text>5</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>"
           "</decisionTable>"),
       "t", 3},
      {"DMN-0501", "<decisionService id='s' name='s'/>", "s", 2},
  };
}

TEST(RuleWitness, NamesRuleElementAndLine) {
  for (const Witness& witness : witnesses()) {
    const ReadResult made = read("m.dmn", model_xml(witness.content));
    const auto found = std::ranges::find_if(made.problems, [&](const Problem& p) { return p.rule == witness.rule; });
    ASSERT_NE(found, made.problems.end()) << witness.rule << " in\n"
                                          << witness.content << "\n"
                                          << text_of(made.problems);
    EXPECT_EQ(found->element_id, witness.element) << text_of(made.problems);
    EXPECT_EQ(found->line, witness.line) << text_of(made.problems);
    EXPECT_GT(found->column, 0) << text_of(made.problems);
    EXPECT_EQ(made.refused(),
              std::ranges::any_of(made.problems, [](const Problem& p) { return p.severity == Severity::error; }));
    EXPECT_LE(made.problems.size(), 2U) << "one mistake, " << text_of(made.problems);
  }
}

TEST(RuleWitness, OfFilesThatAreNoModels) {
  const auto rule_of = [](std::string_view bytes) {
    const ReadResult made = read("m.dmn", bytes);
    return made.problems.empty() ? "" : made.problems[0].rule;
  };
  EXPECT_EQ(rule_of("<?xml version='1.0' encoding='EBCDIC'?><a/>"), "DMN-0002");
  EXPECT_EQ(rule_of("<a>\x01</a>"), "DMN-0003");
  EXPECT_EQ(rule_of("<!DOCTYPE a><a/>"), "DMN-0004");
  EXPECT_EQ(rule_of("<a>&nbsp;</a>"), "DMN-0005");
  EXPECT_EQ(rule_of("<a>"), "DMN-0006");
  EXPECT_EQ(rule_of(""), "DMN-0006");
  EXPECT_EQ(rule_of("<a b='1' b='2'/>"), "DMN-0007");
  EXPECT_EQ(rule_of("<x:a/>"), "DMN-0008");
  EXPECT_EQ(rule_of("<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>"), "DMN-0009");
  EXPECT_EQ(rule_of("<definitions xmlns='https://www.omg.org/spec/DMN/20300101/MODEL/'/>"), "DMN-0009");
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "<a>";
  EXPECT_EQ(rule_of(deep), "DMN-0001");
}

TEST(RuleWitness, EveryRuleHasOne) {
  std::set<std::string> witnessed{"DMN-0001", "DMN-0002", "DMN-0003", "DMN-0004",
                                  "DMN-0005", "DMN-0006", "DMN-0007", "DMN-0008",
                                  "DMN-0009",              // above
                                  "DMN-0010", "DMN-0011",  // hostile_test.cpp
                                  "DMN-0109"};             // import_test.cpp
  for (const Witness& witness : witnesses()) witnessed.insert(witness.rule);
  std::string before;
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(witnessed.contains(std::string(rule->id))) << rule->id << " has no witness";
    EXPECT_LT(before, rule->id) << "ids are in order and unique";
    before = rule->id;
  }
}

TEST(RuleWitness, ToleratesWrongTextsOnlyOnRequest) {
  const std::string xml = model_xml(literal("d", "1 +") + literal("e", "2"));
  EXPECT_TRUE(read("m.dmn", xml).refused());
  ReadOptions options;
  options.tolerate_expression_errors = true;
  const ReadResult made = read("m.dmn", xml, options);
  ASSERT_FALSE(made.refused());
  EXPECT_EQ(value_of(made.model, "d"), "null");
  EXPECT_EQ(value_of(made.model, "e"), "2");
  EXPECT_NE(warnings_of(made.model, "d").find("expected a value"), std::string::npos);
}

TEST(RuleWitness, NamesTheCycle) {
  const ReadResult made =
      read("m.dmn", model_xml("<decision id='1' name='a'>" + needs_decision("2") +
                              "</decision><decision id='2' name='b'>" + needs_decision("3") +
                              "</decision><decision id='3' name='c'>" + needs_decision("2") + "</decision>"));
  EXPECT_NE(text_of(made.problems).find("'b', which requires 'c', which requires 'b'"), std::string::npos)
      << text_of(made.problems);
}

}  // namespace
}  // namespace fermata::dmn
