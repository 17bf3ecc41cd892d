#include "tests/simulation/simulation.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/record/codec.h"
#include "tests/simulation/models.h"

namespace fermata::simulation {
namespace {

constexpr Timestamp start_of_time{1'790'000'000'000};
const std::vector<std::string> job_types = {"a", "b", "slow", "undo_book", "undo_pay"};

ActivateJobs poll_of(const std::string& type, std::size_t max_jobs, Duration timeout) {
  ActivateJobs::Topic topic;
  topic.type = type;
  topic.timeout = timeout;
  ActivateJobs command;
  command.topics.push_back(std::move(topic));
  command.worker = "worker";
  command.max_jobs = max_jobs;
  return command;
}

ClientRequest request_of(ClientCommand command) {
  ClientRequest request;
  request.command = std::move(command);
  request.actor = "simulation";
  return request;
}

}  // namespace

Simulation::Simulation(const SimulationOptions& options)
    : options_(options), random_(options.seed), clock_(std::make_shared<VirtualClock>(start_of_time)) {
  faults_->random.seed(options.seed);
  open();
  const auto deployed = engine_->call(request_of(deploy_models()));
  FERMATA_CHECK(deployed && *deployed, "the models can be deployed");
  faults_->probability = options_.fault_probability;
}

void Simulation::open() {
  engine_.reset();
  auto store = open_memory_store(rows_);
  FERMATA_CHECK(store.has_value(), "the memory store opens");
  std::unique_ptr<Store> inner = std::move(*store);
  if (options_.wrap) inner = options_.wrap(std::move(inner));
  auto faulty = std::make_unique<FaultyStore>(std::move(inner), faults_);
  store_ = faulty.get();
  EngineOptions options;
  options.store = std::move(faulty);
  options.clock = clock_;
  options.compile = compile_models;
  options.compile_decisions = compile_decisions;
  options.partition.check_invariants = true;
  options.partition.cached_instances_max = options_.cached_instances_max;
  options.batch_commands_max = options_.batch_commands_max;
  options.own_thread = false;
  options.observer = [this](const Transition& transition, const InstanceState*) {
    if (transition.instance) touched_.insert(transition.instance);
  };
  auto engine = Engine::open(std::move(options));
  FERMATA_CHECK(engine.has_value(), "the engine opens");
  engine_ = std::move(*engine);
}

std::string Simulation::run() {
  for (step_ = 1; step_ <= options_.steps && trouble_.empty(); ++step_) {
    step();
    check_step();
  }
  faults_->probability = 0;
  if (trouble_.empty()) finish_everything();
  if (trouble_.empty()) check_acknowledged();
  return trouble_;
}

void Simulation::step() {
  if (options_.restarts && chance(4)) {
    ++restarts_;
    open();
  }
  for (int commands = pick(1, 5); commands > 0; --commands) {
    switch (pick(0, 10)) {
      case 0:
      case 1: create(); break;
      case 2:
      case 3: poll(); break;
      case 4:
      case 5: answer_job(); break;
      case 6: publish(); break;
      case 7: touch_user_task(); break;
      case 8: ask_decision(); break;
      default: operate();
    }
  }
  if (chance(30)) clock_->advance(Duration{chance(50) ? pick(1, 5'000) : pick(1, 20 * 60'000)});
  if (chance(20)) go_close_to_a_timer();
  engine_->run_until_idle();
}

// A millisecond before the next timer is due, at that moment, or after it.
void Simulation::go_close_to_a_timer() {
  const auto due = store_->lookups().next_timer_due();
  if (!due || !*due || **due <= clock_->now()) return;
  engine_->run_until_idle();
  clock_->set(std::max(clock_->now(), Timestamp{(*due)->ms + pick(-1, 1)}));
}

void Simulation::submit(ClientCommand command) {
  ClientRequest request = request_of(command);
  const Result<void> accepted = engine_->submit(std::move(request), [this, command = std::move(command)](Result<Outcome> outcome) {
    handle(command, outcome);
  });
  if (!accepted) broken("the queue refused a command: " + accepted.error().message);
}

void Simulation::handle(const ClientCommand& command, const Result<Outcome>& outcome) {
  if (!outcome) {
    ++failed_;
    if (options_.fault_probability == 0 && outcome.error().code != ErrorCode::unavailable) broken(outcome.error().message);
    return;
  }
  if (!*outcome) {
    ++rejected_;
    return;
  }
  ++answered_well_;
  if (const auto* created = std::get_if<InstanceCreated>(&**outcome)) created_.push_back(created->instance);
  if (const auto* jobs = std::get_if<JobsActivated>(&**outcome)) leased_.insert(leased_.end(), jobs->jobs.begin(), jobs->jobs.end());
  if (const auto* answered = std::get_if<DecisionAnswered>(&**outcome)) evaluated_.insert(evaluated_.end(), answered->instances.begin(), answered->instances.end());
  if (const auto* complete = std::get_if<CompleteJob>(&command)) {
    if (!completed_.insert(complete->job).second) broken("job " + complete->job.text() + " was completed twice, says the engine");
  }
}

void Simulation::create() {
  CreateInstance command;
  command.process_id = any_of(model_ids());
  if (command.process_id == "by_message") return;
  Value::List items(static_cast<std::size_t>(pick(0, 4)), Value::integer(1));
  Value::List later(static_cast<std::size_t>(pick(0, 2)), Value::integer(1));
  command.variables = {{"order", Value::integer(pick(0, 9))}, {"items", Value::list(std::move(items))}, {"later", Value::list(std::move(later))}};
  submit(std::move(command));
}

void Simulation::poll() {
  submit(poll_of(any_of(job_types), static_cast<std::size_t>(pick(1, 8)), Duration{chance(20) ? 1'000 : pick(1, 10) * 60'000}));
}

void Simulation::answer_job() {
  if (leased_.empty()) return;
  const ActivatedJob job = any_of(leased_);
  const int what = pick(0, 9);
  if (what <= 5) {
    CompleteJob command;
    command.job = job.job.key;
    if (!chance(10)) command.lease = job.job.lease;
    command.variables = {{"done", Value::integer(pick(0, 1))}, {"step", Value::integer(step_)}};
    return submit(std::move(command));
  }
  if (what <= 7) {
    FailJob command;
    command.job = job.job.key;
    command.lease = job.job.lease;
    command.message = "does not work";
    if (chance(30)) command.retries = pick(0, 2);
    if (chance(30)) command.retry_after = Duration{pick(0, 60'000)};
    command.ambiguous = chance(10);
    return submit(std::move(command));
  }
  if (what == 8) {
    ThrowJobError command;
    command.job = job.job.key;
    command.lease = job.job.lease;
    command.code = chance(70) ? "BROKEN" : "UNKNOWN";
    return submit(std::move(command));
  }
  UpdateJob command;
  command.job = job.job.key;
  if (chance(50)) command.lease = job.job.lease;
  if (chance(50)) command.timeout = Duration{chance(30) ? 0 : pick(1, 300'000)};
  if (chance(30)) command.retries = pick(1, 5);
  submit(std::move(command));
}

void Simulation::publish() {
  PublishMessage command;
  command.name = chance(60) ? "paid" : "go";
  const int order = pick(0, 9);
  command.correlation_key = std::to_string(order);
  command.variables = {{"order", Value::integer(order)}};
  if (chance(40)) command.message_id = "m" + std::to_string(pick(0, 30));
  command.ttl = Duration{chance(50) ? 0 : pick(1, 30) * 60'000};
  submit(std::move(command));
}

void Simulation::touch_user_task() {
  if (user_tasks_.empty()) return;
  const UserTaskKey task = any_of(user_tasks_);
  if (chance(50)) {
    submit(AssignUserTask{task, chance(30) ? "" : "user" + std::to_string(pick(1, 3)), chance(50)});
  } else {
    submit(CompleteUserTask{task, {{"approved", Value::boolean(true)}}, "user1"});
  }
}

void Simulation::ask_decision() {
  EvaluateDecision command;
  command.decision_id = "size";
  if (chance(30)) command.version = pick(1, 2);  // there is no second one
  command.variables = {{"order", Value::integer(pick(0, 9))}};
  submit(std::move(command));
}

void Simulation::operate() {
  if (created_.empty()) return;
  const ProcessInstanceKey instance = any_of(created_);
  const int what = pick(0, 9);
  if (what <= 1) return submit(CancelInstance{instance});
  if (what <= 5) return submit(SetVariables{root_scope(instance), {{"order", Value::integer(pick(0, 9))}}, chance(50)});
  if (!incidents_.empty()) submit(ResolveIncident{any_of(incidents_), pick(1, 3)});
}

void Simulation::broken(const std::string& what) {
  if (!trouble_.empty()) return;
  trouble_ = "seed " + std::to_string(options_.seed) + ", step " + std::to_string(step_) + ": " + what + "\nthe last events:\n";
  for (const std::string& line : recent_) trouble_ += "  " + line + "\n";
}

std::string Simulation::statistics() const {
  return "instances " + std::to_string(shadows_.size()) + ", well " + std::to_string(answered_well_) + ", rejected " +
         std::to_string(rejected_) + ", failed " + std::to_string(failed_) + ", timers " + std::to_string(fired_.size()) + ", jobs ended " +
         std::to_string(ended_jobs_.size()) + ", faults " + std::to_string(faults_->failed) + ", restarts " + std::to_string(restarts_);
}

// Everybody works as well as they can; whatever still lives after that is stuck.
void Simulation::finish_everything() {
  constexpr int rounds_max = 60;
  Query live;
  live.where.push_back({"state", FieldCondition::Op::eq, {Value::string("ACTIVE")}});
  for (int round = 0; round < rounds_max && trouble_.empty(); ++round) {
    for (const std::string& type : job_types) submit(poll_of(type, 200, Duration::from_seconds(60)));
    engine_->run_until_idle();
    for (const ActivatedJob& job : std::exchange(leased_, {})) {
      CompleteJob command;
      command.job = job.job.key;
      command.lease = job.job.lease;
      command.variables = {{"done", Value::integer(1)}};
      submit(std::move(command));
      engine_->run_until_idle();
    }
    for (const UserTaskKey task : std::exchange(user_tasks_, {})) submit(CompleteUserTask{task, {}, "user1"});
    engine_->run_until_idle();
    for (const IncidentKey incident : incidents_) {
      submit(ResolveIncident{incident, 3});
      engine_->run_until_idle();
    }
    for (int order = 0; order <= 9; ++order) {
      PublishMessage paid;
      paid.name = "paid";
      paid.correlation_key = std::to_string(order);
      submit(std::move(paid));
    }
    clock_->advance(Duration::from_seconds(40 * 60));
    engine_->run_until_idle();
    check_step();
    const auto left = (*engine_->read())->search_instances(live);
    if (left && left->items.empty()) return;
  }
  const auto left = (*engine_->read())->search_instances(live);
  for (const InstanceRow& row : left->items) {
    const auto loaded = store_->lookups().load_instance(row.instance.key);
    if (loaded && *loaded) return broken("this instance never ends:\n" + (*loaded)->canonical());
  }
}

// What was answered well is there; what was answered with an error has left nothing behind.
void Simulation::check_acknowledged() {
  const std::set<ProcessInstanceKey> acknowledged(created_.begin(), created_.end());
  for (const ProcessInstanceKey key : acknowledged) {
    const auto row = store_->lookups().find_instance(key);
    if (!row || !*row) broken("instance " + key.text() + " was acknowledged and is lost");
  }
  for (const auto& [key, shadow] : shadows_) {
    const ProcessInstance& instance = shadow.state.instance;
    const bool by_client = !instance.parent && instance.process_id != "by_message";
    if (by_client && !acknowledged.contains(key)) broken("instance " + key.text() + " exists, but its creation was not acknowledged");
  }
  for (const DecisionInstance& made : evaluated_) check_decision(made, "an acknowledged evaluation: ");
  for (const JobKey job : completed_) {
    if (!ended_jobs_.contains(job)) broken("job " + job.text() + " was acknowledged as completed and has not ended");
  }
}

}  // namespace fermata::simulation
