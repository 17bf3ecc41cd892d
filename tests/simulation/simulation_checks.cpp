// The judges of the simulation: they see only what is committed.
#include "engine/record/codec.h"
#include "tests/simulation/simulation.h"

namespace fermata::simulation {
namespace {

constexpr std::size_t recent_max = 40;
constexpr std::size_t transitions_max = 10'000;

void mix(std::uint64_t& digest, std::string_view text) {  // FNV-1a
  for (const char c : text) digest = (digest ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
}

}  // namespace

void Simulation::check_step() {
  for (const ProcessInstanceKey key : std::exchange(touched_, {})) {
    check_instance(key);
    if (!trouble_.empty()) return;
  }
  if (options_.fault_probability > 0) return;  // after a failure the engine waits a moment before it tries its own work again
  const auto due = store_->lookups().due_timers(clock_->now(), 1);
  if (!due || !due->empty()) broken("a timer is due and has not fired");
}

void Simulation::check_instance(ProcessInstanceKey key) {
  auto session = engine_->read();
  if (!session) return broken("cannot read: " + session.error().message);
  const auto transitions = (*session)->transitions(key, transitions_max);
  if (!transitions) return broken("cannot read transitions: " + transitions.error().message);
  if (transitions->empty()) return;  // its only transition was rolled back
  Shadow& shadow = shadows_[key];
  for (auto transition = transitions->rbegin(); transition != transitions->rend(); ++transition) {
    if (transition->key <= shadow.last) continue;
    if (shadow.ended) return broken("instance " + key.text() + " has ended, and then: " + transition->command);
    recent_.push_back(key.text() + " " + transition->command + " " + transition->events_json.substr(0, 600));
    if (recent_.size() > recent_max) recent_.pop_front();
    mix(digest_, transition->events_json);
    const auto events = decode_events(transition->events_json);
    if (!events) return broken("the stored events cannot be read: " + events.error().message);
    for (const Event& event : *events) {
      check_event(key, shadow, event);
      fermata::apply(shadow.state, event);
    }
    shadow.last = transition->key;
    shadow.state.last_transition = transition->key;
    for (const std::string& line : broken_invariants(shadow.state)) broken("instance " + key.text() + ": " + line);
    shadow.state.forget_ended();
    shadow.ended = shadow.state.instance.status != InstanceStatus::active;
  }
  const auto loaded = store_->lookups().load_instance(key);
  if (!loaded) return broken("cannot load: " + loaded.error().message);
  if (shadow.ended != !loaded->has_value()) return broken("instance " + key.text() + " has ended according to one side only");
  const auto row = store_->lookups().find_instance(key);
  if (!row || !*row || (*row)->status != shadow.state.instance.status) broken("the row of instance " + key.text() + " has another status");
  if (*loaded && (*loaded)->canonical() != shadow.state.canonical()) {
    broken("rows and events of instance " + key.text() + " differ: rows\n" + (*loaded)->canonical() + "events\n" + shadow.state.canonical());
  }
}

void Simulation::check_event(ProcessInstanceKey key, Shadow& shadow, const Event& event) {
  const std::string where = "instance " + key.text() + ": ";
  if (const auto* set = std::get_if<TimerSet>(&event)) timers_[set->timer.key] = set->timer.due;
  if (const auto* fired = std::get_if<TimerFired>(&event)) {
    if (fired->at < timers_[fired->key]) broken(where + "timer " + fired->key.text() + " has fired early");
    if (!fired_.emplace(fired->key, fired->occurrence).second) broken(where + "an occurrence of timer " + fired->key.text() + " twice");
    timers_[fired->key] = fired->next_due;
  }
  if (const auto* locked = std::get_if<JobLocked>(&event)) {
    std::int64_t& lease = leases_[locked->key];
    if (locked->lease <= lease) broken(where + "the lease of job " + locked->key.text() + " does not rise");
    lease = locked->lease;
  }
  if (const auto* ended = std::get_if<JobEnded>(&event)) {
    if (!ended_jobs_.insert(ended->key).second) broken(where + "job " + ended->key.text() + " has ended twice");
    if (ended->status == JobStatus::canceled && completed_.contains(ended->key)) {
      broken(where + "job " + ended->key.text() + " was acknowledged as completed and then canceled");
    }
  }
  if (const auto* created = std::get_if<UserTaskCreated>(&event)) user_tasks_.push_back(created->task.key);
  if (const auto* raised = std::get_if<IncidentRaised>(&event)) incidents_.push_back(raised->incident.key);
  if (const auto* evaluated = std::get_if<DecisionEvaluated>(&event)) check_decision(evaluated->decision, where);
  if (std::holds_alternative<InstanceStarted>(event) && shadow.last) broken(where + "it has started twice");
}

// Its row is there, says what was said, and its result follows from its input.
void Simulation::check_decision(const DecisionInstance& made, const std::string& where) {
  const auto row = (*engine_->read())->decision_instance(made.key);
  const std::string name = where + "decision instance " + made.shown_key();
  if (!row || !*row) return broken(name + " is lost");
  const DecisionInstance& kept = (*row)->decision;
  if (kept.inputs != made.inputs || kept.result != made.result || kept.root != made.root) return broken(name + " lies in the history as another one");
  const Value* order = made.inputs.as_list()[0].find("value");
  const bool large = order->is_number() && order->as_number() >= Decimal::from_int64(5);
  if (made.result != Value::string(large ? "large" : "small")) broken(name + " does not follow from its input");
}

}  // namespace fermata::simulation
