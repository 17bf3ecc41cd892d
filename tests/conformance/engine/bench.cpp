#include "tests/conformance/engine/bench.h"

#include <algorithm>

#include "engine/base/check.h"
#include "processes/bpmn/feel_expressions.h"

namespace fermata::conformance {
namespace {

constexpr std::size_t rows_max = 10'000;

template <class Row, class Keep>
std::vector<Row> kept(Result<Page<Row>> page, Keep keep) {
  FERMATA_CHECK(page.has_value(), "the rows of a case can be read");
  std::vector<Row> rows;
  for (Row& row : page->items) {
    if (keep(row)) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Result<void> Bench::deploy(const std::vector<File>& files) {
  Deploy deploy;
  for (const auto& [name, content] : files) {
    bpmn::FeelExpressions expressions;
    bpmn::CompileResult compiled = bpmn::compile(name, content, expressions);
    if (compiled.refused()) {
      const bpmn::Problem& problem = scenarios::first_error(compiled);
      return fail(ErrorCode::invalid_argument, problem.rule + " (" + problem.element_id + ") " + problem.message);
    }
    DeployResource resource;
    resource.name = name;
    resource.kind = "bpmn";
    resource.content = content;
    resource.checksum = std::to_string(std::hash<std::string>{}(content));
    for (bpmn::CompiledProcess& process : compiled.processes) resource.processes.push_back({process.id, process.name, std::move(process.graph)});
    deploy.resources.push_back(std::move(resource));
  }
  const Result<Reply> reply = ask(ClientCommand(std::move(deploy)));
  if (!reply) return fail(reply.error());
  return {};
}

Result<Reply> Bench::ask(ClientCommand command) {
  ClientRequest request;
  request.command = std::move(command);
  request.actor = "conformance";
  Result<Outcome> outcome = world_.engine().call(std::move(request));
  if (!outcome) return fail(outcome.error());
  if (!*outcome) return fail(ErrorCode::conflict, outcome->error().reason);
  return std::move(**outcome);
}

Result<ProcessInstanceKey> Bench::start(const std::string& process_id, Variables variables, const std::string& business_key) {
  CreateInstance create;
  create.process_id = process_id;
  create.variables = std::move(variables);
  create.business_key = business_key;
  const Result<Reply> reply = ask(ClientCommand(std::move(create)));
  if (!reply) return fail(reply.error());
  return std::get<InstanceCreated>(*reply).instance;
}

void Bench::move_clock_to(Timestamp at) {
  if (at.ms > now().ms) world_.clock().advance(Duration{at.ms - now().ms});
}

void Bench::let_time_pass(Duration by) {
  const Timestamp end = now() + by;
  settle();
  for (int rounds = 0; rounds < 1'000; ++rounds) {
    Timestamp next = end;
    for (const TimerRow& row : timers()) next.ms = std::min(next.ms, row.timer.due.ms);
    if (next.ms >= end.ms) break;
    move_clock_to(Timestamp{std::max(next.ms, now().ms + 1)});
    settle();
  }
  move_clock_to(end);
  settle();
}

std::unique_ptr<ReadSession> Bench::session() {
  auto made = world_.engine().read();
  FERMATA_CHECK(made.has_value(), "a case can be read");
  return std::move(*made);
}

std::vector<UserTaskRow> Bench::tasks() {
  return kept(session()->search_user_tasks(scenarios::where({}, rows_max)), [](const UserTaskRow& row) { return fermata::is_live(row.task.status); });
}
std::vector<JobRow> Bench::jobs() {
  return kept(session()->search_jobs(scenarios::where({}, rows_max)), [](const JobRow& row) { return fermata::is_live(row.job.status); });
}
std::vector<TimerRow> Bench::timers() {
  return kept(session()->search_timers(scenarios::where({}, rows_max)), [](const TimerRow& row) { return row.timer.ended_at == never; });
}
std::vector<SubscriptionRow> Bench::subscriptions() {
  return kept(session()->search_subscriptions(scenarios::where({}, rows_max)), [](const SubscriptionRow& row) { return row.subscription.ended_at == never; });
}
std::vector<IncidentRow> Bench::incidents() {
  return kept(session()->search_incidents(scenarios::where({}, rows_max)), [](const IncidentRow& row) { return row.incident.status == IncidentStatus::active; });
}
std::vector<InstanceRow> Bench::instances() {
  return kept(session()->search_instances(scenarios::where({}, rows_max)), [](const InstanceRow& row) { return row.instance.status == InstanceStatus::active; });
}
std::vector<ElementRow> Bench::elements() {
  return kept(session()->search_elements(scenarios::where({}, rows_max)), [](const ElementRow&) { return true; });
}
std::vector<IncidentRow> Bench::all_incidents() {
  return kept(session()->search_incidents(scenarios::where({}, rows_max)), [](const IncidentRow&) { return true; });
}
std::vector<VariableRow> Bench::variables() {
  return kept(session()->search_variables(scenarios::where({}, rows_max)), [](const VariableRow&) { return true; });
}

bool Bench::is_live(ProcessInstanceKey instance) {
  const auto row = session()->instance(instance);
  return row && *row && (*row)->instance.status == InstanceStatus::active;
}

Variables Bench::variables_of(ElementInstanceKey scope) {
  const auto variables = session()->visible_variables(scope);
  return variables ? *variables : Variables{};
}

std::string Bench::difference() {
  const std::vector<std::string> differences = world_.compare_rows_with_replay();
  return differences.empty() ? std::string() : differences.front();
}

}  // namespace fermata::conformance
