-- Backup plans, their versions, what a Region lets AWS Backup do, and what jobs tell about plans.
-- `record` is the plan in force with its selections as JSON; the columns beside it serve lists.

ALTER TABLE scopes ADD COLUMN settings TEXT COLLATE "C";

ALTER TABLE jobs ADD COLUMN vault TEXT COLLATE "C";
ALTER TABLE jobs ADD COLUMN plan_id TEXT COLLATE "C";
ALTER TABLE jobs ADD COLUMN rule_id TEXT COLLATE "C";
ALTER TABLE jobs ADD COLUMN start_by BIGINT;
CREATE INDEX jobs_of_plan ON jobs (plan_id, created_at) WHERE plan_id IS NOT NULL;

ALTER TABLE points ADD COLUMN rule_id TEXT COLLATE "C";

CREATE TABLE plans (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_id    BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    plan_id     TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    record      TEXT COLLATE "C" NOT NULL,
    fingerprint BIGINT NOT NULL,
    UNIQUE (scope_id, plan_id)
);
CREATE INDEX plans_by_name ON plans (name_key, id);
CREATE INDEX plans_named ON plans (name);

-- AWS never changes a version. `gone_at` is when the console saw that the plan is no longer there.
CREATE TABLE plan_versions (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_id   BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    plan_id    TEXT COLLATE "C" NOT NULL,
    version_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    gone_at    BIGINT,
    plan       TEXT COLLATE "C" NOT NULL,
    UNIQUE (scope_id, plan_id, version_id)
);
