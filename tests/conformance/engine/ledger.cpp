#include "tests/conformance/engine/ledger.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <iterator>

namespace fermata::conformance {
namespace {

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::passed: return "passed";
    case Kind::refused: return "refused at deployment, not executed in this version";
    case Kind::contradicts: return "contradicts the standard, or the standard leaves it open";
    case Kind::other_means: return "drives what this engine has no command for";
    case Kind::open_defect: return "open defect";
  }
  return "?";
}

}  // namespace

void Ledger::enter(const std::string& id, CaseResult result, const std::map<std::string, KnownMiss>& known) {
  const auto listed = known.find(id);
  if (result.kind == Kind::open_defect && listed != known.end()) {
    result.kind = listed->second.kind;
    result.reason = listed->second.why + " [" + result.reason + "]";
  }
  entries_.emplace_back(id, std::move(result));
}

void Ledger::settle(std::size_t floor, const std::map<std::string, KnownMiss>& known) const {
  std::map<Kind, std::vector<std::string>> by_kind;
  std::map<std::string, Kind> missed;
  for (const auto& [id, result] : entries_) {
    by_kind[result.kind].push_back(id + ": " + result.reason);
    if (result.kind != Kind::passed) missed.emplace(id, result.kind);
    EXPECT_TRUE(result.kind != Kind::open_defect || known.contains(id)) << corpus_ << ", not listed: " << id << "\n  " << result.reason;
  }
  const std::size_t passed = by_kind[Kind::passed].size();
  std::cout << corpus_ << ": " << passed << " of " << entries_.size() << " as expected\n";
  for (const auto& [kind, lines] : by_kind) {
    if (kind == Kind::passed) continue;
    std::cout << "  " << lines.size() << " " << name_of(kind) << "\n";
    for (const std::string& line : lines) std::cout << "    " << line << "\n";
  }
  EXPECT_FALSE(entries_.empty()) << corpus_ << ": no case was read";
  EXPECT_GE(passed, floor) << corpus_ << ": fewer cases pass than before";
  for (const auto& [id, miss] : known) EXPECT_TRUE(missed.contains(id)) << corpus_ << ": " << id << " passes now: take it off the list, raise the floor";
}

std::filesystem::path fixtures() { return FERMATA_FIXTURES_DIR; }

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace fermata::conformance
