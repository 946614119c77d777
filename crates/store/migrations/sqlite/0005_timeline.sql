-- What a timeline tells apart of a point, as a number: source (bits 0 to 3), cold (4), state (5 to 7),
-- locked (8), copy (9). Written by every sync; worked out here for the points that are known already.
ALTER TABLE points ADD COLUMN look BIGINT NOT NULL DEFAULT 0;
UPDATE points SET look =
    CASE source
        WHEN 'continuous' THEN 1 WHEN 'dynamo_db_backup' THEN 2 WHEN 'dynamo_db_system' THEN 3
        WHEN 'memory_db_snapshot' THEN 4 ELSE 0 END
    + CASE tier WHEN 'cold' THEN 16 ELSE 0 END
    + 32 * CASE
        WHEN status IN ('COMPLETED', 'AVAILABLE') THEN 0
        WHEN status = 'CREATING' THEN 1
        WHEN status = 'PARTIAL' THEN 2
        WHEN status = 'STOPPED' THEN 3
        WHEN status = 'EXPIRED' THEN 4
        WHEN status = 'DELETING' THEN 5
        ELSE 6 END
    + 256 * locked
    + CASE WHEN copied_from IS NULL THEN 0 ELSE 512 END;
DROP INDEX points_of_resource;
CREATE INDEX points_of_resource ON points (resource_id, created_at, id, usable, look);
CREATE INDEX points_continuous ON points (resource_id) WHERE source = 'continuous';

-- What left no point, or left it no more: failed and missed jobs, points that are gone. Kept when AWS
-- tells of it no longer. `at` is its place on a timeline, `kind` the number of the event's kind.
CREATE TABLE events (
    id          INTEGER PRIMARY KEY NOT NULL,
    scope_id    BIGINT NOT NULL REFERENCES scopes (id) ON DELETE CASCADE,
    resource_id BIGINT NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    kind        BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    noted_at    BIGINT NOT NULL,
    reference   TEXT NOT NULL,
    vault       TEXT,
    message     TEXT,
    UNIQUE (scope_id, reference)
);
CREATE INDEX events_of_resource ON events (resource_id, at, kind, id);
CREATE INDEX events_by_age ON events (scope_id, noted_at);

-- Buckets that keep the versions of their objects.
ALTER TABLE resources ADD COLUMN versioned BIGINT NOT NULL DEFAULT 0;

-- Resources with so many points or events that timelines read totals of them.
ALTER TABLE resources ADD COLUMN dense BIGINT NOT NULL DEFAULT 0;

-- How many points or events of a dense resource fall into a stretch of time, by look or kind.
-- `axis` is what is counted: 0 points made, 1 moves to cold storage, 2 deletions, 3 events; `step`
-- the length of the stretch and `start` its beginning; `newest` is the id of one of them.
CREATE TABLE lane_totals (
    resource_id BIGINT NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    axis        BIGINT NOT NULL,
    step        BIGINT NOT NULL,
    start       BIGINT NOT NULL,
    look        BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    last        BIGINT NOT NULL,
    newest      BIGINT NOT NULL,
    PRIMARY KEY (resource_id, axis, step, start, look)
) WITHOUT ROWID;
