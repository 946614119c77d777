-- Times are milliseconds since 1970, flags are 0 or 1, JSON is text.
-- Text is in byte order, as in SQLite.
-- "Absent" in a column that lists sort by is -1, so that keyset paging needs no NULLs.

CREATE TABLE accounts (
    account     TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    alias       TEXT COLLATE "C" NOT NULL,
    alias_key   TEXT COLLATE "C" NOT NULL,
    role        TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    regions     TEXT COLLATE "C" NOT NULL,
    added_at    BIGINT NOT NULL
);

CREATE TABLE users (
    id                   TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name                 TEXT COLLATE "C" NOT NULL,
    name_key             TEXT COLLATE "C" NOT NULL UNIQUE,
    role                 TEXT COLLATE "C" NOT NULL,
    password_hash        TEXT COLLATE "C" NOT NULL,
    security_stamp       TEXT COLLATE "C" NOT NULL,
    must_change_password BIGINT NOT NULL,
    failed_attempts      BIGINT NOT NULL DEFAULT 0,
    locked_until         BIGINT,
    created_at           BIGINT NOT NULL
);

-- `entry` is the text that the hash covers; the other columns only serve the filters.
CREATE TABLE audit (
    number   BIGINT PRIMARY KEY,
    actor    TEXT COLLATE "C" NOT NULL,
    action   TEXT COLLATE "C" NOT NULL,
    entry    TEXT COLLATE "C" NOT NULL,
    previous TEXT COLLATE "C" NOT NULL,
    hash     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_by_actor ON audit (actor, number);
CREATE INDEX audit_by_action ON audit (action, number);
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- One account in one Region. The sums are kept up to date by every sync.
CREATE TABLE scopes (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account      TEXT COLLATE "C" NOT NULL,
    region       TEXT COLLATE "C" NOT NULL,
    last_success BIGINT,
    last_attempt BIGINT,
    error        TEXT COLLATE "C",
    syncing      BIGINT NOT NULL DEFAULT 0,
    points       BIGINT NOT NULL DEFAULT 0,
    warm_bytes   BIGINT NOT NULL DEFAULT 0,
    cold_bytes   BIGINT NOT NULL DEFAULT 0,
    UNIQUE (account, region)
);

-- Counts per account, kept up to date by every sync: of the resources that exist, and of those that
-- are gone but have points. `oldest_newest` is of those that exist.
CREATE TABLE account_totals (
    account          TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    protected        BIGINT NOT NULL,
    unprotected      BIGINT NOT NULL,
    failing          BIGINT NOT NULL,
    gone_protected   BIGINT NOT NULL,
    gone_unprotected BIGINT NOT NULL,
    gone_failing     BIGINT NOT NULL,
    oldest_newest    BIGINT
);

CREATE TABLE vaults (
    id                 BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_id           BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    name               TEXT COLLATE "C" NOT NULL,
    arn                TEXT COLLATE "C" NOT NULL,
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
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    arn           TEXT COLLATE "C" NOT NULL UNIQUE,
    resource_type TEXT COLLATE "C" NOT NULL,
    account       TEXT COLLATE "C" NOT NULL,
    region        TEXT COLLATE "C" NOT NULL,
    name          TEXT COLLATE "C" NOT NULL,
    name_key      TEXT COLLATE "C" NOT NULL,
    search        TEXT COLLATE "C" NOT NULL,
    tags          TEXT COLLATE "C" NOT NULL,
    owner         TEXT COLLATE "C",
    owner_key     TEXT COLLATE "C",
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
    protection    TEXT COLLATE "C" NOT NULL DEFAULT 'unprotected'
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

-- Substring search over names and ARNs. Without the extension the search still works, by scanning.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION
    WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
        RAISE NOTICE 'pg_trgm is not available; searching text scans the resources';
END
$$;
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX resources_by_text ON resources USING gin (search gin_trgm_ops);
    END IF;
END
$$;

CREATE TABLE points (
    id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_id       BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    resource_id    BIGINT NOT NULL REFERENCES resources (id),
    arn            TEXT COLLATE "C" NOT NULL,
    resource_type  TEXT COLLATE "C" NOT NULL,
    vault          TEXT COLLATE "C",
    source         TEXT COLLATE "C" NOT NULL,
    status         TEXT COLLATE "C" NOT NULL,
    status_message TEXT COLLATE "C",
    created_at     BIGINT NOT NULL,
    completed_at   BIGINT,
    size_bytes     BIGINT,
    tier           TEXT COLLATE "C" NOT NULL,
    cold_at        BIGINT,
    delete_at      BIGINT,
    locked         BIGINT NOT NULL,
    copied_from    TEXT COLLATE "C",
    parent         TEXT COLLATE "C",
    plan_id        TEXT COLLATE "C",
    usable         BIGINT NOT NULL,
    fingerprint    BIGINT NOT NULL,
    UNIQUE (scope_id, arn)
);
CREATE INDEX points_of_resource ON points (resource_id, created_at, id) INCLUDE (usable, locked);
CREATE INDEX points_of_scope ON points (scope_id, created_at, id);
CREATE INDEX points_by_time ON points (created_at, id);

-- `verdict` is 1 for a backup job that failed or expired, 0 for one that ended otherwise.
CREATE TABLE jobs (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_id     BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    job_id       TEXT COLLATE "C" NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    resource_arn TEXT COLLATE "C",
    point_arn    TEXT COLLATE "C",
    status       TEXT COLLATE "C" NOT NULL,
    message      TEXT COLLATE "C",
    percent      DOUBLE PRECISION,
    created_at   BIGINT NOT NULL,
    completed_at BIGINT,
    verdict      BIGINT,
    fingerprint  BIGINT NOT NULL,
    UNIQUE (scope_id, job_id)
);
CREATE INDEX jobs_of_resource ON jobs (resource_arn, created_at, job_id, verdict) WHERE resource_arn IS NOT NULL;
