// Runs the official DMN TCK. A ratchet: every miss is listed here with the clause that justifies it, so that a new one
// fails the test, and so does one that is listed and no longer misses. FERMATA_TCK_VERBOSE=1 prints every miss.
#include "processes/dmn/tck/tck.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <set>

namespace fermata::dmn {
namespace {

namespace fs = std::filesystem;

// The name of the case, and why it misses.
const std::map<std::string, std::string>& known_misses() {
  static const std::string java = "compliance-level-3/0076-feel-external-java/0076-feel-external-java-test-01.xml#";
  static const std::string no_java = "DMN 1.5, 10.3.2.13.3: external functions are optional; Java is not executed";
  static const std::map<std::string, std::string> misses{
      {java + "literal_002", no_java},
      {java + "literal_003", no_java},
      {java + "literal_007", no_java},
      {java + "literal_008", no_java},
      {java + "literal_009", no_java},
      {java + "literal_011", no_java},
  };
  return misses;
}

TEST(Tck, EveryCase) {
  const char* given = std::getenv("FERMATA_FIXTURES_DIR");
  const fs::path folder = fs::path(given != nullptr ? given : FERMATA_FIXTURES_DIR) / "dmn-tck" / "TestCases";
  if (!fs::exists(folder)) GTEST_SKIP() << "no fixtures: set FERMATA_FIXTURES_DIR to a folder with dmn-tck/TestCases";
  const bool verbose = std::getenv("FERMATA_TCK_VERBOSE") != nullptr;
  std::set<std::string> missed;
  const tck::Report report = tck::run_directory(folder, [&](const tck::CaseResult& each) {
    if (each.ok()) return;
    missed.insert(each.name());
    if (verbose) {
      for (const std::string& miss : each.misses) std::cout << each.name() << " " << miss << "\n";
    }
    if (!known_misses().contains(each.name())) ADD_FAILURE() << each.name() << "\n  " << each.misses.front();
  });
  for (const auto& [name, why] : known_misses())
    EXPECT_TRUE(missed.contains(name)) << name << " passes now: take it off the list";
  for (const auto& [level, total] : report.by_level) {
    std::cout << level << ": " << total.cases_passed << " of " << total.cases << " cases, " << total.results_passed
              << " of " << total.results << " results\n";
  }
  EXPECT_GT(report.total().cases, 0U);
  EXPECT_TRUE(report.unreadable.empty()) << report.unreadable.front();
}

}  // namespace
}  // namespace fermata::dmn
