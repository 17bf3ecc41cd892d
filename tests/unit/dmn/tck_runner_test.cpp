// The kit's runner, on a kit of our own: what passes, what misses, and what it says.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "processes/dmn/tck/tck.h"
#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

namespace fs = std::filesystem;

class Kit {
 public:
  Kit() : root_(fs::temp_directory_path() / ("fermata-kit-" + std::to_string(::getpid()))) {
    fs::create_directories(root_ / "compliance-level-3" / "0001-x");
  }
  ~Kit() { fs::remove_all(root_); }
  Kit(const Kit&) = delete;
  Kit& operator=(const Kit&) = delete;

  void write(const std::string& name, const std::string& content) const {
    std::ofstream(root_ / "compliance-level-3" / "0001-x" / name) << content;
  }
  void write_test(const std::string& cases) const {
    write("x-test-01.xml",
          "<testCases xmlns='http://www.omg.org/spec/DMN/20160719/testcase' "
          "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
          "xmlns:xsd='http://www.w3.org/2001/XMLSchema'><modelName>x.dmn</modelName>" +
              cases + "</testCases>");
  }
  [[nodiscard]] const fs::path& root() const { return root_; }

 private:
  fs::path root_;
};

std::string test_case(const std::string& id, const std::string& inputs, const std::string& expected,
                      const std::string& attributes = "") {
  return "<testCase id='" + id + "' " + attributes + ">" + inputs + "<resultNode name='d'><expected>" + expected +
         "</expected></resultNode></testCase>";
}

std::vector<tck::CaseResult> run(const Kit& kit) {
  std::vector<tck::CaseResult> results;
  const tck::Report report =
      tck::run_directory(kit.root(), [&](const tck::CaseResult& each) { results.push_back(each); });
  EXPECT_EQ(report.total().cases, results.size());
  return results;
}

TEST(TckRunner, TellsPassesFromMisses) {
  const Kit kit;
  kit.write("x.dmn", model_xml(input("n", "number") + literal("d", "n + 1", needs_input("n"))));
  const std::string n = "<inputNode name='n'><value xsi:type='xsd:decimal'>2</value></inputNode>";
  kit.write_test(test_case("good", n, "<value xsi:type='xsd:decimal'>3.000</value>") +
                 test_case("bad", n, "<value xsi:type='xsd:string'>3</value>") +
                 test_case("null", "", "<value xsi:nil='true'/>"));
  const std::vector<tck::CaseResult> results = run(kit);
  ASSERT_EQ(results.size(), 3U);
  EXPECT_TRUE(results[0].ok());
  EXPECT_EQ(results[0].level, "compliance-level-3");
  EXPECT_EQ(results[0].name(), "compliance-level-3/0001-x/x-test-01.xml#good");
  EXPECT_FALSE(results[1].ok());
  EXPECT_TRUE(results[2].ok());
}

TEST(TckRunner, ReadsValuesWithoutTypesAsTheModelSays) {
  const Kit kit;
  kit.write("x.dmn", model_xml(input("n", "number") + literal("d", "[n + 1, n &gt; 1]", needs_input("n"))));
  kit.write_test(test_case("a", "<inputNode name='n'><value>2</value></inputNode>",
                           "<list><item><value>3</value></item><item><value>true</value></item></list>"));
  EXPECT_TRUE(run(kit)[0].ok()) << run(kit)[0].misses[0];
}

TEST(TckRunner, AsksServices) {
  const Kit kit;
  kit.write("x.dmn", model_xml(literal("d", "1") + literal("e", "2") +
                               "<decisionService id='s' name='s'><outputDecision href='#d'/><outputDecision href='#e'/>"
                               "</decisionService>"));
  kit.write_test(
      test_case("a", "", "<value xsi:type='xsd:decimal'>1</value>", "type='decisionService' invocableName='s'") +
      test_case("b", "", "<value xsi:type='xsd:decimal'>2</value>", "type='decisionService' invocableName='s'"));
  EXPECT_TRUE(run(kit)[0].ok());
  EXPECT_FALSE(run(kit)[1].ok());
}

TEST(TckRunner, FailsTheCasesOfAModelThatIsRefusedOrMissing) {
  const Kit kit;
  kit.write_test(test_case("a", "", "<value xsi:nil='true'/>"));
  EXPECT_FALSE(run(kit)[0].ok()) << "null is expected, but there is no model";
  kit.write("x.dmn", model_xml(literal("d", "1", needs_input("nothing"))));
  ASSERT_FALSE(run(kit)[0].ok());
  EXPECT_NE(run(kit)[0].misses[0].find("DMN-0104"), std::string::npos) << run(kit)[0].misses[0];
}

TEST(TckRunner, PutsInputsOfImportedModelsWhereTheyBelong) {
  const Kit kit;
  kit.write("base.dmn",
            "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' name='b' namespace='urn:b'>" +
                input("n", "number") + literal("twice", "n * 2", needs_input("n")) + "</definitions>");
  kit.write(
      "x.dmn",
      model_xml("<import namespace='urn:b' name='b' importType='https://www.omg.org/spec/DMN/20230324/MODEL/'/>" +
                literal("d", "b.twice",
                        "<informationRequirement><requiredDecision href='urn:b#twice'/></informationRequirement>")));
  kit.write_test(test_case("a",
                           "<inputNode name='n' namespace='urn:b'><value xsi:type='xsd:decimal'>2</value></inputNode>",
                           "<value xsi:type='xsd:decimal'>4</value>"));
  EXPECT_TRUE(run(kit)[0].ok()) << run(kit)[0].misses[0];
}

}  // namespace
}  // namespace fermata::dmn
