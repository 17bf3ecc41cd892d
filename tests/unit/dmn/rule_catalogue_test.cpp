// docs/DECISION_RULES.md is printed from the catalogue. FERMATA_WRITE_DOCS=1 writes it; otherwise it must agree.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "processes/dmn/rules.h"

namespace fermata::dmn {
namespace {

constexpr const char* document = FERMATA_SOURCE_DIR "/docs/DECISION_RULES.md";

std::string printed_catalogue() {
  std::ostringstream text;
  text
      << "# Rules for decision models\n\n"
         "Printed from `processes/dmn/rules.h` by `tests/unit/dmn/rule_catalogue_test.cpp`; edit the catalogue, then "
         "run "
         "that test with\n"
         "`FERMATA_WRITE_DOCS=1`.\n\n"
         "A DMN file is used when no rule reports an error. All problems are reported at once, each with element, line "
         "and column. Sections are\n"
         "those of DMN 1.5.\n\n"
         "| id | severity | rule | what to do | from |\n|---|---|---|---|---|\n";
  for (const Rule* rule : all_rules()) {
    text << "| " << rule->id << " | " << xml::severity_name(rule->severity) << " | " << rule->title << " | "
         << rule->advice << " | " << rule->clause << " |\n";
  }
  return text.str();
}

TEST(RuleCatalogue, EveryRuleSaysWhatToDo) {
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(rule->advice.ends_with('.')) << rule->id;
    EXPECT_TRUE(rule->title.ends_with('.')) << rule->id;
    EXPECT_FALSE(rule->clause.empty()) << rule->id;
  }
}

TEST(RuleCatalogue, DocumentAgrees) {
  if (std::getenv("FERMATA_WRITE_DOCS") != nullptr) std::ofstream(document) << printed_catalogue();
  std::ifstream file(document);
  ASSERT_TRUE(file.good()) << document << " is missing; run this test with FERMATA_WRITE_DOCS=1";
  std::ostringstream content;
  content << file.rdbuf();
  EXPECT_EQ(content.str(), printed_catalogue()) << "run this test with FERMATA_WRITE_DOCS=1";
}

}  // namespace
}  // namespace fermata::dmn
