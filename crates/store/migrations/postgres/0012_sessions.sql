-- Sessions, by the SHA-256 of what the cookie says: who reads this table cannot sign in with it. The table before held the
-- cookies themselves; its sessions end here.
DROP TABLE IF EXISTS tower_sessions.session;
CREATE TABLE sessions (
    id         TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    data       TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Which process reads a scope, and until when nobody else does; when it was asked for beside its turn.
ALTER TABLE scopes ADD COLUMN reader TEXT COLLATE "C";
ALTER TABLE scopes ADD COLUMN reading_until BIGINT;
ALTER TABLE scopes ADD COLUMN wanted_at BIGINT;

-- One row that is written now and then, to see whether that can be done.
CREATE TABLE probe (
    id    BIGINT PRIMARY KEY NOT NULL,
    turn  BIGINT NOT NULL,
    bytes TEXT COLLATE "C" NOT NULL
);
INSERT INTO probe (id, turn, bytes) VALUES (1, 0, '');
