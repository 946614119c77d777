-- Application sets: every version of each manifest, as it was written.

CREATE TABLE set_versions (
    name        TEXT COLLATE "C" NOT NULL,
    version     BIGINT NOT NULL,
    manifest    TEXT COLLATE "C" NOT NULL,
    written_by  TEXT COLLATE "C" NOT NULL,
    written_at  BIGINT NOT NULL,
    PRIMARY KEY (name, version)
);
