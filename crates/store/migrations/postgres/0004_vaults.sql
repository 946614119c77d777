-- What a vault's page shows beside its lock.
ALTER TABLE vaults ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'BACKUP_VAULT';
ALTER TABLE vaults ADD COLUMN created_at BIGINT;
ALTER TABLE vaults ADD COLUMN encryption_key TEXT COLLATE "C";
ALTER TABLE vaults ADD COLUMN access_policy TEXT COLLATE "C";
CREATE INDEX vaults_by_name ON vaults (name, id);

CREATE TABLE legal_holds (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_id     BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    hold_id      TEXT COLLATE "C" NOT NULL,
    arn          TEXT COLLATE "C" NOT NULL,
    title        TEXT COLLATE "C" NOT NULL,
    description  TEXT COLLATE "C" NOT NULL,
    status       TEXT COLLATE "C" NOT NULL,
    created_at   BIGINT NOT NULL,
    cancelled_at BIGINT,
    vaults       TEXT COLLATE "C" NOT NULL,
    resources    TEXT COLLATE "C" NOT NULL,
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
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_id      BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    vault         TEXT COLLATE "C" NOT NULL,
    resource_type TEXT COLLATE "C" NOT NULL,
    source        TEXT COLLATE "C" NOT NULL,
    status        TEXT COLLATE "C" NOT NULL,
    tier          TEXT COLLATE "C" NOT NULL,
    plan_id       TEXT COLLATE "C" NOT NULL,
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
    COUNT(*), CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT), MIN(created_at), MAX(created_at)
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
CREATE INDEX points_by_time ON points (created_at, id) INCLUDE (facet_id, resource_id);

CREATE INDEX points_copied ON points (copied_from) WHERE copied_from IS NOT NULL;
CREATE INDEX points_of_parent ON points (parent) WHERE parent IS NOT NULL;

-- What a run does one by one, and what became of each. A list is written before its run and outlives it,
-- so that a run that is begun again goes on where the one before ended.
CREATE TABLE run_items (
    list          TEXT COLLATE "C" NOT NULL,
    number        BIGINT NOT NULL,
    account       TEXT COLLATE "C" NOT NULL,
    region        TEXT COLLATE "C" NOT NULL,
    vault         TEXT COLLATE "C" NOT NULL,
    point         TEXT COLLATE "C" NOT NULL,
    resource      TEXT COLLATE "C" NOT NULL,
    created_at    BIGINT NOT NULL,
    size_bytes    BIGINT,
    cold_after    BIGINT,
    delete_after  BIGINT,
    state         TEXT COLLATE "C" NOT NULL,
    message       TEXT COLLATE "C",
    request_id    TEXT COLLATE "C",
    at            BIGINT,
    PRIMARY KEY (list, number)
);
CREATE INDEX run_items_of_state ON run_items (list, state, number);
