-- What an instance makes lies in the order in which it is made, by key, and no more by (instance, key): new rows go to the end of their
-- table, so a batch touches the few youngest pages instead of one page for each running instance. docs/PERFORMANCE.md (S3) says what it gains.
--
-- The rows of one instance are found without an index: a transition takes its key before the keys of what it makes, so they lie between
-- its key and that of the next transition, whosever that is; and the transitions of an instance are chained by `previous`. Only the
-- root element, which has its instance's key, may have been numbered before. Variables and tokens stay with their instance: they are
-- read as a whole, and searched by name.

ALTER TABLE element RENAME TO old_element;
CREATE TABLE element (
  instance INTEGER NOT NULL,
  key INTEGER PRIMARY KEY,
  scope INTEGER NOT NULL,
  element INTEGER NOT NULL,
  element_id TEXT NOT NULL,
  kind INTEGER NOT NULL,
  role INTEGER NOT NULL,
  status INTEGER NOT NULL,
  loop_counter INTEGER NOT NULL,
  instances_total INTEGER NOT NULL,
  instances_completed INTEGER NOT NULL,
  instances_terminated INTEGER NOT NULL,
  items TEXT,
  outputs TEXT,
  called INTEGER NOT NULL,
  compensates INTEGER NOT NULL,
  incident INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;
INSERT INTO element SELECT * FROM old_element ORDER BY key;
DROP TABLE old_element;
CREATE INDEX element_incident ON element (incident) WHERE incident <> 0;

ALTER TABLE job RENAME TO old_job;
CREATE TABLE job (
  instance INTEGER NOT NULL,
  key INTEGER PRIMARY KEY,
  element_instance INTEGER NOT NULL,
  element_id TEXT NOT NULL,
  type TEXT NOT NULL,
  status INTEGER NOT NULL,
  retries INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  worker TEXT NOT NULL,
  lease INTEGER NOT NULL,
  available_at INTEGER NOT NULL,
  headers TEXT NOT NULL,
  error_code TEXT NOT NULL,
  error_message TEXT NOT NULL,
  error_details TEXT NOT NULL,
  incident INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;
INSERT INTO job SELECT * FROM old_job ORDER BY key;
DROP TABLE old_job;
-- ready (available_at 0), locked and backing off; those at 0 are in the order in which workers get them: after these columns by key.
CREATE INDEX job_available ON job (type, available_at, priority DESC) WHERE status < 4;
CREATE INDEX job_out_of_retries ON job (type) WHERE status = 4;

ALTER TABLE timer RENAME TO old_timer;
CREATE TABLE timer (
  instance INTEGER NOT NULL,
  key INTEGER PRIMARY KEY,
  element_instance INTEGER NOT NULL,
  definition INTEGER NOT NULL,
  element INTEGER NOT NULL,
  element_id TEXT NOT NULL,
  due INTEGER NOT NULL,
  repetitions_left INTEGER NOT NULL,
  cycle TEXT NOT NULL,
  occurrence INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;
INSERT INTO timer SELECT * FROM old_timer ORDER BY key;
DROP TABLE old_timer;
CREATE INDEX timer_due ON timer (due) WHERE ended_at = 0;
CREATE INDEX timer_start ON timer (definition) WHERE ended_at = 0 AND instance = 0;

ALTER TABLE subscription RENAME TO old_subscription;
CREATE TABLE subscription (
  instance INTEGER NOT NULL,
  key INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  element_instance INTEGER NOT NULL,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  element INTEGER NOT NULL,
  element_id TEXT NOT NULL,
  name TEXT NOT NULL,
  correlation_key TEXT NOT NULL,
  interrupting INTEGER NOT NULL,
  snapshot TEXT,
  enclosing TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;
INSERT INTO subscription SELECT * FROM old_subscription ORDER BY key;
DROP TABLE old_subscription;
-- Messages and signals. Compensation subscriptions (kind 6) are found through their instance only.
CREATE INDEX subscription_open ON subscription (kind, name, correlation_key) WHERE ended_at = 0 AND kind <> 6;
CREATE INDEX subscription_start ON subscription (process_id) WHERE ended_at = 0 AND instance = 0;
CREATE INDEX subscription_of_start ON subscription (instance) WHERE instance = 0;

ALTER TABLE user_task RENAME TO old_user_task;
CREATE TABLE user_task (
  instance INTEGER NOT NULL,
  key INTEGER PRIMARY KEY,
  element_instance INTEGER NOT NULL,
  element_id TEXT NOT NULL,
  name TEXT NOT NULL,
  status INTEGER NOT NULL,
  assignee TEXT NOT NULL,
  candidate_users TEXT NOT NULL,
  candidate_groups TEXT NOT NULL,
  priority INTEGER NOT NULL,
  form_id TEXT NOT NULL,
  form_key TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  follow_up_at INTEGER NOT NULL,
  completed_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;
INSERT INTO user_task SELECT * FROM old_user_task ORDER BY key;
DROP TABLE old_user_task;
CREATE INDEX user_task_open ON user_task (assignee) WHERE ended_at = 0;

ALTER TABLE incident RENAME TO old_incident;
CREATE TABLE incident (
  instance INTEGER NOT NULL,
  key INTEGER PRIMARY KEY,
  element_instance INTEGER NOT NULL,
  element_id TEXT NOT NULL,
  job INTEGER NOT NULL,
  type INTEGER NOT NULL,
  status INTEGER NOT NULL,
  message TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;
INSERT INTO incident SELECT * FROM old_incident ORDER BY key;
DROP TABLE old_incident;
CREATE INDEX incident_open ON incident (ended_at) WHERE ended_at = 0;
