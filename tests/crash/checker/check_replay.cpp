#include <sqlite3.h>

#include "engine/record/codec.h"
#include "persistence/packed_events.h"
#include "persistence/read_session.h"
#include "persistence/sqlite/sqlite_store.h"
#include "tests/crash/checker/check_store.h"
#include "tests/crash/checker/replay.h"

namespace fermata::checker {
namespace {

// Reads with SQL of its own what no door of the store gives out: packed events, tokens, messages, requests.
class Raw {
 public:
  explicit Raw(const std::string& path) {
    good = sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK;
  }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;
  ~Raw() { sqlite3_close_v2(database_); }

  template <class Visit>
  void each(const char* sql, Visit visit) {
    sqlite3_stmt* statement = nullptr;
    good = good && sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) == SQLITE_OK;
    int code = SQLITE_DONE;
    while (good && (code = sqlite3_step(statement)) == SQLITE_ROW) visit(statement);
    good = good && code == SQLITE_DONE;
    sqlite3_finalize(statement);
  }

  bool good = false;

 private:
  sqlite3* database_ = nullptr;
};

std::string text(sqlite3_stmt* row, int column) {
  const void* bytes = sqlite3_column_blob(row, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

void play_all(Raw& raw, Replay& replay, std::vector<std::string>& broken) {
  raw.each("SELECT key, instance, at, format, events FROM transition ORDER BY key", [&](sqlite3_stmt* row) {
    Transition transition;
    transition.key = TransitionKey{sqlite3_column_int64(row, 0)};
    transition.instance = ProcessInstanceKey{sqlite3_column_int64(row, 1)};
    transition.at = Timestamp{sqlite3_column_int64(row, 2)};
    Result<std::string> json = text(row, 4);
    if (sqlite3_column_int(row, 3) == packed_event_format) json = unpack_events(*json, transition.key, transition.at);
    const auto events = json ? decode_events(*json) : Result<std::vector<Event>>(fail(json.error()));
    if (!events) {
      broken.push_back("transition " + transition.key.text() + " cannot be read: " + events.error().message);
      return;
    }
    transition.events = *events;
    replay.play(transition);
  });
}

// Every row of a collection, page by page.
template <class Page, class Visit>
void all_pages(ReadSession& session, Result<Page> (ReadSession::*search)(const Query&),
               std::vector<std::string>& broken, Visit visit) {
  Query query;
  query.limit = 10'000;
  for (;;) {
    const Result<Page> page = (session.*search)(query);
    if (!page) {
      broken.push_back("rows cannot be listed: " + page.error().message);
      return;
    }
    for (const auto& row : page->items) visit(row);
    if (page->items.size() < query.limit) return;
    query.after = page->end_cursor;
  }
}

RowTexts rows_of(ReadSession& session, Raw& raw, std::vector<std::string>& broken) {
  RowTexts rows;
  const auto inner = [&rows](const char* table, const auto& row, const auto& entity) {
    rows[table][entity.key.raw()] = {row.context.instance.raw(), encode_entity(entity)};
  };
  all_pages(session, &ReadSession::search_instances, broken, [&](const InstanceRow& row) {
    rows["process_instance"][row.instance.key.raw()] = {row.instance.key.raw(), encode_entity(row.instance)};
  });
  all_pages(session, &ReadSession::search_elements, broken,
            [&](const ElementRow& row) { inner("element", row, row.element); });
  all_pages(session, &ReadSession::search_variables, broken,
            [&](const VariableRow& row) { inner("variable", row, row.variable); });
  all_pages(session, &ReadSession::search_jobs, broken, [&](const JobRow& row) { inner("job", row, row.job); });
  all_pages(session, &ReadSession::search_timers, broken, [&](const TimerRow& row) { inner("timer", row, row.timer); });
  all_pages(session, &ReadSession::search_subscriptions, broken,
            [&](const SubscriptionRow& row) { inner("subscription", row, row.subscription); });
  all_pages(session, &ReadSession::search_user_tasks, broken,
            [&](const UserTaskRow& row) { inner("user_task", row, row.task); });
  all_pages(session, &ReadSession::search_incidents, broken,
            [&](const IncidentRow& row) { inner("incident", row, row.incident); });
  all_pages(session, &ReadSession::search_definitions, broken, [&](const Definition& row) {
    rows["definition"][row.key.raw()] = {0, encode_entity(row)};
  });
  all_pages(session, &ReadSession::search_decisions, broken, [&](const DecisionDefinition& row) {
    rows["decision"][row.key.raw()] = {0, encode_entity(row)};
  });
  all_pages(session, &ReadSession::search_decision_instances, broken,
            [&](const DecisionInstanceRow& row) { inner("decision_instance", row, row.decision); });
  raw.each("SELECT key, checksum FROM resource", [&](sqlite3_stmt* row) {
    rows["resource"][sqlite3_column_int64(row, 0)] = {0, text(row, 1)};
  });
  raw.each(
      "SELECT key, name, correlation_key, CASE correlated_processes WHEN '' THEN '[]' ELSE correlated_processes END "
      "FROM message",
      [&](sqlite3_stmt* row) {
        rows["message"][sqlite3_column_int64(row, 0)] = {0, text(row, 1) + " " + text(row, 2) + " " + text(row, 3)};
      });
  return rows;
}

void compare(const RowTexts& stored, const RowTexts& replayed, std::vector<std::string>& broken) {
  constexpr std::size_t lines_max = 200;
  RowTexts all = stored;
  for (const auto& [table, rows] : replayed) all[table].insert(rows.begin(), rows.end());
  const auto find = [](const RowTexts& in, const std::string& table, std::int64_t key) -> const RowText* {
    const auto rows = in.find(table);
    if (rows == in.end()) return nullptr;
    const auto row = rows->second.find(key);
    return row == rows->second.end() ? nullptr : &row->second;
  };
  for (const auto& [table, rows] : all) {
    for (const auto& [key, ignored] : rows) {
      if (broken.size() > lines_max) return;
      const std::string name = table + " " + std::to_string(key);
      const RowText* have = find(stored, table, key);
      const RowText* want = find(replayed, table, key);
      if (have == nullptr)
        broken.push_back(name + " is missing: the events say " + want->json);
      else if (want == nullptr)
        broken.push_back(name + " is there, but no event has made it: " + have->json);
      else if (!(*have == *want))
        broken.push_back(name + " is " + have->json + ", the events say " + want->json);
    }
  }
}

// A remembered answer may be forgotten when its time is over, and not before.
void compare_requests(Raw& raw, const Replay& replay, std::vector<std::string>& broken) {
  auto missing = replay.requests;
  Timestamp last{0};
  raw.each("SELECT coalesce(max(at), 0) FROM transition",
           [&](sqlite3_stmt* row) { last = Timestamp{sqlite3_column_int64(row, 0)}; });
  raw.each("SELECT source, id, fingerprint, reply FROM request", [&](sqlite3_stmt* row) {
    const auto known = missing.find({text(row, 0), text(row, 1)});
    if (known == missing.end()) {
      broken.push_back("request " + text(row, 0) + " " + text(row, 1) + " is there, but no event has made it");
      return;
    }
    if (known->second.fingerprint != text(row, 2) || known->second.reply != text(row, 3)) {
      broken.push_back("request " + text(row, 0) + " " + text(row, 1) + " is not what its event says");
    }
    missing.erase(known);
  });
  for (const auto& [name, request] : missing) {
    if (request.expires_at > last)
      broken.push_back("request " + name.first + " " + name.second + " is forgotten too early");
  }
}

void check_live(StoreLookups& lookups, Replay& replay, std::vector<std::string>& broken) {
  for (const auto& [key, replayed] : replay.instances) {
    if (key == 0) continue;
    const auto loaded = lookups.load_instance(ProcessInstanceKey{key});
    if (!loaded || !*loaded) {
      broken.push_back("instance " + std::to_string(key) + " should live, but cannot be loaded" +
                       (loaded ? "" : ": " + loaded.error().message));
      continue;
    }
    for (std::string& line : broken_invariants(**loaded)) broken.push_back(std::move(line));
    if ((*loaded)->canonical() != replayed.canonical()) {
      broken.push_back("instance " + std::to_string(key) + " is loaded as\n" + (*loaded)->canonical() +
                       "but its events say\n" + replayed.canonical());
    }
  }
}

}  // namespace

std::vector<std::string> check_replay(const std::string& path) {
  std::vector<std::string> broken;
  SqliteStoreOptions options;
  options.path = path;
  options.create = false;
  options.checkpoint_every_pages = 0;
  const auto store = open_sqlite_store(options);
  if (!store) return {"the store does not open: " + store.error().message};
  const auto session = (*store)->read();
  if (!session) return {"the store cannot be read: " + session.error().message};
  Raw raw(path);
  Replay replay;
  play_all(raw, replay, broken);
  replay.finish();
  broken.insert(broken.end(), replay.broken.begin(), replay.broken.end());
  compare(rows_of(**session, raw, broken), replay.rows, broken);
  compare_requests(raw, replay, broken);
  check_live((*store)->lookups(), replay, broken);
  if (!raw.good) broken.push_back("the file cannot be read to its end");
  return broken;
}

}  // namespace fermata::checker
