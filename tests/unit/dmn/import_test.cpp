// Models that import others (6.3.3).
#include <gtest/gtest.h>

#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

constexpr std::string_view dmn_uri = "https://www.omg.org/spec/DMN/20230324/MODEL/";

std::string file(const std::string& name_space, const std::string& content) {
  return "<definitions xmlns='" + std::string(dmn_uri) + "' name='" + name_space + "' namespace='urn:" + name_space +
         "'>\n" + content + "</definitions>";
}
std::string import(const std::string& name_space, const std::string& name) {
  return "<import namespace='urn:" + name_space + "' name='" + name + "' importType='" + std::string(dmn_uri) + "'/>\n";
}

const std::string base = file(
    "base",
    "<itemDefinition name='tAge'><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues>"
    "</itemDefinition>" +
        input("person name", "string") + literal("greeting", "\"Hello, \" + person name", needs_input("person name")) +
        "<businessKnowledgeModel id='twice' name='make twice'><encapsulatedLogic><formalParameter name='n' "
        "typeRef='tAge'/><literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic>"
        "</businessKnowledgeModel>");

std::string needs(const std::string& what, const std::string& href) {
  return what == "Knowledge"
             ? "<knowledgeRequirement><requiredKnowledge href='" + href + "'/></knowledgeRequirement>"
             : "<informationRequirement><required" + what + " href='" + href + "'/></informationRequirement>";
}

TEST(Import, NamesGoByThePrefix) {
  const std::string main =
      file("main", import("base", "the base") +
                       literal("d", "the base.greeting + string(the base.make twice(4))",
                               needs("Decision", "urn:base#greeting") + needs("Knowledge", "urn:base#twice")) +
                       literal("t", "5", "", "the base.tAge") + literal("u", "500", "", "the base.tAge"));
  const Resource files[] = {{"main.dmn", main}, {"base.dmn", base}};
  const std::vector<ReadResult> read = read_together(files);
  ASSERT_FALSE(read[0].refused()) << text_of(read[0].problems);
  EXPECT_EQ(value_of(read[0].model, "d", R"({"the base": {"person name": "Ada"}})"), "Hello, Ada8");
  EXPECT_EQ(value_of(read[0].model, "t"), "5");
  EXPECT_EQ(value_of(read[0].model, "u"), "null");
  EXPECT_EQ(read[0].model->decisions()[0].required_decisions, std::vector<std::string>{"the base.greeting"});
}

TEST(Import, EachWayToAModelHasInputsOfItsOwn) {
  const std::string left =
      file("left", import("base", "b") + literal("l", "b.greeting", needs("Decision", "urn:base#greeting")));
  const std::string right =
      file("right", import("base", "b") + literal("r", "b.greeting", needs("Decision", "urn:base#greeting")));
  const std::string main =
      file("main",
           import("left", "left") + import("right", "right") +
               literal("d", "[left.l, right.r]", needs("Decision", "urn:left#l") + needs("Decision", "urn:right#r")));
  const Resource files[] = {{"main.dmn", main}, {"left.dmn", left}, {"right.dmn", right}, {"base.dmn", base}};
  const std::vector<ReadResult> read = read_together(files);
  ASSERT_FALSE(read[0].refused()) << text_of(read[0].problems);
  EXPECT_EQ(
      value_of(read[0].model, "d", R"({"left": {"b": {"person name": "L"}}, "right": {"b": {"person name": "R"}}})"),
      R"(["Hello, L", "Hello, R"])");
}

TEST(Import, SaysWhatItNeedsBeforeItIsRead) {
  EXPECT_EQ(imported_namespaces(file("main", import("left", "l") + import("right", "r"))),
            (std::vector<std::string>{"urn:left", "urn:right"}));
  EXPECT_TRUE(imported_namespaces(base).empty());
  EXPECT_TRUE(imported_namespaces("<a>").empty());
}

TEST(Import, WithoutANameNeedsNoPrefix) {
  const std::string main =
      file("main", import("base", "") + literal("d", "greeting", needs("Decision", "urn:base#greeting")));
  const Resource files[] = {{"base.dmn", base}, {"main.dmn", main}};
  const std::vector<ReadResult> read = read_together(files);
  ASSERT_FALSE(read[1].refused()) << text_of(read[1].problems);
  EXPECT_EQ(value_of(read[1].model, "d", R"({"person name": "Ada"})"), "Hello, Ada");
}

TEST(Import, CirclesAreRefused) {
  const std::string a = file("a", import("b", "b"));
  const std::string b = file("b", import("a", "a"));
  const Resource files[] = {{"a.dmn", a}, {"b.dmn", b}};
  const std::vector<ReadResult> read = read_together(files);
  EXPECT_TRUE(read[0].refused());
  EXPECT_TRUE(read[1].refused());
  EXPECT_NE((text_of(read[0].problems) + text_of(read[1].problems)).find("DMN-0109"), std::string::npos);
}

TEST(Import, AModelOutlivesThoseThatWereReadWithIt) {
  ModelPtr model;
  {
    const std::string main =
        file("main", import("base", "b") + literal("d", "b.make twice", needs("Knowledge", "urn:base#twice")));
    const Resource files[] = {{"main.dmn", main}, {"base.dmn", base}};
    model = read_together(files)[0].model;
  }
  Value function = model->evaluate_decision("d", json("{}"))->value;
  model.reset();
  const ModelPtr other = model_of(literal("d", "f(21)"));
  const Value inputs = Value::context({{"f", function}});
  EXPECT_EQ(feel::to_feel_text(other->evaluate_decision("d", inputs)->value), "42")
      << "a function keeps its model alive";
}

}  // namespace
}  // namespace fermata::dmn
