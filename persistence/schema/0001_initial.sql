-- Fermata's rows. Column names are the field names of engine/record/entity.h in snake_case, in the same order.
--
-- The rows of one instance lie together: tables of an instance are clustered by (instance, key), so that loading or showing an
-- instance reads few pages, and no index over the whole history has to be kept (it would halve the rate at a million instances).
-- Indexes are partial: they hold live rows only, and so stay as small as the work in hand. instance = 0: start events.
-- Times are milliseconds since 1970, 0 is never. Lists and values are JSON text, '' is an empty list, NULL is null.

CREATE TABLE counter (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  next_key INTEGER NOT NULL
) STRICT;
INSERT INTO counter VALUES (1, 1);

-- Who has the file open, for people; what keeps a second process out is the lock on the file beside it.
CREATE TABLE owner (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  process INTEGER NOT NULL,
  host TEXT NOT NULL,
  since TEXT NOT NULL
) STRICT;

-- What each command did. Keys of a transition and of its events come from one counter, and the transition takes its own first: the
-- transition with the largest key not above any given key is the one that made it. That replaces an index by key on every table.
CREATE TABLE transition (
  key INTEGER PRIMARY KEY,
  instance INTEGER NOT NULL,
  previous INTEGER NOT NULL,
  at INTEGER NOT NULL,
  command TEXT NOT NULL,
  actor TEXT NOT NULL,
  format INTEGER NOT NULL,  -- 2: packed (persistence/packed_events.h)
  events BLOB NOT NULL
) STRICT;

CREATE TABLE process_instance (
  key INTEGER PRIMARY KEY,
  definition INTEGER NOT NULL,
  process_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  status INTEGER NOT NULL,
  business_key TEXT NOT NULL,
  start_correlation_key TEXT NOT NULL,
  parent INTEGER NOT NULL,
  parent_element INTEGER NOT NULL,
  root INTEGER NOT NULL,
  call_depth INTEGER NOT NULL,
  incidents INTEGER NOT NULL,
  tags TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  last_transition INTEGER NOT NULL  -- as of the last write of this row; of a live instance see live_instance
) STRICT;
-- Of all instances, not only live ones: a business key is what people look for years later, and one insert is cheaper than an insert and a delete.
CREATE INDEX process_instance_business_key ON process_instance (business_key) WHERE business_key <> '';
CREATE INDEX process_instance_started_by ON process_instance (process_id, start_correlation_key)
  WHERE ended_at = 0 AND start_correlation_key <> '';
CREATE INDEX process_instance_incidents ON process_instance (incidents) WHERE incidents > 0;
CREATE INDEX process_instance_parent ON process_instance (parent) WHERE parent <> 0;

-- One narrow row per live instance: the set of live instances, and the only thing that every command rewrites.
CREATE TABLE live_instance (
  key INTEGER PRIMARY KEY,
  last_transition INTEGER NOT NULL
) STRICT;

CREATE TABLE element (
  instance INTEGER NOT NULL,
  key INTEGER NOT NULL,
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
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (instance, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX element_incident ON element (incident) WHERE incident <> 0;

CREATE TABLE variable (
  instance INTEGER NOT NULL,
  key INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT,
  PRIMARY KEY (instance, key)
) STRICT, WITHOUT ROWID;

-- Tokens that wait at a join; a consumed one is deleted, its history is in the transitions.
CREATE TABLE token (
  instance INTEGER NOT NULL,
  key INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  flow INTEGER NOT NULL,
  gateway INTEGER NOT NULL,
  arrived_at INTEGER NOT NULL,
  PRIMARY KEY (instance, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
  instance INTEGER NOT NULL,
  key INTEGER NOT NULL,
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
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (instance, key)
) STRICT, WITHOUT ROWID;
-- ready (available_at 0), locked and backing off; those at 0 are in the order in which workers get them.
CREATE INDEX job_available ON job (type, available_at, priority DESC, key) WHERE status < 4;
CREATE INDEX job_out_of_retries ON job (type) WHERE status = 4;

CREATE TABLE timer (
  instance INTEGER NOT NULL,
  key INTEGER NOT NULL,
  element_instance INTEGER NOT NULL,
  definition INTEGER NOT NULL,
  element INTEGER NOT NULL,
  element_id TEXT NOT NULL,
  due INTEGER NOT NULL,
  repetitions_left INTEGER NOT NULL,
  cycle TEXT NOT NULL,
  occurrence INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (instance, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_due ON timer (due, key) WHERE ended_at = 0;

CREATE TABLE subscription (
  instance INTEGER NOT NULL,
  key INTEGER NOT NULL,
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
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (instance, key)
) STRICT, WITHOUT ROWID;
-- Messages and signals. Compensation subscriptions (kind 6) are found through their instance only.
CREATE INDEX subscription_open ON subscription (kind, name, correlation_key, key) WHERE ended_at = 0 AND kind <> 6;
CREATE INDEX subscription_start ON subscription (process_id, key) WHERE ended_at = 0 AND instance = 0;

CREATE TABLE user_task (
  instance INTEGER NOT NULL,
  key INTEGER NOT NULL,
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
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (instance, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_task_open ON user_task (assignee) WHERE ended_at = 0;

CREATE TABLE incident (
  instance INTEGER NOT NULL,
  key INTEGER NOT NULL,
  element_instance INTEGER NOT NULL,
  element_id TEXT NOT NULL,
  job INTEGER NOT NULL,
  type INTEGER NOT NULL,
  status INTEGER NOT NULL,
  message TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (instance, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_open ON incident (key) WHERE ended_at = 0;

CREATE TABLE resource (
  key INTEGER PRIMARY KEY,
  deployment INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  form_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  checksum TEXT NOT NULL,
  content TEXT NOT NULL
) STRICT;
CREATE INDEX resource_form ON resource (form_id, version) WHERE form_id <> '';

CREATE TABLE definition (
  key INTEGER PRIMARY KEY,
  deployment INTEGER NOT NULL,
  resource INTEGER NOT NULL REFERENCES resource (key),
  process_id TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  version_tag TEXT NOT NULL,
  resource_name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  deployed_at INTEGER NOT NULL,
  UNIQUE (process_id, version)
) STRICT;

CREATE TABLE message (
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  correlation_key TEXT NOT NULL,
  message_id TEXT NOT NULL,
  variables TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  correlated_processes TEXT NOT NULL
) STRICT;
CREATE INDEX message_buffered ON message (name, correlation_key, key);
CREATE INDEX message_expiry ON message (expires_at);

CREATE TABLE request (
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  reply TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_expiry ON request (expires_at);
