-- Rules of the house about how resources must be protected. `control` is JSON.

CREATE TABLE controls (
    id      TEXT PRIMARY KEY NOT NULL,
    control TEXT NOT NULL
) WITHOUT ROWID;

-- How controls were changed; `control` is none where one was removed.
CREATE TABLE control_changes (
    number     INTEGER PRIMARY KEY NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    id         TEXT NOT NULL,
    control    TEXT
);

-- What each control said on a day (UTC, as YYYY-MM-DD), for the whole estate.
CREATE TABLE control_days (
    day     TEXT NOT NULL,
    control TEXT NOT NULL,
    passed  BIGINT NOT NULL,
    failed  BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    PRIMARY KEY (day, control)
) WITHOUT ROWID;
