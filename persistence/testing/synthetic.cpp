#include "persistence/testing/synthetic.h"

#include <utility>
#include <variant>
#include <vector>

#include "engine/base/check.h"

namespace fermata::testing {

Transition deploy_order(KeySource& keys, Timestamp at, DefinitionKey& definition) {
  Transition transition;
  transition.key = keys.make<TransitionKey>();
  transition.at = at;
  transition.command = "deploy";
  transition.actor = "tester";
  const auto deployment = keys.make<DeploymentKey>();
  const Resource resource{.key = keys.make<ResourceKey>(), .deployment = deployment, .name = "order.bpmn", .kind = "bpmn",
                          .checksum = "c0ffee", .content = "<definitions/>"};
  definition = keys.make<DefinitionKey>();
  transition.events.push_back(ResourceDeployed{resource});
  transition.events.push_back(DefinitionDeployed{{.key = definition, .deployment = deployment, .resource = resource.key, .process_id = "order",
                                                  .name = "Order", .version = 1, .resource_name = resource.name,
                                                  .checksum = resource.checksum, .deployed_at = at}});
  return transition;
}

SyntheticInstance::SyntheticInstance(KeySource& keys, Options options) : keys_(keys), options_(std::move(options)) {}

SyntheticInstance::SyntheticInstance(KeySource& keys, InstanceState state, int steps_done)
    : keys_(keys), state_(std::move(state)), steps_done_(steps_done) {}

Transition SyntheticInstance::step(Timestamp now) {
  FERMATA_CHECK(!ended(), "an ended instance takes no more steps");
  now_ = now;
  transition_ = Transition{};
  transition_.key = keys_.make<TransitionKey>();
  transition_.previous = state_.last_transition;
  transition_.at = now;
  transition_.actor = "tester";
  const int steps = steps_done_;
  switch (steps) {
    case 0: start(); break;
    case 1: complete_validate(); break;
    case 2: complete_reserve(); break;
    case 3: complete_branch("invoice", false); break;
    case 4: complete_branch("ship", true); break;
    default: receive_payment(); break;
  }
  transition_.instance = state_.instance.key;
  state_.last_transition = transition_.key;
  ++steps_done_;
  return std::exchange(transition_, {});
}

void SyntheticInstance::start() {
  transition_.command = "startInstance";
  const auto key = keys_.make<ProcessInstanceKey>();
  emit(InstanceStarted{{.key = key, .definition = options_.definition, .process_id = "order", .version = 1,
                        .business_key = options_.business_key, .root = key, .started_at = now_}});
  emit(ElementEntered{{.key = root_scope(key), .element = 0, .element_id = "order", .kind = ElementKind::process,
                       .status = ElementStatus::active, .started_at = now_}});
  const std::size_t filler = options_.variable_bytes > 120 ? (options_.variable_bytes - 120) / 2 : 0;
  set("orderId", Value::string("A-" + key.text()));
  set("amount", Value::number(*parse_decimal("1299.90")));
  set("customer", Value::context({{"name", Value::string("Ada")}, {"note", Value::string(std::string(filler, 'n'))}}));
  set("lines", Value::list({Value::context({{"sku", Value::string(std::string(filler, 's'))}, {"quantity", Value::integer(2)}})}));
  pass(1, "start", ElementKind::start_event);
  open_job(enter(2, "validate", ElementKind::service_task), "validate");
}

void SyntheticInstance::complete_validate() {
  transition_.command = "completeJob";
  leave(complete_job("validate"));
  pass(3, "decide", ElementKind::business_rule_task);
  pass(4, "approved", ElementKind::exclusive_gateway);
  open_job(enter(5, "reserve", ElementKind::service_task), "reserve");
}

void SyntheticInstance::complete_reserve() {
  transition_.command = "completeJob";
  leave(complete_job("reserve"));
  pass(6, "fork", ElementKind::parallel_gateway);
  open_job(enter(7, "invoice", ElementKind::service_task), "invoice");
  open_job(enter(8, "ship", ElementKind::service_task), "ship");
}

void SyntheticInstance::complete_branch(const char* element_id, bool last) {
  transition_.command = "completeJob";
  leave(complete_job(element_id));
  const ElementInstanceKey root = root_scope(state_.instance.key);
  emit(TokenParked{{.key = keys_.make<TokenKey>(), .scope = root, .flow = last ? 8U : 7U, .gateway = 9, .arrived_at = now_}});
  if (!last) return;
  std::vector<TokenKey> waiting;
  for (const Token& token : state_.tokens) waiting.push_back(token.key);
  for (const TokenKey token : waiting) emit(TokenConsumed{token});
  pass(9, "join", ElementKind::parallel_gateway);
  const ElementInstanceKey payment = enter(10, "payment", ElementKind::receive_task);
  emit(SubscriptionOpened{{.key = keys_.make<SubscriptionKey>(), .kind = EventKind::message, .element_instance = payment,
                           .process_id = "order", .element = 10, .element_id = "payment", .name = "payment",
                           .correlation_key = "A-" + state_.instance.key.text(), .created_at = now_}});
  emit(TimerSet{{.key = keys_.make<TimerKey>(), .element_instance = payment, .element = 11, .element_id = "late",
                 .due = now_ + Duration::from_seconds(86'400)}});
}

void SyntheticInstance::receive_payment() {
  transition_.command = "triggerSubscription";
  const Subscription subscription = *state_.subscriptions.begin();
  const Timer timer = *state_.timers.begin();
  emit(SubscriptionClosed{subscription.key, true, now_});
  emit(TimerCanceled{timer.key, now_});
  leave(subscription.element_instance);
  pass(12, "total", ElementKind::script_task);
  pass(13, "end", ElementKind::end_event);
  leave(root_scope(state_.instance.key));
  emit(InstanceEnded{InstanceStatus::completed, now_});
}

void SyntheticInstance::emit(Event event) {
  fermata::apply(state_, event);  // qualified: Event is a std::variant, and std::apply would be found as well
  transition_.events.push_back(std::move(event));
}

ElementInstanceKey SyntheticInstance::enter(std::uint32_t element, const char* element_id, ElementKind kind) {
  const auto key = keys_.make<ElementInstanceKey>();
  emit(ElementEntered{{.key = key, .scope = root_scope(state_.instance.key), .element = element, .element_id = element_id, .kind = kind,
                       .status = ElementStatus::active, .started_at = now_}});
  return key;
}

void SyntheticInstance::leave(ElementInstanceKey key) {
  emit(ElementStatusChanged{key, ElementStatus::completing, now_});
  emit(ElementStatusChanged{key, ElementStatus::completed, now_});
}

void SyntheticInstance::open_job(ElementInstanceKey element, const char* element_id) {
  emit(JobCreated{{.key = keys_.make<JobKey>(), .element_instance = element, .element_id = element_id, .type = element_id, .created_at = now_}});
}

ElementInstanceKey SyntheticInstance::complete_job(const char* element_id) {
  for (const Job& job : state_.jobs) {
    if (job.element_id != element_id) continue;
    const ElementInstanceKey element = job.element_instance;
    emit(JobLocked{job.key, "worker", 1, now_ + Duration::from_seconds(30)});
    emit(JobEnded{job.key, JobStatus::completed, "", "", now_});
    return element;
  }
  FERMATA_CHECK(false, "the synthetic instance waits for this job");
  return {};
}

void SyntheticInstance::set(const char* name, Value value) {
  emit(VariableSet{{.key = keys_.make<VariableKey>(), .scope = root_scope(state_.instance.key), .name = name, .value = std::move(value)}});
}

}  // namespace fermata::testing
