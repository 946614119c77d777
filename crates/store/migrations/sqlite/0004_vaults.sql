-- What a vault's page shows beside its lock.
ALTER TABLE vaults ADD COLUMN kind TEXT NOT NULL DEFAULT 'BACKUP_VAULT';
ALTER TABLE vaults ADD COLUMN created_at BIGINT;
ALTER TABLE vaults ADD COLUMN encryption_key TEXT;
ALTER TABLE vaults ADD COLUMN access_policy TEXT;
CREATE INDEX vaults_by_name ON vaults (name, id);

CREATE TABLE legal_holds (
    id           INTEGER PRIMARY KEY NOT NULL,
    scope_id     BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    hold_id      TEXT NOT NULL,
    arn          TEXT NOT NULL,
    title        TEXT NOT NULL,
    description  TEXT NOT NULL,
    status       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    cancelled_at BIGINT,
    vaults       TEXT NOT NULL,
    resources    TEXT NOT NULL,
    from_at      BIGINT,
    until_at     BIGINT,
    points       BIGINT NOT NULL,
    fingerprint  BIGINT NOT NULL,
    UNIQUE (scope_id, hold_id)
);

-- Everything by which lists of points are filtered, but time and resource: each combination that
-- occurs once, with its sums, kept up to date by every sync. A point names its combination, so that
-- one index serves every filter, and a list's total is known without counting.
-- "None" of vault and plan is the empty text.
CREATE TABLE point_facets (
    id            INTEGER PRIMARY KEY NOT NULL,
    scope_id      BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    vault         TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    source        TEXT NOT NULL,
    status        TEXT NOT NULL,
    tier          TEXT NOT NULL,
    plan_id       TEXT NOT NULL,
    locked        BIGINT NOT NULL,
    held          BIGINT NOT NULL,
    points        BIGINT NOT NULL DEFAULT 0,
    bytes         BIGINT NOT NULL DEFAULT 0,
    oldest        BIGINT NOT NULL DEFAULT 0,
    newest        BIGINT NOT NULL DEFAULT 0,
    UNIQUE (scope_id, vault, resource_type, source, status, tier, plan_id, locked, held)
);

ALTER TABLE points ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
ALTER TABLE points ADD COLUMN facet_id BIGINT NOT NULL DEFAULT 0;

INSERT INTO point_facets (scope_id, vault, resource_type, source, status, tier, plan_id, locked, held,
    points, bytes, oldest, newest)
SELECT scope_id, COALESCE(vault, ''), resource_type, source, status, tier, COALESCE(plan_id, ''), locked, 0,
    COUNT(*), COALESCE(SUM(size_bytes), 0), MIN(created_at), MAX(created_at)
FROM points
GROUP BY scope_id, COALESCE(vault, ''), resource_type, source, status, tier, COALESCE(plan_id, ''), locked;

UPDATE points SET facet_id = (
    SELECT f.id FROM point_facets f
    WHERE f.scope_id = points.scope_id AND f.vault = COALESCE(points.vault, '')
        AND f.resource_type = points.resource_type AND f.source = points.source
        AND f.status = points.status AND f.tier = points.tier
        AND f.plan_id = COALESCE(points.plan_id, '') AND f.locked = points.locked AND f.held = 0
);

DROP INDEX points_of_scope;
DROP INDEX points_by_time;
CREATE INDEX points_of_facet ON points (facet_id, created_at, id);
CREATE INDEX points_by_time ON points (created_at, id, facet_id, resource_id);

CREATE INDEX points_copied ON points (copied_from) WHERE copied_from IS NOT NULL;
CREATE INDEX points_of_parent ON points (parent) WHERE parent IS NOT NULL;

-- What a run does one by one, and what became of each. A list is written before its run and outlives it,
-- so that a run that is begun again goes on where the one before ended.
CREATE TABLE run_items (
    list          TEXT NOT NULL,
    number        BIGINT NOT NULL,
    account       TEXT NOT NULL,
    region        TEXT NOT NULL,
    vault         TEXT NOT NULL,
    point         TEXT NOT NULL,
    resource      TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    size_bytes    BIGINT,
    cold_after    BIGINT,
    delete_after  BIGINT,
    state         TEXT NOT NULL,
    message       TEXT,
    request_id    TEXT,
    at            BIGINT,
    PRIMARY KEY (list, number)
) WITHOUT ROWID;
CREATE INDEX run_items_of_state ON run_items (list, state, number);
