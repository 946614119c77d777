-- Times are milliseconds since 1970, flags are 0 or 1, JSON is text.
-- "Absent" in a column that lists sort by is -1, so that keyset paging needs no NULLs.

CREATE TABLE accounts (
    account     TEXT PRIMARY KEY NOT NULL,
    alias       TEXT NOT NULL,
    alias_key   TEXT NOT NULL,
    role        TEXT NOT NULL,
    external_id TEXT NOT NULL,
    regions     TEXT NOT NULL,
    added_at    BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE users (
    id                   TEXT PRIMARY KEY NOT NULL,
    name                 TEXT NOT NULL,
    name_key             TEXT NOT NULL UNIQUE,
    role                 TEXT NOT NULL,
    password_hash        TEXT NOT NULL,
    security_stamp       TEXT NOT NULL,
    must_change_password BIGINT NOT NULL,
    failed_attempts      BIGINT NOT NULL DEFAULT 0,
    locked_until         BIGINT,
    created_at           BIGINT NOT NULL
) WITHOUT ROWID;

-- `entry` is the text that the hash covers; the other columns only serve the filters.
CREATE TABLE audit (
    number   INTEGER PRIMARY KEY NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    entry    TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL
);
CREATE INDEX audit_by_actor ON audit (actor, number);
CREATE INDEX audit_by_action ON audit (action, number);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- One account in one Region. The sums are kept up to date by every sync.
CREATE TABLE scopes (
    id           INTEGER PRIMARY KEY NOT NULL,
    account      TEXT NOT NULL,
    region       TEXT NOT NULL,
    last_success BIGINT,
    last_attempt BIGINT,
    error        TEXT,
    syncing      BIGINT NOT NULL DEFAULT 0,
    points       BIGINT NOT NULL DEFAULT 0,
    warm_bytes   BIGINT NOT NULL DEFAULT 0,
    cold_bytes   BIGINT NOT NULL DEFAULT 0,
    UNIQUE (account, region)
);

-- Counts per account, kept up to date by every sync: of the resources that exist, and of those that
-- are gone but have points. `oldest_newest` is of those that exist.
CREATE TABLE account_totals (
    account          TEXT PRIMARY KEY NOT NULL,
    protected        BIGINT NOT NULL,
    unprotected      BIGINT NOT NULL,
    failing          BIGINT NOT NULL,
    gone_protected   BIGINT NOT NULL,
    gone_unprotected BIGINT NOT NULL,
    gone_failing     BIGINT NOT NULL,
    oldest_newest    BIGINT
) WITHOUT ROWID;

CREATE TABLE vaults (
    id                 INTEGER PRIMARY KEY NOT NULL,
    scope_id           BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    name               TEXT NOT NULL,
    arn                TEXT NOT NULL,
    points             BIGINT NOT NULL,
    locked             BIGINT NOT NULL,
    lock_date          BIGINT,
    min_retention_days BIGINT,
    max_retention_days BIGINT,
    fingerprint        BIGINT NOT NULL,
    UNIQUE (scope_id, name)
);

-- `listed_by` is the scope whose last good read held the resource; none when only points tell of it.
-- From `points` on, the columns are derived from points and jobs by every sync.
CREATE TABLE resources (
    id            INTEGER PRIMARY KEY NOT NULL,
    arn           TEXT NOT NULL UNIQUE,
    resource_type TEXT NOT NULL,
    account       TEXT NOT NULL,
    region        TEXT NOT NULL,
    name          TEXT NOT NULL,
    name_key      TEXT NOT NULL,
    search        TEXT NOT NULL,
    tags          TEXT NOT NULL,
    owner         TEXT,
    owner_key     TEXT,
    size_bytes    BIGINT NOT NULL,
    created_at    BIGINT,
    pitr_earliest BIGINT,
    pitr_latest   BIGINT,
    deleted       BIGINT NOT NULL,
    listed_by     BIGINT REFERENCES scopes (id) ON DELETE SET NULL,
    fingerprint   BIGINT NOT NULL,
    points        BIGINT NOT NULL DEFAULT 0,
    newest_at     BIGINT NOT NULL DEFAULT -1,
    failing       BIGINT NOT NULL DEFAULT 0,
    protection    TEXT NOT NULL DEFAULT 'unprotected'
);
CREATE INDEX resources_listed_by ON resources (listed_by);
CREATE INDEX resources_by_name ON resources (name_key, id);
CREATE INDEX resources_by_newest ON resources (newest_at, id);
CREATE INDEX resources_by_size ON resources (size_bytes, id);
CREATE INDEX resources_of_account ON resources (account, protection, deleted, newest_at);
CREATE INDEX resources_of_owner ON resources (owner_key, name_key, id) WHERE owner_key IS NOT NULL;
CREATE INDEX resources_of_protection_by_name ON resources (protection, name_key, id);
CREATE INDEX resources_of_protection_by_newest ON resources (protection, newest_at, id);
CREATE INDEX resources_of_protection_by_size ON resources (protection, size_bytes, id);
CREATE INDEX resources_of_type_by_name ON resources (resource_type, name_key, id);
CREATE INDEX resources_of_type_by_newest ON resources (resource_type, newest_at, id);
CREATE INDEX resources_of_type_by_size ON resources (resource_type, size_bytes, id);
CREATE INDEX resources_of_region_by_name ON resources (region, name_key, id);
CREATE INDEX resources_of_region_by_newest ON resources (region, newest_at, id);
CREATE INDEX resources_of_region_by_size ON resources (region, size_bytes, id);

-- Substring search over names and ARNs.
CREATE VIRTUAL TABLE resource_text USING fts5 (
    search, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
CREATE TRIGGER resource_text_insert AFTER INSERT ON resources
BEGIN
    INSERT INTO resource_text (rowid, search) VALUES (new.id, new.search);
END;
CREATE TRIGGER resource_text_delete AFTER DELETE ON resources
BEGIN
    DELETE FROM resource_text WHERE rowid = old.id;
END;
CREATE TRIGGER resource_text_update AFTER UPDATE OF search ON resources WHEN old.search <> new.search
BEGIN
    DELETE FROM resource_text WHERE rowid = old.id;
    INSERT INTO resource_text (rowid, search) VALUES (new.id, new.search);
END;

CREATE TABLE points (
    id             INTEGER PRIMARY KEY NOT NULL,
    scope_id       BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    resource_id    BIGINT NOT NULL REFERENCES resources (id),
    arn            TEXT NOT NULL,
    resource_type  TEXT NOT NULL,
    vault          TEXT,
    source         TEXT NOT NULL,
    status         TEXT NOT NULL,
    status_message TEXT,
    created_at     BIGINT NOT NULL,
    completed_at   BIGINT,
    size_bytes     BIGINT,
    tier           TEXT NOT NULL,
    cold_at        BIGINT,
    delete_at      BIGINT,
    locked         BIGINT NOT NULL,
    copied_from    TEXT,
    parent         TEXT,
    plan_id        TEXT,
    usable         BIGINT NOT NULL,
    fingerprint    BIGINT NOT NULL,
    UNIQUE (scope_id, arn)
);
CREATE INDEX points_of_resource ON points (resource_id, created_at, id, usable, locked);
CREATE INDEX points_of_scope ON points (scope_id, created_at, id);
CREATE INDEX points_by_time ON points (created_at, id);

-- `verdict` is 1 for a backup job that failed or expired, 0 for one that ended otherwise.
CREATE TABLE jobs (
    id           INTEGER PRIMARY KEY NOT NULL,
    scope_id     BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    job_id       TEXT NOT NULL,
    kind         TEXT NOT NULL,
    resource_arn TEXT,
    point_arn    TEXT,
    status       TEXT NOT NULL,
    message      TEXT,
    percent      DOUBLE PRECISION,
    created_at   BIGINT NOT NULL,
    completed_at BIGINT,
    verdict      BIGINT,
    fingerprint  BIGINT NOT NULL,
    UNIQUE (scope_id, job_id)
);
CREATE INDEX jobs_of_resource ON jobs (resource_arn, created_at, job_id, verdict) WHERE resource_arn IS NOT NULL;
