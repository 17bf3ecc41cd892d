// The invariants of one instance (groups A to E of docs/ARCHITECTURE.md, "What never breaks"), checked on its live state.
#include <set>
#include <string>

#include "engine/state/instance_state.h"

namespace fermata {
namespace {

class Inspector {
 public:
  explicit Inspector(const InstanceState& state) : state_(state) {}

  std::vector<std::string> inspect() {
    if (state_.instance.status != InstanceStatus::active) {
      nothing_lives_after_the_end();
      return std::move(broken_);
    }
    elements_have_live_scopes();
    waits_belong_to_live_elements();
    incidents_are_counted();
    multi_instances_add_up();
    nobody_is_wedged();
    return std::move(broken_);
  }

 private:
  void report(const std::string& what) { broken_.push_back("instance " + state_.instance.key.text() + ": " + what); }

  bool live(ElementInstanceKey key) const {
    const ElementInstance* element = state_.elements.find(key);
    return element != nullptr && is_live(element->status);
  }

  // I11: ended if and only if nothing of it lives.
  void nothing_lives_after_the_end() {
    for (const auto& element : state_.elements) {
      if (is_live(element.status)) report("ended, but element " + element.element_id + " lives");
    }
    for (const auto& job : state_.jobs) {
      if (is_live(job.status)) report("ended, but job " + job.key.text() + " lives");
    }
    for (const auto& timer : state_.timers) {
      if (timer.ended_at == never) report("ended, but timer " + timer.key.text() + " is pending");
    }
    for (const auto& subscription : state_.subscriptions) {
      if (subscription.ended_at == never) report("ended, but subscription " + subscription.key.text() + " is open");
    }
    for (const auto& task : state_.user_tasks) {
      if (is_live(task.status)) report("ended, but user task " + task.key.text() + " lives");
    }
    for (const auto& incident : state_.incidents) {
      if (incident.status == IncidentStatus::active) report("ended, but incident " + incident.key.text() + " is open");
    }
    if (!state_.tokens.empty()) report("ended, but tokens wait at a join");
    if (state_.instance.incidents != 0) report("ended, but counts open incidents");
  }

  void elements_have_live_scopes() {
    if (!live(root_scope(state_.instance.key))) report("active without a live root");
    for (const auto& element : state_.elements) {
      if (!is_live(element.status) || !element.scope) continue;
      if (!live(element.scope)) report("element " + element.element_id + " lives in a scope that does not");
    }
    for (const auto& token : state_.tokens) {
      if (!live(token.scope)) report("token " + token.key.text() + " waits in a scope that does not live");
    }
  }

  void waits_belong_to_live_elements() {
    std::set<ElementInstanceKey> with_job;
    for (const auto& job : state_.jobs) {
      if (!is_live(job.status)) continue;
      if (!live(job.element_instance)) report("job " + job.key.text() + " belongs to no live element");
      if (!with_job.insert(job.element_instance).second) report("element of job " + job.key.text() + " has two live jobs");
      if (job.status == JobStatus::out_of_retries && !job.incident) report("job " + job.key.text() + " failed without an incident");
      if (job.status == JobStatus::locked && job.worker.empty()) report("job " + job.key.text() + " is locked by nobody");
    }
    for (const auto& task : state_.user_tasks) {
      if (is_live(task.status) && !live(task.element_instance)) report("user task " + task.key.text() + " belongs to no live element");
    }
    for (const auto& timer : state_.timers) {
      if (timer.ended_at == never && !live(timer.element_instance)) report("timer " + timer.key.text() + " belongs to no live element");
    }
    for (const auto& subscription : state_.subscriptions) {
      if (subscription.ended_at == never && !live(subscription.element_instance)) {
        report("subscription " + subscription.key.text() + " belongs to no live element");
      }
    }
  }

  void incidents_are_counted() {
    std::int32_t open = 0;
    for (const auto& incident : state_.incidents) {
      if (incident.status != IncidentStatus::active) continue;
      ++open;
      const ElementInstance* element = state_.elements.find(incident.element_instance);
      if (element == nullptr || !is_live(element->status)) report("incident " + incident.key.text() + " is open on no live element");
    }
    if (open != state_.instance.incidents) report("counts " + std::to_string(state_.instance.incidents) + " incidents, has " + std::to_string(open));
  }

  // I13: instances = active + completed + terminated; loop counters are unique.
  void multi_instances_add_up() {
    for (const auto& body : state_.elements) {
      if (body.role != ElementRole::multi_instance_body || !is_live(body.status)) continue;
      std::int32_t active = 0;
      std::set<std::int32_t> counters;
      for (const auto& inner : state_.elements) {
        if (inner.scope != body.key || !is_live(inner.status)) continue;
        ++active;
        if (!counters.insert(inner.loop_counter).second) report("two inner instances of " + body.element_id + " have one loop counter");
      }
      const std::int32_t known = active + body.instances_completed + body.instances_terminated;
      if (known > body.instances_total) report("inner instances of " + body.element_id + " do not add up");
    }
  }

  // I17: whoever lives waits for something that can happen: a child, a job, a timer, a message, a person, an incident.
  void nobody_is_wedged() {
    for (const auto& element : state_.elements) {
      if (!is_live(element.status) || element.incident || element.called) continue;
      if (!waits_for_something(element.key)) report("element " + element.element_id + " (" + element.key.text() + ") waits for nothing");
    }
  }

  bool waits_for_something(ElementInstanceKey key) const {
    if (state_.has_live_children(key)) return true;
    for (const auto& token : state_.tokens) {
      if (token.scope == key) return true;
    }
    for (const auto& job : state_.jobs) {
      if (job.element_instance == key && is_live(job.status)) return true;
    }
    for (const auto& timer : state_.timers) {
      if (timer.element_instance == key && timer.ended_at == never) return true;
    }
    for (const auto& subscription : state_.subscriptions) {
      if (subscription.element_instance == key && subscription.ended_at == never) return true;
    }
    for (const auto& task : state_.user_tasks) {
      if (task.element_instance == key && is_live(task.status)) return true;
    }
    for (const auto& handler : state_.elements) {
      if (handler.compensates == key && is_live(handler.status)) return true;
    }
    return false;
  }

  const InstanceState& state_;
  std::vector<std::string> broken_;
};

}  // namespace

std::vector<std::string> broken_invariants(const InstanceState& state) { return Inspector(state).inspect(); }

}  // namespace fermata
