-- Who reads which shard of a captured table's stream. The watermark is JSON; what counts lies in the
-- backup's own index, beside the data.

CREATE TABLE record_checkpoints (
    capture   TEXT NOT NULL,
    shard     TEXT NOT NULL,
    worker    TEXT,
    epoch     BIGINT NOT NULL,
    until_at  BIGINT NOT NULL,
    watermark TEXT NOT NULL,
    PRIMARY KEY (capture, shard)
);
