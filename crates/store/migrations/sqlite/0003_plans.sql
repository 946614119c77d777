-- Backup plans, their versions, what a Region lets AWS Backup do, and what jobs tell about plans.
-- `record` is the plan in force with its selections as JSON; the columns beside it serve lists.

ALTER TABLE scopes ADD COLUMN settings TEXT;

ALTER TABLE jobs ADD COLUMN vault TEXT;
ALTER TABLE jobs ADD COLUMN plan_id TEXT;
ALTER TABLE jobs ADD COLUMN rule_id TEXT;
ALTER TABLE jobs ADD COLUMN start_by BIGINT;
CREATE INDEX jobs_of_plan ON jobs (plan_id, created_at) WHERE plan_id IS NOT NULL;

ALTER TABLE points ADD COLUMN rule_id TEXT;

CREATE TABLE plans (
    id          INTEGER PRIMARY KEY NOT NULL,
    scope_id    BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    plan_id     TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    record      TEXT NOT NULL,
    fingerprint BIGINT NOT NULL,
    UNIQUE (scope_id, plan_id)
);
CREATE INDEX plans_by_name ON plans (name_key, id);
CREATE INDEX plans_named ON plans (name);

-- AWS never changes a version. `gone_at` is when the console saw that the plan is no longer there.
CREATE TABLE plan_versions (
    id         INTEGER PRIMARY KEY NOT NULL,
    scope_id   BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    plan_id    TEXT NOT NULL,
    version_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    gone_at    BIGINT,
    plan       TEXT NOT NULL,
    UNIQUE (scope_id, plan_id, version_id)
);
