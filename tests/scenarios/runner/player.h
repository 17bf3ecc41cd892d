// The player: carries out the lines of a scenario in a world. One function per verb; the table is in player.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "tests/scenarios/runner/scenario.h"
#include "tests/scenarios/runner/world.h"

namespace fermata::scenarios {

class Player {
 public:
  Player(const Scenario& scenario, World& world) : scenario_(scenario), world_(world) {}

  /// "" when every line went as it says; otherwise file, line, and what was found instead.
  [[nodiscard]] std::string play();

 private:
  using Trouble = std::optional<std::string>;
  Trouble play_line(const Line& line);
  Trouble expect(const Line& line);

  // Verbs that become a command
  Result<ClientCommand> command_for(const Line& line);
  Result<ClientCommand> deploy(const Line& line);
  Result<ClientCommand> complete(const Line& line);
  Trouble send(const Line& line, ClientCommand command);
  static Trouble check_reason(const Line& line, const std::string& reason);

  // Expectations
  Trouble expect_elements(const std::string& instance, const std::string& state, std::vector<std::string> expected);
  Trouble expect_state(const std::string& instance, const std::string& state);
  Trouble expect_variable(const Line& line);
  Trouble expect_incident(const Line& line);
  Trouble expect_job(const Line& line);
  Trouble expect_decision(const Line& line);
  Trouble expect_count(const Line& line);

  std::string events_of_all();
  Result<ProcessInstanceKey> instance_named(const std::string& name);
  Result<JobRow> job_at(const std::string& instance, const std::string& element);
  Result<std::optional<UserTaskRow>> task_at(const std::string& instance, const std::string& element);
  Result<ElementInstanceKey> element_at(const std::string& instance, const std::string& element);
  Trouble bind_child(const Line& line);
  std::unique_ptr<ReadSession> session();

  const Scenario& scenario_;
  World& world_;
  std::map<std::string, ProcessInstanceKey> instances_;
};

}  // namespace fermata::scenarios
