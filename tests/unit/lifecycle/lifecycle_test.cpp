// Every state against every trigger, held by a golden file and by the page of the documentation.
#include "engine/lifecycle/lifecycle.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace fermata {
namespace {

const std::string root = FERMATA_SOURCE_DIR;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Compares, or rewrites the file when FERMATA_UPDATE_GOLDEN is set (and then says so by skipping).
void expect_file(const std::string& path, const std::string& text) {
  if (std::getenv("FERMATA_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    GTEST_SKIP() << "wrote " << path;
  }
  EXPECT_EQ(read_file(path), text) << path << " is out of date: run with FERMATA_UPDATE_GOLDEN=1 and review the difference";
}

TEST(Lifecycles, MatchTheGoldenTable) { expect_file(root + "/tests/golden/lifecycles.txt", describe_lifecycles()); }

TEST(Lifecycles, AreDocumentedAsTheyAre) { expect_file(root + "/docs/LIFECYCLES.md", describe_lifecycles_markdown()); }

TEST(Lifecycles, EndedThingsNeverChange) {
  for (int t = 0; t <= static_cast<int>(JobTrigger::cancel); ++t) {
    for (const JobStatus ended : {JobStatus::completed, JobStatus::error_thrown, JobStatus::canceled}) {
      EXPECT_EQ(step(ended, static_cast<JobTrigger>(t)), std::nullopt);
    }
  }
  for (int t = 0; t <= static_cast<int>(ElementTrigger::terminate); ++t) {
    EXPECT_EQ(step(ElementStatus::completed, static_cast<ElementTrigger>(t)), std::nullopt);
    EXPECT_EQ(step(ElementStatus::terminated, static_cast<ElementTrigger>(t)), std::nullopt);
  }
  for (int t = 0; t <= static_cast<int>(UserTaskTrigger::cancel); ++t) {
    EXPECT_EQ(step(UserTaskStatus::completed, static_cast<UserTaskTrigger>(t)), std::nullopt);
    EXPECT_EQ(step(UserTaskStatus::canceled, static_cast<UserTaskTrigger>(t)), std::nullopt);
  }
  EXPECT_EQ(step(InstanceStatus::completed, InstanceTrigger::terminate), std::nullopt);
  EXPECT_EQ(step(IncidentStatus::resolved, IncidentTrigger::resolve), std::nullopt);
}

TEST(Lifecycles, TheWayOfAnElement) {
  ElementStatus status = ElementStatus::activating;
  for (const ElementStatus target : {ElementStatus::active, ElementStatus::completing, ElementStatus::completed}) {
    const auto next = step(status, *trigger_for(target));
    ASSERT_EQ(next, target);
    status = *next;
  }
  EXPECT_EQ(step(ElementStatus::activating, ElementTrigger::complete), ElementStatus::completed) << "passing without a wait";
  EXPECT_EQ(step(ElementStatus::completing, ElementTrigger::activate), std::nullopt) << "never backwards";
  EXPECT_EQ(step(ElementStatus::completing, ElementTrigger::begin_completion), std::nullopt) << "never twice";
  EXPECT_EQ(trigger_for(ElementStatus::activating), std::nullopt);
}

// trigger_for() and step() must agree: where the trigger is legal at all, it leads to the state it was asked for.
TEST(Lifecycles, ATriggerLeadsWhereItIsSaidToLead) {
  const auto check = [](auto last) {
    using Status = decltype(last);
    int legal = 0;
    for (int target = 1; target <= static_cast<int>(last); ++target) {
      const auto trigger = trigger_for(static_cast<Status>(target));
      if (!trigger) continue;
      for (int from = 1; from <= static_cast<int>(last); ++from) {
        const auto reached = step(static_cast<Status>(from), *trigger);
        if (!reached) continue;
        ++legal;
        EXPECT_EQ(*reached, static_cast<Status>(target));
      }
    }
    EXPECT_GT(legal, 0);
  };
  check(InstanceStatus::terminated);
  check(ElementStatus::terminated);
  check(JobStatus::canceled);
  check(UserTaskStatus::canceled);
}

// A status that no row can hold (a damaged database) is refused, not interpreted.
TEST(Lifecycles, UnknownNumbersAreRefused) {
  EXPECT_EQ(step(static_cast<JobStatus>(99), JobTrigger::lock), std::nullopt);
  EXPECT_EQ(step(JobStatus::ready, static_cast<JobTrigger>(99)), std::nullopt);
}

}  // namespace
}  // namespace fermata
