#include "persistence/project.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "persistence/testing/synthetic.h"

namespace fermata {
namespace {

constexpr Timestamp noon{1'780'000'000'000};


TEST(Project, WritesEachRowOnceAndKnowsNewFromOld) {
  testing::CountingKeys keys;
  testing::SyntheticInstance instance(keys, {});
  struct Expected {
    std::size_t elements, new_elements, jobs, new_jobs, parked, consumed;
    bool instance;
  };
  // create, validate, reserve, invoice, ship, payment: twelve elements and the process, four jobs, one token that waits.
  const Expected expected[] = {{3, 3, 1, 1, 0, 0, true},  {4, 3, 2, 1, 0, 0, false}, {4, 3, 3, 2, 0, 0, false},
                               {1, 0, 1, 0, 1, 0, false}, {3, 2, 1, 0, 0, 1, false}, {4, 2, 0, 0, 0, 0, true}};
  for (const Expected& want : expected) {
    const Transition transition = instance.step(noon);
    SCOPED_TRACE("step " + std::to_string(instance.steps_done()));
    RowChanges changes;
    const auto done = project(transition, &instance.state(), changes);
    ASSERT_TRUE(done) << done.error().message;
    const auto count_new = [](const auto& rows) { return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.is_new; })); };
    EXPECT_EQ(changes.elements.size(), want.elements);
    EXPECT_EQ(count_new(changes.elements), want.new_elements);
    EXPECT_EQ(changes.jobs.size(), want.jobs);
    EXPECT_EQ(count_new(changes.jobs), want.new_jobs);
    EXPECT_EQ(changes.tokens_parked.size(), want.parked);
    EXPECT_EQ(changes.tokens_consumed.size(), want.consumed);
    EXPECT_EQ(changes.instance != nullptr, want.instance);
    instance.settle();
  }
}

TEST(Project, ARowIsWrittenInItsFinalState) {
  testing::CountingKeys keys;
  testing::SyntheticInstance instance(keys, {});
  const Transition transition = instance.step(noon);
  RowChanges changes;
  ASSERT_TRUE(project(transition, &instance.state(), changes));
  std::size_t ended = 0;
  for (const auto& change : changes.elements) ended += change.row->status == ElementStatus::completed ? 1 : 0;
  EXPECT_EQ(ended, 1U) << "the start event came and went: one insert of an ended row";
}

TEST(Project, AFactThatDoesNotFitIsADefect) {
  testing::CountingKeys keys;
  testing::SyntheticInstance instance(keys, {});
  Transition transition = instance.step(noon);
  RowChanges changes;
  transition.events.push_back(JobLocked{JobKey{3}, "w", 1, noon});
  EXPECT_FALSE(project(transition, &instance.state(), changes));
  changes.clear();
  EXPECT_FALSE(project(transition, nullptr, changes));
  Transition partition{.key = TransitionKey{5}, .at = noon, .events = {ElementEntered{}}};
  changes.clear();
  EXPECT_FALSE(project(partition, nullptr, changes));
}

}  // namespace
}  // namespace fermata
