// Bench: an engine of its own for one case, with what every corpus needs: deploy, ask, look.
//
//   Bench bench;
//   if (auto done = bench.deploy({{"a.bpmn", text}}); !done) return done.error().message;  // "BPMN-0901 ..."
//   bench.ask(CreateInstance{.process_id = "order"});
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/scenarios/runner/world.h"

namespace fermata::conformance {

class Bench {
 public:
  Bench() : world_({.name = "memory"}) {}

  using File = std::pair<std::string, std::string>;  ///< name, content
  /// One deployment. What the compiler refuses is an invalid_argument whose message begins with its rule.
  [[nodiscard]] Result<void> deploy(const std::vector<File>& files);

  /// The reply; what the engine rejects is a conflict error with its reason.
  [[nodiscard]] Result<Reply> ask(ClientCommand command);
  [[nodiscard]] Result<ProcessInstanceKey> start(const std::string& process_id, Variables variables, const std::string& business_key = {});

  /// Lets everything happen that is due now.
  void settle() { world_.settle(); }
  void move_clock_to(Timestamp at);
  /// Moves the clock from one due timer to the next until `by` has passed.
  void let_time_pass(Duration by);
  [[nodiscard]] Timestamp now() { return world_.clock().now(); }

  // Live things only, in the order of their creation.
  [[nodiscard]] std::vector<UserTaskRow> tasks();
  [[nodiscard]] std::vector<JobRow> jobs();
  [[nodiscard]] std::vector<TimerRow> timers();
  [[nodiscard]] std::vector<SubscriptionRow> subscriptions();
  [[nodiscard]] std::vector<IncidentRow> incidents();
  [[nodiscard]] std::vector<InstanceRow> instances();
  // Ended ones too.
  [[nodiscard]] std::vector<ElementRow> elements();
  [[nodiscard]] std::vector<IncidentRow> all_incidents();
  [[nodiscard]] std::vector<VariableRow> variables();
  [[nodiscard]] bool is_live(ProcessInstanceKey instance);
  [[nodiscard]] Variables variables_of(ElementInstanceKey scope);

  /// Where the rows and the replayed events differ; empty: nowhere.
  [[nodiscard]] std::string difference();

  scenarios::World& world() { return world_; }

 private:
  [[nodiscard]] std::unique_ptr<ReadSession> session();
  scenarios::World world_;
};

}  // namespace fermata::conformance
