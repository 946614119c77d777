-- Tables whose changes are kept record by record, and where. What is known of each is JSON; what counts
-- for a restore lies in the bucket.

CREATE TABLE captures (
    id          TEXT PRIMARY KEY,
    account     TEXT NOT NULL,
    region      TEXT NOT NULL,
    source      TEXT NOT NULL,
    bucket      TEXT NOT NULL,
    prefix      TEXT NOT NULL,
    layout      TEXT NOT NULL,
    mode        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    status      TEXT NOT NULL,
    UNIQUE (source, bucket, prefix)
);
