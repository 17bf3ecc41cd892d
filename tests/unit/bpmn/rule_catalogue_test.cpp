// docs/RULES.md is printed from the catalogue. FERMATA_WRITE_DOCS=1 writes it; otherwise it must agree.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "processes/bpmn/rules/catalogue.h"

namespace fermata::bpmn {
namespace {

constexpr const char* document = FERMATA_SOURCE_DIR "/docs/RULES.md";

std::string severity_of(const Rule& rule) {
  if (is_tolerated_in_vendor_files(rule)) return "error; warning in files that declare `camunda:` or `zeebe:`";
  return std::string(severity_name(rule.severity));
}

std::string printed_catalogue() {
  std::ostringstream text;
  text
      << "# Rules for models\n\n"
         "Printed from `processes/bpmn/rules/catalogue.h` by `tests/unit/bpmn/rule_catalogue_test.cpp`; edit the "
         "catalogue, then run that test\n"
         "with `FERMATA_WRITE_DOCS=1`.\n\n"
         "A file is deployed when no rule reports an error. All problems are reported at once, each with element, line "
         "and column.\n"
         "Rules apply to the whole file, except that what only drawings contain (`isExecutable=\"false\"`) may be "
         "unfinished: BPMN-0211, 0212,\n"
         "0308 to 0330 as far as they concern the content of definitions, 0409, 0504, 0605 to 0609, 07xx and 09xx look "
         "at executable processes\n"
         "only. A process that does not say whether it is executable is executed if it is the only one in its file.\n\n"
         "Text annotations, groups, associations, lanes, categories, documentation, data objects and data stores are kept "
         "in the stored file\n"
         "and have no effect on execution; so are the associations to data objects that modelers draw without a data input "
         "or output. A property\n"
         "of a process is a variable of its instances; a property of a subprocess is a variable of that scope, unset when "
         "it begins.\n\n"
         "| id | severity | rule | what to do | from |\n|---|---|---|---|---|\n";
  for (const Rule* rule : all_rules()) {
    text << "| " << rule->id << " | " << severity_of(*rule) << " | " << rule->title << " | " << rule->advice << " | "
         << rule->clause << " |\n";
  }
  return text.str();
}

TEST(RuleCatalogue, IdsAreUniqueAndAscend) {
  for (std::size_t i = 1; i < all_rules().size(); ++i) EXPECT_LT(all_rules()[i - 1]->id, all_rules()[i]->id);
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
}  // namespace fermata::bpmn
