-- Application sets: every version of each manifest, as it was written.

CREATE TABLE set_versions (
    name        TEXT NOT NULL,
    version     BIGINT NOT NULL,
    manifest    TEXT NOT NULL,
    written_by  TEXT NOT NULL,
    written_at  BIGINT NOT NULL,
    PRIMARY KEY (name, version)
);
