// Deploy: new versions of processes, their start subscriptions and start timers in place of those of the version before.
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/timers.h"
#include "engine/core/chain.h"

namespace fermata {

Result<Outcome> Chain::on(const Deploy& command) {
  const TransitionKey transition = reserve();
  Deployed reply;
  reply.key = parts_.keys.make<DeploymentKey>();
  reply.at = context_.now;
  std::vector<Event> events;
  for (const DeployResource& resource : command.resources) {
    const Result<bool> done = deploy_resource(resource, command.always_new_version, reply.key, reply, events);
    if (!done) {
      if (done.error().code != ErrorCode::invalid_argument) return fail(done.error());
      parts_.definitions.clear();
      return Outcome(tl::unexpected(Rejection{RejectionCode::invalid_argument, done.error().message}));
    }
  }
  if (Result<void> written = record(transition, "deploy", std::move(events)); !written) return fail(written.error());
  return Outcome(Reply(std::move(reply)));
}

// Answers whether anything of the resource is new.
Result<bool> Chain::deploy_resource(const DeployResource& resource, bool always, DeploymentKey deployment, Deployed& reply,
                                    std::vector<Event>& events) {
  Resource row;
  row.key = parts_.keys.make<ResourceKey>();
  row.deployment = deployment;
  row.name = resource.name;
  row.kind = resource.kind;
  row.form_id = resource.form_id;
  row.checksum = resource.checksum;
  row.content = resource.content;
  bool is_new = false;
  if (!resource.form_id.empty()) {
    const auto latest = transaction_.latest_form(resource.form_id);
    if (!latest) return fail(latest.error());
    is_new = always || !*latest || (*latest)->checksum != resource.checksum;
    row.version = *latest ? (*latest)->version + (is_new ? 1 : 0) : 1;
    Resource shown = is_new || !*latest ? row : **latest;
    shown.content.clear();
    reply.forms.push_back(std::move(shown));
  } else if (resource.processes.empty()) {
    is_new = true;  // an attachment: kept as it is
  }
  std::vector<Event> process_events;
  for (const DeployResource::Process& process : resource.processes) {
    const auto latest = transaction_.latest_definition(process.process_id);
    if (!latest) return fail(latest.error());
    if (!always && *latest && (*latest)->checksum == resource.checksum && (*latest)->resource_name == resource.name) {
      reply.definitions.push_back(**latest);
      continue;
    }
    is_new = true;
    Definition definition;
    definition.key = parts_.keys.make<DefinitionKey>();
    definition.deployment = deployment;
    definition.resource = row.key;
    definition.process_id = process.process_id;
    definition.name = process.name;
    definition.version = *latest ? (*latest)->version + 1 : 1;
    definition.version_tag = process.graph->version_tag();
    definition.resource_name = resource.name;
    definition.checksum = resource.checksum;
    definition.deployed_at = context_.now;
    process_events.push_back(DefinitionDeployed{definition});
    if (Result<void> done = replace_start_waits(definition, *process.graph, process_events); !done) return fail(done.error());
    parts_.definitions.add(definition, process.graph);
    reply.definitions.push_back(std::move(definition));
  }
  if (is_new) events.push_back(ResourceDeployed{std::move(row)});
  events.insert(events.end(), std::make_move_iterator(process_events.begin()), std::make_move_iterator(process_events.end()));
  return is_new;
}

namespace {

// The expressions of a process's start events see no variables: there is no instance yet.
Result<std::string> constant_text(const ExpressionPtr& expression, std::string_view what, Timestamp now) {
  static const Variables none;
  const ListedVariables nothing(none);
  const Result<Value> value = expression->evaluate({nothing, now});
  if (!value) return fail(value.error());
  if (std::optional<std::string> text = scalar_text(*value)) return std::move(*text);
  return fail(ErrorCode::invalid_argument, std::string(what) + " '" + std::string(expression->text()) + "' gives no text when it is deployed");
}

}  // namespace

Result<void> Chain::replace_start_waits(const Definition& definition, const ProcessGraph& graph, std::vector<Event>& events) {
  const auto subscriptions = transaction_.start_subscriptions_of(definition.process_id);
  if (!subscriptions) return fail(subscriptions.error());
  for (const FoundSubscription& found : *subscriptions) events.push_back(SubscriptionClosed{found.subscription.key, false, context_.now});
  const auto timers = transaction_.start_timers_of(definition.process_id);
  if (!timers) return fail(timers.error());
  for (const FoundTimer& found : *timers) events.push_back(TimerCanceled{found.timer.key, context_.now});

  for (const ElementIndex index : graph.process().start_events) {
    const Element& start_event = graph.element(index);
    if (start_event.timer) {
      const Result<std::string> text = constant_text(start_event.timer->expression, "the start timer", context_.now);
      if (!text) return fail(text.error());
      Result<Timer> timer = timer_from_text(start_event.timer->type, *text, context_.now);
      if (!timer) return fail(ErrorCode::invalid_argument, "start event '" + start_event.id + "': " + timer.error().message);
      if (timer->due == never) continue;
      timer->key = parts_.keys.make<TimerKey>();
      timer->definition = definition.key;
      timer->element = index;
      timer->element_id = start_event.id;
      effects_.push_back(TimerArmed{timer->due});
      events.push_back(TimerSet{std::move(*timer)});
    } else if (start_event.message || start_event.signal) {
      const ExpressionPtr& name = start_event.message ? start_event.message->name : start_event.signal->name;
      const Result<std::string> text = constant_text(name, "the name", context_.now);
      if (!text) return fail(text.error());
      Subscription subscription;
      subscription.key = parts_.keys.make<SubscriptionKey>();
      subscription.kind = start_event.message ? EventKind::message : EventKind::signal;
      subscription.definition = definition.key;
      subscription.process_id = definition.process_id;
      subscription.element = index;
      subscription.element_id = start_event.id;
      subscription.name = *text;
      subscription.created_at = context_.now;
      events.push_back(SubscriptionOpened{std::move(subscription)});
    }
  }
  return {};
}

}  // namespace fermata
