// The Technology Compatibility Kit of DMN: runs every test case under a directory against processes/dmn.
//
// A test file (*.xml, <testCases>) names its model; all *.dmn files beside it may be imported. Used by the conformance
// test and by `fermata conformance tck`.
//
//   tck::Report report = tck::run_directory("TestCases", [](const tck::CaseResult& each) { print(each); });
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace fermata::dmn::tck {

/// One <testCase>: it passes when all its results do.
struct CaseResult {
  std::string level;  ///< "compliance-level-3", "non-compliant": the folder; "other" when none of these
  std::string file;   ///< of the test, below the directory
  std::string id;
  std::size_t results = 0;  ///< <resultNode>s
  std::size_t passed = 0;
  std::vector<std::string> misses;  ///< for each that did not pass: the result's name, what was expected, and why

  [[nodiscard]] bool ok() const { return misses.empty(); }
  /// "0082-feel-coercion/0082-feel-coercion-test-01.xml#decision_001": how ledgers name it.
  [[nodiscard]] std::string name() const { return file + "#" + id; }
};

struct Total {
  std::size_t cases = 0;
  std::size_t cases_passed = 0;
  std::size_t results = 0;
  std::size_t results_passed = 0;
};

struct Report {
  std::map<std::string, Total> by_level;
  std::vector<std::string> unreadable;  ///< files that are no tests although they claim to be, with the reason

  [[nodiscard]] Total total() const;
};

/// Runs what it finds, sorted by path, one file after another. Files that are not test cases are passed over in
/// silence; a model that cannot be read fails the cases of its tests with the first problem.
[[nodiscard]] Report run_directory(const std::filesystem::path& directory,
                                   const std::function<void(const CaseResult&)>& on_case);

}  // namespace fermata::dmn::tck
