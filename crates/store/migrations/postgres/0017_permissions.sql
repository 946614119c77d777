-- What each account's role is made for (JSON; empty is everything), and an external id that waits for the role to take it.
ALTER TABLE accounts ADD COLUMN features TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN pending_external_id TEXT COLLATE "C";
ALTER TABLE accounts ADD COLUMN pending_since BIGINT;

-- What a role may do in a Region, as last told (JSON), with its row in the table of all; which process asks, and until when
-- nobody else does; when it was asked for beside its turn.
CREATE TABLE permission_reports (
    account       TEXT COLLATE "C" NOT NULL,
    region        TEXT COLLATE "C" NOT NULL,
    made_at       BIGINT,
    broken        BIGINT NOT NULL DEFAULT 0,
    sums          TEXT COLLATE "C",
    report        TEXT COLLATE "C",
    reader        TEXT COLLATE "C",
    reading_until BIGINT,
    tried_at      BIGINT,
    wanted_at     BIGINT,
    PRIMARY KEY (account, region)
);

-- Permissions that came or went (JSON). They outlive the account's registration.
CREATE TABLE permission_changes (
    number     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account    TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL,
    change     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX permission_changes_by_account ON permission_changes (account, number);
