// Runs the expressions of bpmn-io's feelin. A ratchet: the number that passes may only grow, and every miss is listed
// here with its reason, so that a new one fails the test.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "engine/base/json.h"
#include "processes/feel/feelin_cases.h"

namespace fermata::feel {
namespace {

constexpr int passed_floor = 588;

// What contradicts the DMN TCK, each with the case that says otherwise.
const std::map<std::string, std::string>& contradict_the_tck() {
  static const std::map<std::string, std::string> misses{
      {R"(time("23:59:00") + duration("PT2M") + duration("P1M") = time("00:01"))",
       "0100 error_when_add_lhs_time_to_rhs_ymDuration: a time plus months is null"},
      {R"(date("2023-10-06") + duration("PT1H"))",
       "0100 add_lhs_date_to_rhs_dtDuration_003: a date plus a duration is a date"},
      {R"(date("2023-10-06") - duration("PT1H"))",
       "0100 subtract_lhs_date_minus_rhs_dtDuration_002: a date minus a duration is a date"},
      {"(> 5) = (5 .. null_value]",
       "0068 range_006: (< 10) = (null..10) is false, a comparison is no interval with null"},
      {R"(duration("-P1Y") = duration("-P365D"))",
       "0068 ym_duration_006: the two kinds of durations cannot be compared"},
      {R"(today() = date and time(now(), @"00:00:00"))",
       "0100 subtract_lhs_dateAndTime_minus_rhs_date_001: a date is a midnight in UTC, which has nothing to do with a "
       "local one"},
      {R"(date and time("2018-12-10T10:30:00+05:00").time offset)",
       "0074 dateTime_008: it is a duration, not a text (skipped upstream)"},
      {R"(duration("P5D") in (duration("P4D"), >=duration("P6D")))",
       "0072 dt_duration_014_a: false (skipped upstream)"},
  };
  return misses;
}

// What no case of the TCK decides, but the standard does.
const std::map<std::string, std::string>& contradict_the_standard() {
  static const std::map<std::string, std::string> misses{
      {"1 between 5 and -1", "e1 between e2 and e3 is e1 >= e2 and e1 <= e3 (DMN 1.5, 10.3.2.14)"},
      {R"("\u1F4A9")", "\\u takes four digits, \\U six (grammar rule 64): this is U+1F4A and a 9"},
  };
  return misses;
}

TEST(Feelin, Expressions) {
  const char* folder = std::getenv("FERMATA_FIXTURES_DIR");
  std::ifstream file(std::string(folder != nullptr ? folder : FERMATA_FIXTURES_DIR) + "/feelin/expressions.json");
  if (!file) GTEST_SKIP() << "no fixtures: set FERMATA_FIXTURES_DIR to a folder with feelin/expressions.json";
  std::stringstream content;
  content << file.rdbuf();
  const Result<Value> fixtures = parse_json(content.str());
  ASSERT_TRUE(fixtures) << fixtures.error().message;
  const Result<std::vector<CaseOutcome>> outcomes = run_feelin_cases(*fixtures);
  ASSERT_TRUE(outcomes) << outcomes.error().message;
  int passed = 0;
  int missed = 0;
  for (const CaseOutcome& outcome : *outcomes) {
    EXPECT_FALSE(outcome.silent_null) << outcome.expression << " is null without a reason";
    ++(outcome.passed ? passed : missed);
    const bool known =
        contradict_the_tck().contains(outcome.expression) || contradict_the_standard().contains(outcome.expression);
    if (!outcome.passed && !known)
      ADD_FAILURE() << outcome.expression << "\n  expected " << outcome.expected << "\n  got " << outcome.got;
  }
  std::cout << "feelin: " << passed << " passed, " << missed << " known misses\n";
  // An entry that no longer misses goes out of the lists.
  EXPECT_EQ(static_cast<std::size_t>(missed), contradict_the_tck().size() + contradict_the_standard().size());
  EXPECT_GE(passed, passed_floor);
}

}  // namespace
}  // namespace fermata::feel
