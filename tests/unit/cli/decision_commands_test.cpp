// fermata dmn eval and fermata conformance tck: what they print where, and how they exit.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "cli/commands/conformance.h"
#include "cli/commands/decide.h"

namespace fermata::cli {
namespace {

namespace fs = std::filesystem;

std::string model_with(const std::string& expression) {
  return R"(<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="Fee" namespace="urn:fee">
  <inputData id="amount_data" name="amount"><variable name="amount" typeRef="number"/></inputData>
  <decision id="fee" name="Fee"><variable name="Fee" typeRef="number"/>
    <informationRequirement><requiredInput href="#amount_data"/></informationRequirement>
    <literalExpression id="fee_text"><text>)" +
         expression + R"(</text></literalExpression>
  </decision>
</definitions>)";
}

std::string case_expecting(const std::string& fee) {
  return R"(<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>fee.dmn</modelName><testCase id="one">
  <inputNode name="amount"><value xsi:type="xsd:decimal">20</value></inputNode>
  <resultNode name="Fee" type="decision"><expected><value xsi:type="xsd:decimal">)" +
         fee + R"(</value></expected></resultNode></testCase></testCases>)";
}

class DecisionCommands : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = fs::temp_directory_path() / ("fermata-decide-" + std::to_string(::getpid()));
    fs::create_directories(folder / "compliance-level-2" / "fee");
  }
  void TearDown() override { fs::remove_all(folder); }
  std::string file(const fs::path& name, const std::string& content) {
    std::ofstream(folder / name) << content;
    return (folder / name).string();
  }
  /// Runs it; what it prints goes to `out` and `err`.
  template <class Command>
  Exit run(Command command) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const Exit exit = command();
    out = ::testing::internal::GetCapturedStdout();
    err = ::testing::internal::GetCapturedStderr();
    return exit;
  }

  fs::path folder;
  std::string out;
  std::string err;
};

TEST_F(DecisionCommands, TheOnlyDecisionNeedsNoName) {
  DecideOptions options;
  options.models = {file("fee.dmn", model_with("amount * 2"))};
  options.input = file("input.json", R"({"amount": 21})");
  EXPECT_EQ(run([&] { return decide(options); }), Exit::done) << err;
  EXPECT_EQ(out, "42\n");
  options.decision = "nobody";
  EXPECT_EQ(run([&] { return decide(options); }), Exit::usage);
  EXPECT_NE(err.find("nobody"), std::string::npos) << err;
}

TEST_F(DecisionCommands, SaysWhyAValueIsNullAndWhereAModelIsWrong) {
  DecideOptions options;
  options.models = {file("fee.dmn", model_with("amount * 2"))};
  options.input = file("input.json", R"({"amount": "a lot"})");
  EXPECT_EQ(run([&] { return decide(options); }), Exit::done);
  EXPECT_EQ(out, "null\n");
  EXPECT_NE(err.find("fee.dmn:"), std::string::npos) << err;
  options.models = {file("wrong.dmn", model_with("amount *"))};
  EXPECT_EQ(run([&] { return decide(options); }), Exit::refused);
  EXPECT_EQ(out, "");
  EXPECT_NE(err.find("wrong.dmn:5:"), std::string::npos) << err;
}

TEST_F(DecisionCommands, TheKitIsCountedByLevelAndAMissIsARefusal) {
  const ConformanceOptions options{folder.string(), false};
  EXPECT_EQ(run([&] { return run_tck(options); }), Exit::usage) << "no cases";
  const fs::path own = fs::path("compliance-level-2") / "fee";
  file(own / "fee.dmn", model_with("amount * 2"));
  file(own / "fee-test-01.xml", case_expecting("40"));
  EXPECT_EQ(run([&] { return run_tck(options); }), Exit::done) << out << err;
  EXPECT_NE(out.find("compliance-level-2: 1 of 1 cases, 1 of 1 results"), std::string::npos) << out;
  file(own / "fee-test-02.xml", case_expecting("41"));
  EXPECT_EQ(run([&] { return run_tck(options); }), Exit::refused);
  EXPECT_NE(out.find("MISS"), std::string::npos) << out;
  EXPECT_NE(out.find("total: 1 of 2 cases"), std::string::npos) << out;
}

}  // namespace
}  // namespace fermata::cli
