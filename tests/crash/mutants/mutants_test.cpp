// Mutants of the checker: a good database, damaged in one place. Each must be found; and in no good database may
// anything be found.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <vector>

#include "tests/crash/checker/check_store.h"
#include "tests/crash/mutants/sample_store.h"

namespace fermata::checker {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "fermata-mutants-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

const std::string sources = FERMATA_SOURCE_DIR;

// Made once a process.
const std::string& sample() {
  static const Folder folder;
  static const std::string problem =
      play_into(sources + "/tests/crash/mutants/sample.scenario", folder.file("sample.db"));
  static const std::string file = problem.empty() ? folder.file("sample.db") : std::string();
  EXPECT_EQ(problem, "");
  return file;
}

std::string lines(const std::vector<std::string>& broken) {
  std::string text;
  for (const std::string& line : broken) text += line + "\n";
  return text;
}

TEST(CheckStore, FindsNothingInAGoodStore) {
  EXPECT_EQ(lines(check_store(sample())), "");
}

TEST(CheckStore, FindsNothingInWhatAnyScenarioLeavesBehind) {
  const Folder folder;
  int played = 0;
  for (const auto& entry : fs::recursive_directory_iterator(sources + "/tests/scenarios")) {
    if (entry.path().extension() != ".scenario") continue;
    const std::string file = folder.file(std::to_string(++played) + ".db");
    const std::string trouble = play_into(entry.path().string(), file);
    EXPECT_EQ(trouble, "");
    if (!trouble.empty()) continue;
    EXPECT_EQ(lines(check_store(file)), "") << entry.path();
  }
  EXPECT_GT(played, 10);
}

TEST(CheckStore, RefusesWhatIsNoStore) {
  EXPECT_FALSE(check_store("/nowhere/fermata.db").empty());
  EXPECT_FALSE(check_store(sources + "/README.md").empty());
}

struct Mutant {
  const char* name;
  const char* sql;
};

class CheckStoreKills : public ::testing::TestWithParam<Mutant> {};

TEST_P(CheckStoreKills, Mutant) {
  ASSERT_FALSE(sample().empty());
  const Folder folder;
  const std::string file = folder.file("mutant.db");
  fs::copy_file(sample(), file);
  ASSERT_GT(run_sql(file, GetParam().sql), 0) << "the mutation has changed nothing";
  EXPECT_FALSE(check_store(file).empty()) << GetParam().sql;
}

constexpr Mutant mutants[] = {
    // A. Durability and atomicity: a step half done
    {"a_transition_is_gone",
     "DELETE FROM transition WHERE key = (SELECT max(key) FROM transition WHERE command = 'completeJob')"},
    {"the_first_transition_is_gone",
     "DELETE FROM transition WHERE key = (SELECT min(key) FROM transition WHERE instance <> 0)"},
    {"a_transition_is_there_twice",
     "INSERT INTO transition SELECT 100000, instance, key, at, command, actor, format, events FROM transition WHERE "
     "command = 'completeJob' LIMIT 1"},
    {"events_are_cut_off",
     "UPDATE transition SET events = substr(events, 1, length(events) - 3) WHERE key = (SELECT max(key) FROM "
     "transition WHERE instance <> 0)"},
    {"events_are_those_of_another_command",
     "UPDATE transition SET events = (SELECT events FROM transition WHERE command = 'failJob' LIMIT 1) WHERE key = "
     "(SELECT max(key) FROM transition WHERE command = 'completeJob')"},
    {"a_transition_names_another_instance",
     "UPDATE transition SET instance = (SELECT max(key) FROM process_instance) WHERE key = (SELECT max(key) FROM "
     "transition WHERE command = 'assignUserTask')"},
    {"the_chain_skips_one",
     "UPDATE transition SET previous = 0 WHERE key = (SELECT max(key) FROM transition WHERE previous <> 0)"},
    {"time_goes_back",
     "UPDATE transition SET at = at - 100000000 WHERE key = (SELECT max(key) FROM transition WHERE instance <> 0 AND "
     "previous <> 0)"},
    {"the_last_transition_is_an_older_one",
     "UPDATE live_instance SET last_transition = (SELECT min(key) FROM transition t WHERE t.instance = "
     "live_instance.key) WHERE key = (SELECT instance FROM transition WHERE previous <> 0 AND instance IN (SELECT key "
     "FROM live_instance) LIMIT 1)"},
    {"the_key_counter_was_set_back", "UPDATE counter SET next_key = (SELECT max(key) FROM transition)"},
    {"a_remembered_answer_is_gone", "DELETE FROM request WHERE id = 'm1'"},
    {"a_remembered_answer_is_another", "UPDATE request SET reply = replace(reply, '1', '2') WHERE id = 'm2'"},
    {"a_definition_is_gone", "PRAGMA foreign_keys = OFF; DELETE FROM definition WHERE process_id = 'fork_join'"},
    {"a_variable_has_another_value", "UPDATE variable SET value = '13' WHERE name = 'amount' AND value LIKE '12%'"},
    {"a_variable_is_gone", "DELETE FROM variable WHERE name = 'who'"},
    {"a_variable_is_there_twice",
     "INSERT INTO variable SELECT instance, 100000, scope, name, value FROM variable WHERE name = 'who'"},
    // B. Tokens
    {"a_token_is_doubled",
     "INSERT INTO token SELECT instance, 100000, scope, flow, gateway, arrived_at FROM token LIMIT 1"},
    {"a_token_is_lost", "DELETE FROM token"},
    {"a_token_waits_in_another_scope", "UPDATE token SET scope = (SELECT max(key) FROM element)"},
    {"a_key_is_used_twice",
     "UPDATE job SET key = (SELECT max(key) FROM variable WHERE variable.instance = job.instance) WHERE key = (SELECT "
     "max(key) FROM job WHERE instance IN (SELECT instance FROM variable))"},
    {"an_element_is_doubled",
     "INSERT INTO element SELECT instance, 100000, scope, element, element_id, kind, role, status, loop_counter, "
     "instances_total, instances_completed, instances_terminated, items, outputs, called, compensates, incident, "
     "started_at, ended_at FROM element WHERE element_id = 'B' AND status = 2 LIMIT 1"},
    {"an_element_is_gone",
     "DELETE FROM element WHERE key = (SELECT element_instance FROM job WHERE status = 2 LIMIT 1)"},
    {"history_of_an_ended_element_is_gone",
     "DELETE FROM element WHERE element_id = 'start' AND status = 4 AND key = (SELECT min(key) FROM element WHERE "
     "element_id = 'start')"},
    {"a_completed_element_is_called_terminated",
     "UPDATE element SET status = 5 WHERE key = (SELECT max(key) FROM element WHERE element_id = 'C' AND status = 4)"},
    {"an_ended_instance_is_set_active",
     "UPDATE process_instance SET status = 1, ended_at = 0 WHERE key = (SELECT min(key) FROM process_instance WHERE "
     "status = 2)"},
    {"an_active_instance_is_set_completed",
     "UPDATE process_instance SET status = 2, ended_at = 1 WHERE key = (SELECT min(key) FROM process_instance WHERE "
     "status = 1)"},
    {"a_live_instance_is_forgotten", "DELETE FROM live_instance WHERE key = (SELECT max(key) FROM live_instance)"},
    {"an_instance_is_gone",
     "DELETE FROM process_instance WHERE key = (SELECT min(key) FROM process_instance WHERE status = 3)"},
    {"something_lives_in_a_terminated_instance",
     "UPDATE element SET status = 2, ended_at = 0 WHERE instance = (SELECT key FROM process_instance WHERE status = 3 "
     "LIMIT 1) AND element_id = 'A'"},
    {"a_job_lives_in_a_terminated_instance",
     "UPDATE job SET status = 1, ended_at = 0 WHERE instance = (SELECT key FROM process_instance WHERE status = 3 "
     "LIMIT 1) AND element_id = 'A'"},
    {"a_child_lost_its_caller", "UPDATE element SET called = 0 WHERE called <> 0"},
    {"a_child_ended_and_nobody_was_told", "UPDATE process_instance SET status = 2, ended_at = 1 WHERE parent <> 0"},
    {"a_multi_instance_has_completed_one_too_many",
     "UPDATE element SET instances_completed = instances_completed + 1 WHERE role = 2 AND status = 2"},
    {"a_multi_instance_is_wider_than_it_was",
     "UPDATE element SET instances_total = instances_total + 1 WHERE role = 2 AND status = 2"},
    {"a_loop_counter_is_there_twice", "UPDATE element SET loop_counter = 1 WHERE role = 3 AND loop_counter = 2"},
    {"an_output_is_lost",
     "UPDATE element SET outputs = '[null,null,null]' WHERE role = 2 AND status = 2 AND outputs IS NOT NULL"},
    {"what_can_be_undone_is_forgotten", "DELETE FROM subscription WHERE kind = 6"},
    // C. Jobs
    {"a_job_is_gone", "DELETE FROM job WHERE key = (SELECT min(key) FROM job WHERE status = 1)"},
    {"an_element_has_two_jobs",
     "INSERT INTO job SELECT instance, 100000, element_instance, element_id, type, status, retries, attempt, priority, "
     "worker, lease, available_at, headers, error_code, error_message, error_details, incident, created_at, ended_at "
     "FROM job WHERE status = 1 LIMIT 1"},
    {"a_completed_job_is_open_again",
     "UPDATE job SET status = 1, ended_at = 0 WHERE key = (SELECT min(key) FROM job WHERE status = 5)"},
    {"a_job_is_locked_by_nobody", "UPDATE job SET worker = '' WHERE status = 2"},
    {"a_lease_was_set_back", "UPDATE job SET lease = lease - 1 WHERE status = 2"},
    {"a_job_has_one_retry_more",
     "UPDATE job SET retries = retries + 1 WHERE key = (SELECT min(key) FROM job WHERE status = 1)"},
    {"a_failed_job_has_no_incident", "UPDATE job SET incident = 0 WHERE status = 4"},
    {"an_incident_is_not_counted", "UPDATE process_instance SET incidents = 0 WHERE incidents > 0"},
    {"an_incident_is_gone", "DELETE FROM incident WHERE status = 1"},
    {"a_resolved_incident_is_open", "UPDATE incident SET status = 1, ended_at = 0 WHERE status = 2"},
    // D. Time
    {"a_timer_is_gone", "DELETE FROM timer WHERE instance <> 0 AND ended_at = 0"},
    {"a_timer_is_due_earlier", "UPDATE timer SET due = due - 3600000 WHERE instance <> 0 AND ended_at = 0"},
    {"a_fired_timer_is_set_again",
     "UPDATE timer SET ended_at = 0 WHERE key = (SELECT max(key) FROM timer WHERE instance <> 0 AND ended_at <> 0)"},
    {"an_occurrence_is_skipped", "UPDATE timer SET occurrence = occurrence + 1 WHERE instance = 0 AND ended_at = 0"},
    {"a_timer_belongs_to_nobody", "UPDATE timer SET element_instance = 99999 WHERE instance <> 0 AND ended_at = 0"},
    // E. Messages
    {"a_subscription_is_gone", "DELETE FROM subscription WHERE kind = 1 AND instance <> 0 AND ended_at = 0"},
    {"a_subscription_waits_for_another_key",
     "UPDATE subscription SET correlation_key = 'Z' WHERE kind = 1 AND instance <> 0 AND ended_at = 0"},
    {"a_start_event_is_closed", "UPDATE subscription SET ended_at = 1 WHERE instance = 0 AND ended_at = 0"},
    {"a_buffered_message_is_gone", "DELETE FROM message WHERE name = 'paid'"},
    {"a_message_claims_to_have_arrived",
     "UPDATE message SET correlated_processes = '[\"by_message\"]' WHERE name = 'paid'"},
    // F. People
    {"a_user_task_has_another_assignee", "UPDATE user_task SET assignee = 'mallory' WHERE assignee = 'alice'"},
    {"a_completed_user_task_is_open_again", "UPDATE user_task SET status = 1, ended_at = 0 WHERE status = 3"},
    {"a_user_task_is_gone", "DELETE FROM user_task WHERE status = 1"},
};
static_assert(std::size(mutants) >= 25);

INSTANTIATE_TEST_SUITE_P(Planted, CheckStoreKills, ::testing::ValuesIn(mutants),
                         [](const ::testing::TestParamInfo<Mutant>& planted) {
                           return std::string(planted.param.name);
                         });

}  // namespace
}  // namespace fermata::checker
