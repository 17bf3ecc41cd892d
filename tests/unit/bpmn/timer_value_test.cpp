#include "processes/bpmn/compile/events/timer_value.h"

#include <gtest/gtest.h>

namespace fermata::bpmn {
namespace {

TEST(TimerValue, Dates) {
  for (const char* good : {"2026-11-21T10:00:00Z", "2026-11-21T10:00:00.5+01:00", "2026-11-21T10:00:00", "2026-11-21",
                           "2026-11-21T10:00:00+01:00[Europe/Berlin]"}) {
    EXPECT_TRUE(is_timer_date(good)) << good;
  }
  for (const char* bad : {"", "tomorrow", "2026-13-01", "2026-02-30T00:00:00Z", "PT1H", "21.11.2026"})
    EXPECT_FALSE(is_timer_date(bad)) << bad;
}

TEST(TimerValue, Durations) {
  for (const char* good : {"PT15M", "P1Y2M3DT4H5M6.7S", "P2W", " PT1H "}) EXPECT_TRUE(is_timer_duration(good)) << good;
  for (const char* bad : {"", "P", "PT", "-PT1H", "1h", "15 minutes", "R3/PT1H"})
    EXPECT_FALSE(is_timer_duration(bad)) << bad;
}

TEST(TimerValue, Cycles) {
  for (const char* good : {"R3/PT10H", "R/PT1S", "R-1/PT1S", "R5/2026-11-21T10:00:00Z/PT1H",
                           "R5/PT1H/2026-11-21T10:00:00Z", "0 0 9-17 * * MON-FRI", "*/5 * * * * *", "@daily"}) {
    EXPECT_TRUE(is_timer_cycle(good)) << good;
  }
  for (const char* bad :
       {"", "R", "R3", "R3/", "Rx/PT1H", "INVALID", "* * * *", "R9999999999/PT1S", "@sometimes", "R3/PT1H/PT2H"})
    EXPECT_FALSE(is_timer_cycle(bad)) << bad;
}

}  // namespace
}  // namespace fermata::bpmn
