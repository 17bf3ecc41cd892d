#include "persistence/sqlite/row_writer.h"

#include "persistence/packed_events.h"

namespace fermata::sqlite {
namespace {

Error no_row(std::string_view what, std::int64_t key) {
  return Error{ErrorCode::internal, "there is no " + std::string(what) + ' ' + std::to_string(key) + " to change"};
}

}  // namespace

Result<void> RowWriter::prepare(Database& database) {
  struct Wanted {
    Statement& statement;
    std::string sql;
  };
  const std::string one_instance = " WHERE key = ?";
  Wanted wanted[] = {
      {insert_transition_, "INSERT INTO transition (key, instance, previous, at, command, actor, format, events) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
      {insert_instance_, insert_text<ProcessInstance>("last_transition")},
      {update_instance_, "UPDATE process_instance SET status = ?, incidents = ?, ended_at = ?, last_transition = ? WHERE key = ?"},
      {insert_live_, "INSERT INTO live_instance (key, last_transition) VALUES (?, ?)"},
      {update_live_, "UPDATE live_instance SET last_transition = ?2 WHERE key = ?1"},
      {delete_live_, "DELETE FROM live_instance WHERE key = ?"},
      {delete_token_, "DELETE FROM token WHERE instance = ? AND key = ?"},
      {next_key_, "UPDATE counter SET next_key = ? WHERE id = 1"},
      {fire_start_timer_,
       "UPDATE timer SET due = ?, occurrence = occurrence + 1, repetitions_left = repetitions_left - (repetitions_left > 0) "
       "WHERE instance = 0 AND key = ? AND occurrence = ?"},
      {end_start_timer_, "UPDATE timer SET ended_at = ? WHERE instance = 0 AND key = ?"},
      {end_start_subscription_, "UPDATE subscription SET ended_at = ? WHERE instance = 0 AND key = ?"},
      {insert_resource_, insert_text<Resource>("")},
      {insert_definition_, insert_text<Definition>("")},
      {insert_message_, insert_text<Message>("")},
      {delete_message_, "DELETE FROM message WHERE key = ?"},
      {replace_request_, insert_text<RequestRecord>("", "INSERT OR REPLACE")},
      {forget_requests_,
       "DELETE FROM request WHERE (source, id) IN (SELECT source, id FROM request WHERE expires_at <= ? ORDER BY expires_at LIMIT 2)"},
      {find_correlated_, "SELECT correlated_processes FROM message WHERE key = ?"},
      {set_correlated_, "UPDATE message SET correlated_processes = ? WHERE key = ?"},
  };
  for (Wanted& one : wanted) {
    Result<Statement> statement = database.prepare(one.sql);
    if (!statement) return fail(statement.error());
    one.statement = std::move(*statement);
  }
  if (auto done = elements_.prepare(database); !done) return done;
  if (auto done = variables_.prepare(database); !done) return done;
  if (auto done = tokens_.prepare(database); !done) return done;
  if (auto done = jobs_.prepare(database); !done) return done;
  if (auto done = timers_.prepare(database); !done) return done;
  if (auto done = subscriptions_.prepare(database); !done) return done;
  if (auto done = user_tasks_.prepare(database); !done) return done;
  return incidents_.prepare(database);
}

Result<void> RowWriter::write(const Transition& transition, const InstanceState* after) {
  changes_.clear();
  if (auto done = project(transition, after, changes_); !done) return done;
  if (auto done = write_transition(transition); !done) return done;
  if (after != nullptr) {
    if (auto done = write_instance(transition); !done) return done;
  } else if (auto done = write_start_events(); !done) {
    return done;
  }
  if (auto done = write_partition(transition); !done) return done;
  const std::int64_t instance = transition.instance.raw();
  if (auto done = write_all(elements_, changes_.elements, instance); !done) return done;
  if (auto done = write_all(variables_, changes_.variables, instance); !done) return done;
  if (auto done = write_tokens(instance); !done) return done;
  if (auto done = write_all(jobs_, changes_.jobs, instance); !done) return done;
  if (auto done = write_all(timers_, changes_.timers, instance); !done) return done;
  if (auto done = write_all(subscriptions_, changes_.subscriptions, instance); !done) return done;
  if (auto done = write_all(user_tasks_, changes_.user_tasks, instance); !done) return done;
  return write_all(incidents_, changes_.incidents, instance);
}

Result<void> RowWriter::write_next_key(std::int64_t next_key) {
  next_key_.bind(1, next_key);
  return next_key_.run();
}

Result<void> RowWriter::write_transition(const Transition& transition) {
  events_.clear();
  pack_events(events_, transition);
  Statement& insert = insert_transition_;
  insert.bind(1, transition.key.raw());
  insert.bind(2, transition.instance.raw());
  insert.bind(3, transition.previous.raw());
  insert.bind(4, transition.at.ms);
  insert.bind(5, transition.command);
  insert.bind(6, transition.actor);
  insert.bind(7, packed_event_format);
  insert.bind_bytes(8, events_);
  return insert.run();
}

Result<void> RowWriter::write_instance(const Transition& transition) {
  const std::int64_t key = transition.instance.raw();
  const std::int64_t last = transition.key.raw();
  if (changes_.instance_is_new) {
    ColumnWriter writer(insert_instance_, scratch_);
    writer.bind(last);
    ProcessInstance::fields(*changes_.instance, writer);
    if (auto done = insert_instance_.run(); !done) return done;
  } else if (changes_.instance != nullptr) {
    const ProcessInstance& row = *changes_.instance;
    update_instance_.bind(1, static_cast<std::int64_t>(row.status));
    update_instance_.bind(2, row.incidents);
    update_instance_.bind(3, row.ended_at.ms);
    update_instance_.bind(4, last);
    update_instance_.bind(5, key);
    if (auto done = update_instance_.run(); !done) return done;
    if (update_instance_.changes() != 1) return fail(no_row("process instance", key));
  }

  if (changes_.instance_is_new && changes_.instance_ended) return {};
  Statement& live = changes_.instance_is_new ? insert_live_ : changes_.instance_ended ? delete_live_ : update_live_;
  live.bind(1, key);
  if (!changes_.instance_ended) live.bind(2, last);
  if (auto done = live.run(); !done) return done;
  if (live.changes() != 1) return fail(no_row("live process instance", key));
  return {};
}

Result<void> RowWriter::write_tokens(std::int64_t instance) {
  for (const Token* token : changes_.tokens_parked) {
    if (auto done = tokens_.insert(*token, instance, scratch_); !done) return done;
  }
  for (const TokenKey key : changes_.tokens_consumed) {
    delete_token_.bind(1, instance);
    delete_token_.bind(2, key.raw());
    if (auto done = delete_token_.run(); !done) return done;
    if (delete_token_.changes() != 1) return fail(no_row("token", key.raw()));
  }
  return {};
}

Result<void> RowWriter::write_start_events() {
  const auto run_one = [](Statement& statement, std::string_view what, std::int64_t key) -> Result<void> {
    if (auto done = statement.run(); !done) return done;
    if (statement.changes() != 1) return fail(no_row(what, key));
    return {};
  };
  for (const TimerFired* event : changes_.start_timers_fired) {
    const bool last = event->next_due == never;
    Statement& statement = last ? end_start_timer_ : fire_start_timer_;
    statement.bind(1, last ? event->at.ms : event->next_due.ms);
    statement.bind(2, event->key.raw());
    if (!last) statement.bind(3, event->occurrence);
    if (auto done = run_one(statement, "start timer", event->key.raw()); !done) return done;
  }
  for (const TimerCanceled* event : changes_.start_timers_canceled) {
    end_start_timer_.bind(1, event->at.ms);
    end_start_timer_.bind(2, event->key.raw());
    if (auto done = run_one(end_start_timer_, "start timer", event->key.raw()); !done) return done;
  }
  for (const SubscriptionClosed* event : changes_.start_subscriptions_closed) {
    end_start_subscription_.bind(1, event->at.ms);
    end_start_subscription_.bind(2, event->key.raw());
    if (auto done = run_one(end_start_subscription_, "start subscription", event->key.raw()); !done) return done;
  }
  return {};
}

Result<void> RowWriter::write_partition(const Transition& transition) {
  for (const Resource* row : changes_.resources) {
    if (auto done = insert(insert_resource_, *row); !done) return done;
  }
  for (const Definition* row : changes_.definitions) {
    if (auto done = insert(insert_definition_, *row); !done) return done;
  }
  for (const Message* row : changes_.messages) {
    if (auto done = insert(insert_message_, *row); !done) return done;
  }
  for (const CorrelatedMessage& correlated : changes_.messages_correlated) {
    find_correlated_.bind(1, correlated.message.raw());
    const Result<bool> found = find_correlated_.next();
    if (!found) return fail(found.error());
    if (!*found) continue;  // answered at once, so it was never put into the buffer
    std::vector<std::string> processes;
    const std::string_view json = find_correlated_.text(0);
    const bool good = json.empty() || read_list(json, processes);
    find_correlated_.reset();
    if (!good) return fail(unreadable("message"));
    processes.push_back(*correlated.process_id);
    ColumnWriter writer(set_correlated_, scratch_);
    writer.bind(processes);
    writer.bind(correlated.message);
    if (auto done = set_correlated_.run(); !done) return done;
  }
  for (const MessageKey key : changes_.messages_expired) {
    delete_message_.bind(1, key.raw());
    if (auto done = delete_message_.run(); !done) return done;
  }
  for (const RequestRecord* row : changes_.requests) {
    forget_requests_.bind(1, transition.at.ms);
    if (auto done = forget_requests_.run(); !done) return done;
    if (auto done = insert(replace_request_, *row); !done) return done;
  }
  return {};
}

}  // namespace fermata::sqlite
