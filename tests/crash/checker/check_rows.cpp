#include <sqlite3.h>

#include <memory>

#include "tests/crash/checker/check_store.h"

namespace fermata::checker {
namespace {

struct Check {
  const char* what;  ///< the sentence that is broken
  const char* sql;   ///< one row for each place where it is: a text
};

// Things inside an instance, so that one check serves them all; %T is the table.
constexpr const char* inner_tables[] = {"element", "variable",     "token",     "job",
                                        "timer",   "subscription", "user_task", "incident"};

constexpr Check of_each_table[] = {
    {"a row belongs to no instance",
     "SELECT '%T ' || key || ' of instance ' || instance FROM %T WHERE instance <> 0 AND instance NOT IN (SELECT key "
     "FROM process_instance)"},
    {"a row was made by no transition of its instance",
     "SELECT '%T ' || t.key FROM %T t WHERE t.key <> t.instance AND t.instance IS NOT "
     "(SELECT m.instance FROM transition m WHERE m.key <= t.key ORDER BY m.key DESC LIMIT 1)"},
};

// Job status: 5 and above has ended. Element status: 4 and above. Instance 0: start events.
constexpr Check checks[] = {
    // Keys
    {"the key counter is not above every key",
     "SELECT 'next_key ' || next_key FROM counter WHERE next_key <= (SELECT max(k) FROM (SELECT max(key) k FROM "
     "transition UNION ALL "
     "SELECT max(key) FROM process_instance UNION ALL SELECT max(key) FROM element UNION ALL SELECT max(key) FROM "
     "variable UNION ALL "
     "SELECT max(key) FROM token UNION ALL SELECT max(key) FROM job UNION ALL SELECT max(key) FROM timer UNION ALL "
     "SELECT max(key) FROM subscription "
     "UNION ALL SELECT max(key) FROM user_task UNION ALL SELECT max(key) FROM incident UNION ALL SELECT max(key) FROM "
     "definition UNION ALL "
     "SELECT max(key) FROM resource UNION ALL SELECT max(key) FROM message))"},
    {"the key counter is missing", "SELECT 'counter' WHERE (SELECT count(*) FROM counter) <> 1"},
    {"a key was used twice",
     "SELECT 'key ' || key FROM (SELECT key FROM transition UNION ALL SELECT key FROM process_instance UNION ALL "
     "SELECT key FROM element WHERE key <> instance UNION ALL SELECT key FROM variable UNION ALL SELECT key FROM token "
     "UNION ALL "
     "SELECT key FROM job UNION ALL SELECT key FROM timer UNION ALL SELECT key FROM subscription UNION ALL SELECT key "
     "FROM user_task UNION ALL "
     "SELECT key FROM incident UNION ALL SELECT key FROM definition UNION ALL SELECT key FROM resource UNION ALL "
     "SELECT key FROM message) "
     "GROUP BY key HAVING count(*) > 1"},
    // Instances and their transitions
    {"the set of live instances is not that of the active ones",
     "SELECT 'instance ' || key FROM process_instance WHERE (status = 1) <> (key IN (SELECT key FROM live_instance)) "
     "UNION ALL "
     "SELECT 'live_instance ' || key FROM live_instance WHERE key NOT IN (SELECT key FROM process_instance)"},
    {"status and end do not agree",
     "SELECT 'instance ' || key FROM process_instance WHERE (status = 1) <> (ended_at = 0) UNION ALL "
     "SELECT 'element ' || key FROM element WHERE (status < 4) <> (ended_at = 0) UNION ALL "
     "SELECT 'job ' || key FROM job WHERE (status < 5) <> (ended_at = 0) UNION ALL "
     "SELECT 'user task ' || key FROM user_task WHERE (status < 3) <> (ended_at = 0) UNION ALL "
     "SELECT 'incident ' || key FROM incident WHERE (status = 1) <> (ended_at = 0)"},
    {"the last transition of an instance is not its last",
     "SELECT 'instance ' || i.key FROM process_instance i LEFT JOIN live_instance l ON l.key = i.key "
     "WHERE coalesce(l.last_transition, i.last_transition) IS NOT (SELECT max(t.key) FROM transition t WHERE "
     "t.instance = i.key)"},
    {"the chain of transitions is broken",
     "SELECT 'transition ' || key || ' of instance ' || instance || ' follows ' || previous || ', not ' || before FROM "
     "(SELECT key, instance, previous, lag(key, 1, 0) OVER (PARTITION BY instance ORDER BY key) AS before FROM "
     "transition WHERE instance <> 0) "
     "WHERE previous <> before"},
    {"a transition of no instance",
     "SELECT 'transition ' || key FROM transition WHERE instance <> 0 AND instance NOT IN (SELECT key FROM "
     "process_instance)"},
    {"time went back in an instance",
     "SELECT 'transition ' || key FROM (SELECT key, at, lag(at, 1, 0) OVER (PARTITION BY instance ORDER BY key) AS "
     "before FROM transition "
     "WHERE instance <> 0) WHERE at < before"},
    // I11: ended if and only if nothing lives
    {"an ended instance has something that lives",
     "WITH ended AS (SELECT key FROM process_instance WHERE status <> 1) "
     "SELECT 'element ' || key FROM element WHERE status < 4 AND instance IN ended UNION ALL "
     "SELECT 'job ' || key FROM job WHERE status < 5 AND instance IN ended UNION ALL "
     "SELECT 'timer ' || key FROM timer WHERE ended_at = 0 AND instance IN ended UNION ALL "
     "SELECT 'subscription ' || key FROM subscription WHERE ended_at = 0 AND instance IN ended UNION ALL "
     "SELECT 'user task ' || key FROM user_task WHERE status < 3 AND instance IN ended UNION ALL "
     "SELECT 'incident ' || key FROM incident WHERE status = 1 AND instance IN ended UNION ALL "
     "SELECT 'token ' || key FROM token WHERE instance IN ended"},
    // Elements and what belongs to them
    {"an instance has no root element",
     "SELECT 'instance ' || key FROM process_instance i WHERE NOT EXISTS (SELECT 1 FROM element e WHERE e.instance = "
     "i.key AND e.key = i.key AND e.scope = 0)"},
    {"a scope is missing, or has ended before what is in it",
     "SELECT 'element ' || e.key FROM element e LEFT JOIN element s ON s.instance = e.instance AND s.key = e.scope "
     "WHERE e.key <> e.instance AND (s.key IS NULL OR (e.status < 4 AND s.status >= 4))"},
    {"a row belongs to no element of its instance",
     "SELECT 'variable ' || r.key FROM variable r WHERE NOT EXISTS (SELECT 1 FROM element e WHERE e.instance = "
     "r.instance AND e.key = r.scope) UNION ALL "
     "SELECT 'token ' || r.key FROM token r WHERE NOT EXISTS (SELECT 1 FROM element e WHERE e.instance = r.instance "
     "AND e.key = r.scope AND e.status < 4) UNION ALL "
     "SELECT 'job ' || r.key FROM job r LEFT JOIN element e ON e.instance = r.instance AND e.key = r.element_instance "
     "WHERE e.key IS NULL OR (r.status < 5 AND e.status >= 4) OR e.element_id <> r.element_id UNION ALL "
     "SELECT 'user task ' || r.key FROM user_task r LEFT JOIN element e ON e.instance = r.instance AND e.key = "
     "r.element_instance WHERE e.key IS NULL OR (r.status < 3 AND e.status >= 4) UNION ALL "
     "SELECT 'incident ' || r.key FROM incident r LEFT JOIN element e ON e.instance = r.instance AND e.key = "
     "r.element_instance WHERE e.key IS NULL OR (r.status = 1 AND e.status >= 4) UNION ALL "
     "SELECT 'timer ' || r.key FROM timer r LEFT JOIN element e ON e.instance = r.instance AND e.key = "
     "r.element_instance WHERE r.instance <> 0 AND (e.key IS NULL OR (r.ended_at = 0 AND e.status >= 4)) UNION ALL "
     "SELECT 'subscription ' || r.key FROM subscription r LEFT JOIN element e ON e.instance = r.instance AND e.key = "
     "r.element_instance WHERE r.instance <> 0 AND (e.key IS NULL OR (r.ended_at = 0 AND e.status >= 4))"},
    {"two variables of one scope have one name",
     "SELECT 'variable ' || name || ' of ' || scope FROM variable GROUP BY instance, scope, name HAVING count(*) > 1"},
    {"a value is not JSON",
     "SELECT 'variable ' || key FROM variable WHERE value IS NOT NULL AND NOT json_valid(value)"},
    {"two tokens wait at one gateway by one flow",
     "SELECT 'token ' || max(key) FROM token GROUP BY instance, scope, flow, gateway, arrived_at HAVING count(*) > 1"},
    // C: jobs
    {"an element has two live jobs",
     "SELECT 'element ' || element_instance FROM job WHERE status < 5 GROUP BY instance, element_instance HAVING "
     "count(*) > 1"},
    {"a locked job has no holder",
     "SELECT 'job ' || key FROM job WHERE status = 2 AND (worker = '' OR lease < 1 OR available_at = 0)"},
    {"a failed job has no open incident",
     "SELECT 'job ' || key FROM job j WHERE status = 4 AND NOT EXISTS (SELECT 1 FROM incident n WHERE n.instance = "
     "j.instance AND n.key = j.incident AND n.status = 1)"},
    {"a job has fewer than no retries, or more attempts than leases",
     "SELECT 'job ' || key FROM job WHERE retries < 0 OR attempt > lease"},
    // Incidents
    {"incidents are not counted",
     "SELECT 'instance ' || i.key || ' counts ' || i.incidents FROM process_instance i WHERE i.incidents <> (SELECT "
     "count(*) FROM incident n WHERE n.instance = i.key AND n.status = 1)"},
    {"an element and its incident do not know each other",
     "SELECT 'element ' || e.key FROM element e WHERE e.incident <> 0 AND NOT EXISTS (SELECT 1 FROM incident n WHERE "
     "n.instance = e.instance AND n.key = e.incident AND n.status = 1 AND n.element_instance = e.key) UNION ALL "
     "SELECT 'incident ' || n.key FROM incident n WHERE n.status = 1 AND NOT EXISTS (SELECT 1 FROM element e WHERE "
     "e.instance = n.instance AND e.key = n.element_instance AND e.incident = n.key)"},
    // I13: multi-instance (role 2: body, role 3: inner instance)
    {"two inner instances have one loop counter",
     "SELECT 'body ' || scope FROM element WHERE role = 3 GROUP BY instance, scope, loop_counter HAVING count(*) > 1"},
    {"a multi-instance does not add up",
     "SELECT 'body ' || b.key FROM element b WHERE b.role = 2 AND (b.instances_completed <> (SELECT count(*) FROM "
     "element e WHERE e.instance = b.instance AND e.scope = b.key AND e.role = 3 AND e.status = 4) "
     "OR b.instances_total < (SELECT count(*) FROM element e WHERE e.instance = b.instance AND e.scope = b.key AND "
     "e.role = 3) "
     "OR b.instances_completed + b.instances_terminated > b.instances_total)"},
    // Calls
    {"a call and its child do not know each other",
     "SELECT 'element ' || e.key FROM element e WHERE e.called <> 0 AND NOT EXISTS (SELECT 1 FROM process_instance c "
     "WHERE c.key = e.called AND c.parent = e.instance AND c.parent_element = e.key) UNION ALL "
     "SELECT 'instance ' || c.key FROM process_instance c WHERE c.parent <> 0 AND NOT EXISTS (SELECT 1 FROM element e "
     "WHERE e.instance = c.parent AND e.key = c.parent_element AND e.called = c.key)"},
    {"a child lives and its caller does not, or the other way round",
     "SELECT 'instance ' || c.key FROM process_instance c JOIN element e ON e.instance = c.parent AND e.key = "
     "c.parent_element "
     "WHERE (c.status = 1) <> (e.status < 4) AND NOT (e.status < 4 AND e.incident <> 0)"},
    {"a child has another root or depth than its caller says",
     "SELECT 'instance ' || c.key FROM process_instance c LEFT JOIN process_instance p ON p.key = c.parent "
     "WHERE c.root <> CASE WHEN c.parent = 0 THEN c.key ELSE p.root END OR c.call_depth <> CASE WHEN c.parent = 0 THEN "
     "0 ELSE p.call_depth + 1 END"},
    // Definitions, start events, messages, requests
    {"an instance runs no definition that is deployed",
     "SELECT 'instance ' || i.key FROM process_instance i WHERE NOT EXISTS (SELECT 1 FROM definition d WHERE d.key = "
     "i.definition AND d.process_id = i.process_id AND d.version = i.version)"},
    {"versions of a process have gaps",
     "SELECT 'process ' || process_id FROM definition GROUP BY process_id HAVING min(version) <> 1 OR max(version) <> "
     "count(*)"},
    {"versions of a decision have gaps",
     "SELECT 'decision ' || decision_id FROM decision GROUP BY decision_id HAVING min(version) <> 1 OR max(version) <> "
     "count(*)"},
    {"an evaluated decision is none that is deployed",
     "SELECT 'decision instance ' || key FROM decision_instance WHERE root NOT IN (SELECT key FROM decision)"},
    {"an evaluation of decisions is not whole",
     "SELECT 'evaluation ' || evaluation FROM decision_instance GROUP BY evaluation HAVING min(position) <> 1 OR "
     "max(position) <> count(*) OR min(key) <> evaluation OR max(key) <> evaluation + count(*) - 1"},
    {"a definition has no file",
     "SELECT 'definition ' || key FROM definition WHERE resource NOT IN (SELECT key FROM resource)"},
    {"a start event is open that is not of the latest version",
     "SELECT 'subscription ' || s.key FROM subscription s LEFT JOIN definition d ON d.key = s.definition WHERE "
     "s.instance = 0 AND s.ended_at = 0 AND "
     "d.version IS NOT (SELECT max(version) FROM definition n WHERE n.process_id = s.process_id) UNION ALL "
     "SELECT 'timer ' || t.key FROM timer t LEFT JOIN definition d ON d.key = t.definition WHERE t.instance = 0 AND "
     "t.ended_at = 0 AND "
     "d.version IS NOT (SELECT max(version) FROM definition n WHERE n.process_id = d.process_id)"},
    {"two live instances of a process were started with one correlation key",
     "SELECT process_id || ' ' || start_correlation_key FROM process_instance WHERE ended_at = 0 AND "
     "start_correlation_key <> '' GROUP BY process_id, start_correlation_key HAVING count(*) > 1"},
    {"a remembered answer is not JSON", "SELECT source || ' ' || id FROM request WHERE NOT json_valid(reply)"},
};

struct Closer {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

class Rows {
 public:
  explicit Rows(sqlite3* database) : database_(database) {}

  void run(const std::string& what, const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    const int prepared = sqlite3_prepare_v2(database_, sql.c_str(), -1, &raw, nullptr);
    const std::unique_ptr<sqlite3_stmt, Closer> statement(raw);
    if (prepared != SQLITE_OK) {
      broken.push_back("cannot be checked: " + what + ": " + sqlite3_errmsg(database_));
      return;
    }
    int code = sqlite3_step(raw);
    for (int n = 0; code == SQLITE_ROW && n < 20; ++n, code = sqlite3_step(raw)) {
      const unsigned char* text = sqlite3_column_text(raw, 0);
      broken.push_back(what + ": " + (text == nullptr ? "?" : reinterpret_cast<const char*>(text)));
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE)
      broken.push_back("cannot be read: " + what + ": " + sqlite3_errmsg(database_));
  }

  std::vector<std::string> broken;

 private:
  sqlite3* database_;
};

}  // namespace

std::vector<std::string> check_rows(const std::string& path) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, Closer> database(raw);
  if (opened != SQLITE_OK) return {"the file cannot be opened: " + path};
  Rows rows(raw);
  rows.run("the file is damaged", "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'");
  rows.run("a reference leads nowhere", "SELECT \"table\" || ' ' || rowid FROM pragma_foreign_key_check");
  for (const Check& check : checks) rows.run(check.what, check.sql);
  for (const Check& check : of_each_table) {
    for (const std::string table : inner_tables) {
      std::string sql = check.sql;
      for (std::size_t at = sql.find("%T"); at != std::string::npos; at = sql.find("%T", at)) sql.replace(at, 2, table);
      rows.run(check.what, sql);
    }
  }
  return std::move(rows.broken);
}

}  // namespace fermata::checker
