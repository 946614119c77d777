-- A repeat of the same wish is one run, and only one unfinished run works on a target: both are keys here. A key
-- belongs to the last run that took it; whether it still holds is asked of that run.

CREATE TABLE run_keys (
    key    TEXT PRIMARY KEY NOT NULL,
    run_id TEXT NOT NULL REFERENCES runs (id)
);
