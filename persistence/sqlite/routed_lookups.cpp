#include "persistence/sqlite/routed_lookups.h"

#include <algorithm>

namespace fermata::sqlite {

using Topics = PendingChanges;

// ---------------------------------------------------------------- who answers

Result<StoreLookups*> RoutedLookups::about(std::initializer_list<PendingChanges::Topic> topics) {
  pending_.forget(queue_.committed());
  for (const PendingChanges::Topic topic : topics) {
    if (pending_.touches(topic)) return writer();
  }
  if (queue_.connection_is_free()) return &writer_.lookups();
  return reader();
}

Result<StoreLookups*> RoutedLookups::writer() {
  if (auto done = queue_.execute_all(); !done) return fail(done.error());
  return &writer_.lookups();
}

Result<StoreLookups*> RoutedLookups::reader() {
  if (reader_ == nullptr) {
    Result<Database> database = Database::open(options_);
    if (!database) return fail(database.error());
    reader_ = std::make_unique<Reader>(std::move(*database));
  }
  return &reader_->lookups;
}

template <class Answer, class... Parameters>
Answer RoutedLookups::ask(std::initializer_list<PendingChanges::Topic> topics, Answer (StoreLookups::*question)(Parameters...),
                          std::type_identity_t<Parameters>... arguments) {
  const Result<StoreLookups*> to = about(topics);
  if (!to) return fail(to.error());
  return ((*to)->*question)(arguments...);
}

// ---------------------------------------------------------------- questions that are about more than one thing

Result<std::optional<ProcessInstanceKey>> RoutedLookups::instance_of(std::int64_t any_key) {
  if (recent_.knows(any_key)) return recent_.instance_of(any_key);
  // Answered by the transition with the largest key up to this one, so a pending one with a smaller key counts as well.
  pending_.forget(queue_.committed());
  auto to = pending_.may_have_made(any_key) ? writer() : about({Topics::instance(ProcessInstanceKey{any_key})});
  if (!to) return fail(to.error());
  return (*to)->instance_of(any_key);
}

Result<std::vector<FoundSubscription>> RoutedLookups::find_subscriptions(EventKind kind, std::string_view name,
                                                                         std::optional<std::string_view> correlation_key,
                                                                         std::size_t limit) {
  // A deployment closes start subscriptions by their keys alone.
  const PendingChanges::Topic asked = correlation_key ? Topics::subscriptions(kind, name, *correlation_key) : Topics::subscriptions(kind, name);
  return ask({asked, Topics::any_definition()}, &StoreLookups::find_subscriptions, kind, name, correlation_key, limit);
}

Result<std::vector<Message>> RoutedLookups::buffered_messages(std::string_view name, std::string_view correlation_key, MessageKey after,
                                                              Timestamp now, std::size_t limit) {
  auto found = ask({Topics::messages(name, correlation_key)}, &StoreLookups::buffered_messages, name, correlation_key, after, now, limit);
  if (!found) return found;
  // What changes a message in the buffer, or takes it out, names it by its key alone: only now it is known whether one was meant. Whoever
  // has answered, for the writing connection too may have the open transaction's part of it still before it.
  const bool maybe_changed = std::any_of(found->begin(), found->end(), [this](const Message& message) { return pending_.touches(Topics::message(message.key)); });
  if (!maybe_changed) return found;
  const auto to = writer();
  if (!to) return fail(to.error());
  return (*to)->buffered_messages(name, correlation_key, after, now, limit);
}

// ---------------------------------------------------------------- the others

Result<std::optional<InstanceState>> RoutedLookups::load_instance(ProcessInstanceKey key) {
  return ask({Topics::instance(key)}, &StoreLookups::load_instance, key);
}

Result<std::optional<ProcessInstance>> RoutedLookups::find_instance(ProcessInstanceKey key) {
  return ask({Topics::instance(key)}, &StoreLookups::find_instance, key);
}

Result<std::vector<FoundSubscription>> RoutedLookups::start_subscriptions_of(std::string_view process_id) {
  return ask({Topics::any_definition()}, &StoreLookups::start_subscriptions_of, process_id);
}

Result<std::vector<FoundSubscription>> RoutedLookups::start_subscriptions_for(EventKind kind, std::string_view name) {
  return ask({Topics::any_definition()}, &StoreLookups::start_subscriptions_for, kind, name);
}

Result<std::vector<FoundTimer>> RoutedLookups::start_timers_of(std::string_view process_id) {
  return ask({Topics::any_definition()}, &StoreLookups::start_timers_of, process_id);
}

Result<std::vector<FoundTimer>> RoutedLookups::due_timers(Timestamp now, std::size_t limit) {
  return ask({Topics::any_timer()}, &StoreLookups::due_timers, now, limit);
}

Result<std::optional<Timestamp>> RoutedLookups::next_timer_due() {
  return ask({Topics::any_timer()}, &StoreLookups::next_timer_due);
}

Result<std::vector<FoundJob>> RoutedLookups::available_jobs(std::string_view type, Timestamp now, std::size_t limit) {
  return ask({Topics::job_type(type)}, &StoreLookups::available_jobs, type, now, limit);
}

Result<std::optional<Timestamp>> RoutedLookups::next_job_available(std::string_view type) {
  return ask({Topics::job_type(type)}, &StoreLookups::next_job_available, type);
}

Result<std::vector<std::string>> RoutedLookups::live_job_types() {
  return ask({Topics::any_job()}, &StoreLookups::live_job_types);
}

Result<std::vector<MessageKey>> RoutedLookups::expired_messages(Timestamp now, std::size_t limit) {
  return ask({Topics::any_message()}, &StoreLookups::expired_messages, now, limit);
}

Result<std::optional<Timestamp>> RoutedLookups::next_message_expiry() {
  return ask({Topics::any_message()}, &StoreLookups::next_message_expiry);
}

Result<std::optional<ProcessInstanceKey>> RoutedLookups::instance_started_by(std::string_view process_id, std::string_view correlation_key) {
  return ask({Topics::started_by(process_id, correlation_key)}, &StoreLookups::instance_started_by, process_id, correlation_key);
}

Result<std::vector<ProcessInstanceKey>> RoutedLookups::instances_with_business_key(std::string_view business_key, std::size_t limit) {
  return ask({Topics::business_key(business_key)}, &StoreLookups::instances_with_business_key, business_key, limit);
}

Result<std::optional<RequestRecord>> RoutedLookups::find_request(std::string_view source, std::string_view id) {
  return ask({Topics::request(source, id)}, &StoreLookups::find_request, source, id);
}

Result<std::optional<Definition>> RoutedLookups::find_definition(DefinitionKey key) {
  return ask({Topics::any_definition()}, &StoreLookups::find_definition, key);
}

Result<std::optional<Definition>> RoutedLookups::latest_definition(std::string_view process_id) {
  return ask({Topics::any_definition()}, &StoreLookups::latest_definition, process_id);
}

Result<std::optional<Definition>> RoutedLookups::definition_version(std::string_view process_id, std::int32_t version) {
  return ask({Topics::any_definition()}, &StoreLookups::definition_version, process_id, version);
}

Result<std::optional<Definition>> RoutedLookups::definition_tagged(std::string_view process_id, std::string_view version_tag) {
  return ask({Topics::any_definition()}, &StoreLookups::definition_tagged, process_id, version_tag);
}

Result<std::optional<Definition>> RoutedLookups::definition_in_deployment(std::string_view process_id, DeploymentKey deployment) {
  return ask({Topics::any_definition()}, &StoreLookups::definition_in_deployment, process_id, deployment);
}

Result<std::optional<Resource>> RoutedLookups::find_resource(ResourceKey key) {
  return ask({Topics::any_definition()}, &StoreLookups::find_resource, key);
}

Result<std::optional<Resource>> RoutedLookups::latest_form(std::string_view form_id) {
  return ask({Topics::any_definition()}, &StoreLookups::latest_form, form_id);
}

Result<std::optional<DecisionDefinition>> RoutedLookups::find_decision(DecisionDefinitionKey key) {
  return ask({Topics::any_definition()}, &StoreLookups::find_decision, key);
}

Result<std::optional<DecisionDefinition>> RoutedLookups::select_decision(const DecisionSelector& which) {
  return ask({Topics::any_definition()}, &StoreLookups::select_decision, which);
}

Result<std::vector<DecisionDefinition>> RoutedLookups::decisions_of(ResourceKey resource) {
  return ask({Topics::any_definition()}, &StoreLookups::decisions_of, resource);
}

Result<std::int32_t> RoutedLookups::latest_requirements_version(std::string_view requirements_id) {
  return ask({Topics::any_definition()}, &StoreLookups::latest_requirements_version, requirements_id);
}

Result<std::vector<Resource>> RoutedLookups::resources_of(DeploymentKey deployment, std::string_view kind) {
  return ask({Topics::any_definition()}, &StoreLookups::resources_of, deployment, kind);
}

}  // namespace fermata::sqlite
