-- Decisions (DMN): their versions, and how each was evaluated. Rows of both are never changed.

CREATE TABLE decision (
  key INTEGER PRIMARY KEY,
  deployment INTEGER NOT NULL,
  resource INTEGER NOT NULL REFERENCES resource (key),
  decision_id TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  version_tag TEXT NOT NULL,
  requirements_id TEXT NOT NULL,
  requirements_name TEXT NOT NULL,
  requirements_version INTEGER NOT NULL,
  resource_name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  deployed_at INTEGER NOT NULL,
  UNIQUE (decision_id, version)
) STRICT;
CREATE INDEX decision_resource ON decision (resource);
CREATE INDEX decision_requirements ON decision (requirements_id, requirements_version);
-- The files of a deployment that a file may import.
CREATE INDEX resource_dmn ON resource (deployment) WHERE kind = 'dmn';

-- Like everything that an instance makes, these lie by key and are found through the transitions of their instance; instance 0: asked
-- for by themselves.
CREATE TABLE decision_instance (
  instance INTEGER NOT NULL,
  key INTEGER PRIMARY KEY,
  evaluation INTEGER NOT NULL,
  position INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  root INTEGER NOT NULL,
  element_instance INTEGER NOT NULL,
  element_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  requirements INTEGER NOT NULL,
  inputs TEXT,
  rules TEXT,
  result TEXT,
  warnings TEXT NOT NULL,
  evaluated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_instance_evaluation ON decision_instance (evaluation);
