#include "tests/crash/mutants/sample_store.h"

#include <sqlite3.h>

#include <cstdio>

#include "tests/scenarios/runner/player.h"
#include "tests/scenarios/runner/world.h"

namespace fermata::checker {
namespace {

// One job of each type that is there gets a holder: no scenario line does that.
std::string lock_some_jobs(scenarios::World& world) {
  ActivateJobs wish;
  wish.worker = "worker-1";
  wish.max_jobs = 1;
  wish.topics.push_back({.type = "B",
                         .timeout = Duration::from_seconds(3'600),
                         .variables = {},
                         .local_variables_only = false,
                         .business_key = {},
                         .process_ids = {}});
  ClientRequest request;
  request.command = wish;
  request.actor = "worker";
  const Result<Outcome> outcome = world.engine().call(std::move(request));
  return !outcome ? outcome.error().message : !*outcome ? outcome->error().reason : std::string();
}

}  // namespace

std::string play_into(const std::string& scenario_path, const std::string& file) {
  const auto scenario = scenarios::read_scenario(scenario_path);
  if (!scenario) return scenario.error().message;
  scenarios::WorldKind kind;
  kind.name = "sqlite";
  kind.sqlite = true;
  scenarios::World world(kind);
  scenarios::Player player(*scenario, world);
  std::string trouble = player.play();
  if (trouble.empty()) trouble = lock_some_jobs(world);
  if (!trouble.empty()) return trouble;
  return run_sql(world.database_file(), "VACUUM INTO '" + file + "'") < 0
             ? "the database of " + scenario_path + " cannot be copied"
             : "";
}

int run_sql(const std::string& file, const std::string& sql) {
  sqlite3* database = nullptr;
  int changed = -1;
  if (sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
    const int before = sqlite3_total_changes(database);
    char* why = nullptr;
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &why) == SQLITE_OK)
      changed = sqlite3_total_changes(database) - before;
    if (why != nullptr) std::fprintf(stderr, "%s: %s\n", sql.c_str(), why);
    sqlite3_free(why);
  }
  sqlite3_close(database);
  return changed;
}

}  // namespace fermata::checker
