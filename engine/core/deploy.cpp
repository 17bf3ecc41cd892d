// Deploy: new versions of processes, forms and decisions; and of processes their start subscriptions and start timers in place of those
// of the version before.
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/timers.h"
#include "engine/core/chain.h"

namespace fermata {

Result<Outcome> Chain::on(const Deploy& command) {
  const TransitionKey transition = reserve();
  Deployed reply;
  reply.key = parts_.keys.make<DeploymentKey>();
  reply.at = context_.now;
  Result<std::vector<Latest>> latest = latest_of(command);
  if (!latest) return fail(latest.error());
  const std::vector<bool> renewed = renewed_by(command, *latest);
  std::vector<Event> events;
  for (std::size_t i = 0; i < command.resources.size(); ++i) {
    if (!renewed[i]) {
      keep((*latest)[i], reply);
      continue;
    }
    const Result<void> done = deploy_resource(command.resources[i], (*latest)[i], reply, events);
    if (done) continue;
    if (done.error().code != ErrorCode::invalid_argument) return fail(done.error());
    parts_.definitions.clear();
    parts_.decisions.clear();
    return Outcome(tl::unexpected(Rejection{RejectionCode::invalid_argument, done.error().message}));
  }
  if (Result<void> written = record(transition, "deploy", std::move(events)); !written) return fail(written.error());
  return Outcome(Reply(std::move(reply)));
}

// ---------------------------------------------------------------- what is there, and what is new

Result<std::vector<Chain::Latest>> Chain::latest_of(const Deploy& command) {
  std::vector<Latest> all;
  for (const DeployResource& resource : command.resources) {
    Latest& latest = all.emplace_back();
    latest.is_unchanged = resource.defines_anything();
    const auto note = [&](const auto& found, auto& list) {
      latest.is_unchanged = latest.is_unchanged && found && found->checksum == resource.checksum && found->resource_name == resource.name;
      list.push_back(found);
    };
    for (const DeployResource::Process& process : resource.processes) {
      const auto found = transaction_.latest_definition(process.process_id);
      if (!found) return fail(found.error());
      note(*found, latest.processes);
    }
    if (resource.decisions) {
      for (const DeployResource::Decisions::Decision& decision : resource.decisions->all) {
        const auto found = transaction_.select_decision({.decision_id = decision.id, .version = {}, .version_tag = {}, .deployment = {}});
        if (!found) return fail(found.error());
        note(*found, latest.decisions);
      }
    }
    if (!resource.form_id.empty()) {
      auto found = transaction_.latest_form(resource.form_id);
      if (!found) return fail(found.error());
      latest.is_unchanged = *found && (*found)->checksum == resource.checksum;
      latest.form = std::move(*found);
    }
  }
  return all;
}

// A file that defines nothing is an attachment: kept every time, and no reason to renew others.
std::vector<bool> Chain::renewed_by(const Deploy& command, const std::vector<Latest>& latest) {
  bool any_changed = false;
  bool any_importing_changed = false;
  for (std::size_t i = 0; i < latest.size(); ++i) {
    const DeployResource& resource = command.resources[i];
    if (latest[i].is_unchanged || !resource.defines_anything()) continue;
    any_changed = true;
    any_importing_changed = any_importing_changed || (resource.decisions && resource.decisions->imports);
  }
  std::vector<bool> renewed;
  for (std::size_t i = 0; i < latest.size(); ++i) {
    const DeployResource& resource = command.resources[i];
    bool is_renewed = !latest[i].is_unchanged;
    if (command.versions == Deploy::Versions::always) is_renewed = true;
    if (command.versions == Deploy::Versions::together && any_changed) is_renewed = true;
    // What a DMN file imports is looked for beside it when it is compiled again after a restart.
    if (resource.decisions && any_importing_changed) is_renewed = true;
    renewed.push_back(is_renewed);
  }
  return renewed;
}

void Chain::keep(const Latest& latest, Deployed& reply) {
  for (const std::optional<Definition>& definition : latest.processes) reply.definitions.push_back(*definition);
  for (const std::optional<DecisionDefinition>& decision : latest.decisions) reply.decisions.push_back(*decision);
  if (!latest.form) return;
  reply.forms.push_back(*latest.form);
  reply.forms.back().content.clear();
}

// ---------------------------------------------------------------- one file

Result<void> Chain::deploy_resource(const DeployResource& resource, const Latest& latest, Deployed& reply, std::vector<Event>& events) {
  Resource row;
  row.key = parts_.keys.make<ResourceKey>();
  row.deployment = reply.key;
  row.name = resource.name;
  row.kind = resource.kind;
  row.form_id = resource.form_id;
  row.checksum = resource.checksum;
  if (latest.form) row.version = latest.form->version + 1;
  if (resource.decisions) {
    const Result<std::int32_t> before = transaction_.latest_requirements_version(resource.decisions->requirements_id);
    if (!before) return fail(before.error());
    row.version = *before + 1;
  }
  if (!resource.form_id.empty()) reply.forms.push_back(row);
  const Resource head = row;
  row.content = resource.content;
  events.push_back(ResourceDeployed{std::move(row)});
  if (resource.decisions) deploy_decisions(resource, head, latest, reply, events);
  return deploy_processes(resource, head, latest, reply, events);
}

Result<void> Chain::deploy_processes(const DeployResource& resource, const Resource& row, const Latest& latest, Deployed& reply,
                                     std::vector<Event>& events) {
  for (std::size_t i = 0; i < resource.processes.size(); ++i) {
    const DeployResource::Process& process = resource.processes[i];
    const std::optional<Definition>& before = latest.processes[i];
    Definition definition;
    definition.key = parts_.keys.make<DefinitionKey>();
    definition.deployment = row.deployment;
    definition.resource = row.key;
    definition.process_id = process.process_id;
    definition.name = process.name;
    definition.version = before ? before->version + 1 : 1;
    definition.version_tag = process.graph->version_tag();
    definition.resource_name = resource.name;
    definition.checksum = resource.checksum;
    definition.deployed_at = context_.now;
    events.push_back(DefinitionDeployed{definition});
    if (Result<void> done = replace_start_waits(definition, *process.graph, events); !done) return done;
    parts_.definitions.add(definition, process.graph);
    reply.definitions.push_back(std::move(definition));
  }
  return {};
}

void Chain::deploy_decisions(const DeployResource& resource, const Resource& row, const Latest& latest, Deployed& reply, std::vector<Event>& events) {
  auto file = std::make_shared<DecisionFile>();
  file->model = resource.decisions->model;
  for (std::size_t i = 0; i < resource.decisions->all.size(); ++i) {
    const DeployResource::Decisions::Decision& decision = resource.decisions->all[i];
    const std::optional<DecisionDefinition>& before = latest.decisions[i];
    DecisionDefinition& made = file->decisions.emplace_back();
    made.key = parts_.keys.make<DecisionDefinitionKey>();
    made.deployment = row.deployment;
    made.resource = row.key;
    made.decision_id = decision.id;
    made.name = decision.name;
    made.version = before ? before->version + 1 : 1;
    made.version_tag = decision.version_tag;
    made.requirements_id = resource.decisions->requirements_id;
    made.requirements_name = resource.decisions->requirements_name;
    made.requirements_version = row.version;
    made.resource_name = resource.name;
    made.checksum = resource.checksum;
    made.deployed_at = context_.now;
    events.push_back(DecisionDeployed{made});
    reply.decisions.push_back(made);
  }
  parts_.decisions.add(row.key, std::move(file));
}

// ---------------------------------------------------------------- start events

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
