#include "persistence/sqlite/row_encoder.h"

#include "persistence/packed_events.h"

namespace fermata::sqlite {
namespace {

using Must = RowOps::Must;

template <class Entity>
void insert(RowStatement which, const Entity& row, RowOps& ops) {
  ops.statement(which, Must::nothing);
  ColumnWriter writer(ops);
  Entity::fields(row, writer);
}

template <class Entity>
concept Ends = requires { TableSpec<Entity>::ending; };
template <class Entity>
concept OftenPlain = requires { TableSpec<Entity>::plain; };

template <class Entity>
void insert_of(std::int64_t instance, RowStatement which, const Entity& row, RowOps& ops) {
  std::uint64_t mask = ~0ULL;
  if constexpr (OftenPlain<Entity>) {
    static const std::uint64_t plain = mask_of<Entity>(TableSpec<Entity>::plain);
    DefaultCheck defaults(plain);
    Entity::fields(row, defaults);
    if (defaults.holds()) which = EntityStatements<Entity>::insert_plain, mask = ~plain;
  }
  ops.statement(which, Must::nothing);
  ops.value(instance);
  ColumnWriter writer(ops, mask);
  Entity::fields(row, writer);
}

template <class Entity>
void encode_update(const RowChange<Entity>& change, std::int64_t instance, RowOps& ops) {
  static const std::uint64_t changing = mask_of<Entity>(TableSpec<Entity>::changing);
  RowStatement which = EntityStatements<Entity>::update;
  std::uint64_t mask = changing;
  if constexpr (Ends<Entity>) {
    static const std::uint64_t ending = mask_of<Entity>(TableSpec<Entity>::ending);
    if (change.only_ended) which = EntityStatements<Entity>::end, mask = ending;
  }
  ops.statement(which, Must::change_one);
  ColumnWriter writer(ops, mask);
  Entity::fields(*change.row, writer);
  ops.value(instance);
  ops.value(change.row->key.raw());
}

template <class Entity>
void encode_all(const std::vector<RowChange<Entity>>& changes, std::int64_t instance, RowOps& ops) {
  for (const RowChange<Entity>& change : changes) {
    if (change.is_new) {
      insert_of(instance, EntityStatements<Entity>::insert, *change.row, ops);
    } else {
      encode_update(change, instance, ops);
    }
  }
}

void encode_transition(const Transition& transition, RowOps& ops) {
  ops.statement(RowStatement::insert_transition, Must::nothing);
  ops.value(transition.key.raw());
  ops.value(transition.instance.raw());
  ops.value(transition.previous.raw());
  ops.value(transition.at.ms);
  ops.value(std::string_view(transition.command));
  ops.value(std::string_view(transition.actor));
  ops.value(packed_event_format);
  ops.written(RowOps::Tag::bytes, [&](std::string& out) { pack_events(out, transition); });
}

}  // namespace

Result<void> RowEncoder::encode(const Transition& transition, const InstanceState* after, RowOps& ops) {
  changes_.clear();
  if (auto done = project(transition, after, changes_); !done) return done;
  encode_transition(transition, ops);
  if (after != nullptr) {
    encode_instance(transition, ops);
  } else {
    encode_start_events(ops);
  }
  encode_partition(transition, ops);
  const std::int64_t instance = transition.instance.raw();
  encode_all(changes_.elements, instance, ops);
  encode_all(changes_.variables, instance, ops);
  encode_tokens(instance, ops);
  encode_all(changes_.jobs, instance, ops);
  encode_all(changes_.timers, instance, ops);
  encode_all(changes_.subscriptions, instance, ops);
  encode_all(changes_.user_tasks, instance, ops);
  encode_all(changes_.incidents, instance, ops);
  for (const DecisionInstance* row : changes_.decision_instances) insert_of(instance, RowStatement::insert_decision_instance, *row, ops);
  return {};
}

void RowEncoder::encode_next_key(std::int64_t next_key, RowOps& ops) {
  ops.statement(RowStatement::next_key, Must::change_one);
  ops.value(next_key);
}

void RowEncoder::encode_instance(const Transition& transition, RowOps& ops) const {
  const std::int64_t key = transition.instance.raw();
  const std::int64_t last = transition.key.raw();
  if (changes_.instance_is_new) {
    insert_of(last, RowStatement::insert_instance, *changes_.instance, ops);
  } else if (changes_.instance != nullptr) {
    const ProcessInstance& row = *changes_.instance;
    ops.statement(RowStatement::update_instance, Must::change_one);
    ops.value(static_cast<std::int64_t>(row.status));
    ops.value(static_cast<std::int64_t>(row.incidents));
    ops.value(row.ended_at.ms);
    ops.value(last);
    ops.value(key);
  }

  if (changes_.instance_is_new && changes_.instance_ended) return;
  ops.statement(changes_.instance_is_new ? RowStatement::insert_live : changes_.instance_ended ? RowStatement::delete_live : RowStatement::update_live,
                Must::change_one);
  if (!changes_.instance_ended) ops.value(last);
  ops.value(key);
}

void RowEncoder::encode_tokens(std::int64_t instance, RowOps& ops) const {
  for (const Token* token : changes_.tokens_parked) insert_of(instance, RowStatement::insert_token, *token, ops);
  for (const TokenKey key : changes_.tokens_consumed) {
    ops.statement(RowStatement::delete_token, Must::change_one);
    ops.value(instance);
    ops.value(key.raw());
  }
}

void RowEncoder::encode_start_events(RowOps& ops) const {
  for (const TimerFired* event : changes_.start_timers_fired) {
    const bool last = event->next_due == never;
    ops.statement(last ? RowStatement::end_start_timer : RowStatement::fire_start_timer, Must::change_one);
    ops.value(last ? event->at.ms : event->next_due.ms);
    if (!last) ops.value(static_cast<std::int64_t>(event->occurrence));
    ops.value(event->key.raw());
  }
  for (const TimerCanceled* event : changes_.start_timers_canceled) {
    ops.statement(RowStatement::end_start_timer, Must::change_one);
    ops.value(event->at.ms);
    ops.value(event->key.raw());
  }
  for (const SubscriptionClosed* event : changes_.start_subscriptions_closed) {
    ops.statement(RowStatement::end_start_subscription, Must::change_one);
    ops.value(event->at.ms);
    ops.value(event->key.raw());
  }
}

void RowEncoder::encode_partition(const Transition& transition, RowOps& ops) const {
  for (const Resource* row : changes_.resources) insert(RowStatement::insert_resource, *row, ops);
  for (const Definition* row : changes_.definitions) insert(RowStatement::insert_definition, *row, ops);
  for (const DecisionDefinition* row : changes_.decisions) insert(RowStatement::insert_decision, *row, ops);
  for (const Message* row : changes_.messages) insert(RowStatement::insert_message, *row, ops);
  for (const CorrelatedMessage& correlated : changes_.messages_correlated) {
    ops.statement(RowStatement::add_correlated, Must::nothing);  // answered at once, it was never put into the buffer
    ops.value(std::string_view(*correlated.process_id));
    ops.value(correlated.message.raw());
  }
  for (const MessageKey key : changes_.messages_expired) {
    ops.statement(RowStatement::delete_message, Must::nothing);
    ops.value(key.raw());
  }
  for (const RequestRecord* row : changes_.requests) {
    ops.statement(RowStatement::forget_requests, Must::nothing);
    ops.value(transition.at.ms);
    insert(RowStatement::replace_request, *row, ops);
  }
}

}  // namespace fermata::sqlite
