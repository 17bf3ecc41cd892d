// Ledger: what came of the cases of one corpus, printed, and held as a ratchet.
//
// Every case ends in one of five ways. What a case is refused for at deployment is told by the compiler itself; every other miss
// must stand on the test's list, with its kind, or the test fails. The floor of passes only rises.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fermata::conformance {

enum class Kind {
  passed,
  refused,      ///< refused at deployment: BPMN-xxxx, not executed in this version
  contradicts,  ///< the case wants something else than the standard, or the standard leaves it open and this engine chose otherwise
  other_means,  ///< the case drives something this engine has no such command for
  open_defect,
};

struct CaseResult {
  Kind kind = Kind::passed;
  std::string reason;
};

struct KnownMiss {
  Kind kind = Kind::open_defect;
  std::string why;
};

class Ledger {
 public:
  explicit Ledger(std::string corpus) : corpus_(std::move(corpus)) {}

  /// A miss that is not "refused" takes its kind from `known`, by the id of the case.
  void enter(const std::string& id, CaseResult result, const std::map<std::string, KnownMiss>& known);
  /// Prints the counts and all misses; fails the running test below the floor, or for a miss or a list entry that has no other half.
  void settle(std::size_t floor, const std::map<std::string, KnownMiss>& known) const;

 private:
  std::string corpus_;
  std::vector<std::pair<std::string, CaseResult>> entries_;
};

/// The folder of the corpora: FERMATA_FIXTURES_DIR.
[[nodiscard]] std::filesystem::path fixtures();

/// The whole file; empty when it cannot be read.
[[nodiscard]] std::string read_text(const std::filesystem::path& path);

}  // namespace fermata::conformance
