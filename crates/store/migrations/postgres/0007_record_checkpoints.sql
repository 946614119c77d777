-- Who reads which shard of a captured table's stream. The watermark is JSON; what counts lies in the
-- backup's own index, beside the data.

CREATE TABLE record_checkpoints (
    capture   TEXT COLLATE "C" NOT NULL,
    shard     TEXT COLLATE "C" NOT NULL,
    worker    TEXT COLLATE "C",
    epoch     BIGINT NOT NULL,
    until_at  BIGINT NOT NULL,
    watermark TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (capture, shard)
);
