#include "cli/serve/metrics.h"

namespace fermata::cli {
namespace {

struct Named {
  const char* name;
  const char* help;
  std::uint64_t EngineCounters::*field;
};

constexpr Named counters[] = {
    {"fermata_commands_total", "Commands executed.", &EngineCounters::commands},
    {"fermata_rejections_total", "Commands refused by the rules.", &EngineCounters::rejections},
    {"fermata_batches_total", "Store transactions.", &EngineCounters::batches},
    {"fermata_commit_failures_total", "Store transactions that failed.", &EngineCounters::commit_failures},
    {"fermata_timers_fired_total", "Timers fired.", &EngineCounters::timers_fired},
    {"fermata_jobs_activated_total", "Jobs handed to workers and activities.", &EngineCounters::jobs_activated},
    {"fermata_instances_started_total", "Process instances started.", &EngineCounters::instances_started},
    {"fermata_instances_completed_total", "Process instances completed.", &EngineCounters::instances_completed},
    {"fermata_instances_terminated_total", "Process instances terminated.", &EngineCounters::instances_terminated},
    {"fermata_incidents_raised_total", "Incidents raised.", &EngineCounters::incidents_raised},
    {"fermata_queue_full_total", "Requests refused because the queue was full.", &EngineCounters::queue_full},
    {"fermata_queue_length", "Commands that wait in the queue now.", &EngineCounters::queue_length},
};

}  // namespace

void observe_engine(http::Registry& registry, const Engine& engine) {
  for (const Named& counter : counters) {
    registry.observe(counter.name, counter.help, [&engine, field = counter.field] {
      return static_cast<double>(engine.counters().*field);
    });
  }
  registry.observe("fermata_engine_healthy", "1 while the store works.", [&engine] { return engine.healthy() ? 1.0 : 0.0; });
}

}  // namespace fermata::cli
