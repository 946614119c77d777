-- `head` is the part of the row that follows from the events, as JSON; the columns after it repeat what
-- claims and lists ask for. `due_at` is the moment from which a worker may take the run: none once it
-- has ended or while it waits for a person. Times here are microseconds, as fine as the run engine's
-- clock, so that a run is never taken before its time.

CREATE TABLE runs (
    id              TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    params_version  BIGINT NOT NULL,
    params          TEXT COLLATE "C" NOT NULL,
    creator         TEXT COLLATE "C" NOT NULL,
    reason          TEXT COLLATE "C" NOT NULL,
    account         TEXT COLLATE "C",
    region          TEXT COLLATE "C",
    resource        TEXT COLLATE "C",
    idempotency_key TEXT COLLATE "C",
    created_at      BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    lease_owner     TEXT COLLATE "C",
    lease_expires   BIGINT,
    lease_epoch     BIGINT NOT NULL DEFAULT 0,
    cancel          TEXT COLLATE "C",
    head            TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL,
    ended           BIGINT NOT NULL,
    wake_at         BIGINT,
    cancel_seen     BIGINT NOT NULL,
    due_at          BIGINT GENERATED ALWAYS AS (
        CASE
            WHEN ended = 1 THEN NULL
            WHEN lease_expires > (CASE WHEN cancel IS NOT NULL AND cancel_seen = 0 THEN 0 ELSE wake_at END)
                THEN lease_expires
            WHEN cancel IS NOT NULL AND cancel_seen = 0 THEN 0
            ELSE wake_at
        END
    ) STORED,
    UNIQUE (creator, idempotency_key)
);
CREATE INDEX runs_due ON runs (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX runs_in_progress ON runs (creator, account) WHERE state IN ('running', 'sleeping', 'compensating');
CREATE INDEX runs_leased_in_queue ON runs (creator, account, lease_expires)
    WHERE state = 'queued' AND lease_expires IS NOT NULL;
CREATE INDEX runs_of_state ON runs (state, id);
CREATE INDEX runs_of_creator ON runs (creator, id);
CREATE INDEX runs_of_account ON runs (account, id) WHERE account IS NOT NULL;
CREATE INDEX runs_of_resource ON runs (resource, id) WHERE resource IS NOT NULL;

CREATE TABLE run_events (
    run_id TEXT COLLATE "C" NOT NULL REFERENCES runs (id),
    seq    BIGINT NOT NULL,
    event  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run_id, seq)
);
