-- The journal of item changes, filled by triggers on the item table of the stock store, so that
-- every way of writing is caught and an untracked table costs one index look-up per write.

CREATE TABLE tm_clock (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    offset_ms INTEGER NOT NULL
);
INSERT INTO tm_clock VALUES (1, 0);

-- Tables whose changes are kept. A table stays tracked once it is: points in its past stay valid.
CREATE TABLE tm_tracked (
    id         INTEGER PRIMARY KEY,
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    table_name TEXT NOT NULL,
    -- Whether a stream reads the new images too.
    stream     INTEGER NOT NULL DEFAULT 0,
    -- Whether index columns must be kept with the old images.
    indexed    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, region, table_name)
);

CREATE TABLE tm_journal (
    seq      INTEGER PRIMARY KEY,
    table_id INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    pk       TEXT NOT NULL,
    sk       TEXT NOT NULL,
    old      TEXT,
    new      TEXT,
    removed  INTEGER NOT NULL,
    indexes  TEXT
);
CREATE INDEX tm_journal_by_table ON tm_journal (table_id, seq);

CREATE TRIGGER tm_insert AFTER INSERT ON items BEGIN
    INSERT INTO tm_journal (table_id, at_ms, pk, sk, old, new, removed, indexes)
    SELECT id, {now}, NEW.pk, NEW.sk, NULL, CASE WHEN stream THEN NEW.attrs_json END, 0, NULL
    FROM tm_tracked
    WHERE account = NEW.account AND region = NEW.region AND table_name = NEW.table_name;
END;

CREATE TRIGGER tm_update AFTER UPDATE ON items WHEN OLD.attrs_json IS NOT NEW.attrs_json BEGIN
    INSERT INTO tm_journal (table_id, at_ms, pk, sk, old, new, removed, indexes)
    SELECT id, {now}, OLD.pk, OLD.sk, OLD.attrs_json, CASE WHEN stream THEN NEW.attrs_json END, 0,
           CASE WHEN indexed THEN json_array({old_indexes}) END
    FROM tm_tracked
    WHERE account = OLD.account AND region = OLD.region AND table_name = OLD.table_name;
END;

CREATE TRIGGER tm_delete AFTER DELETE ON items BEGIN
    INSERT INTO tm_journal (table_id, at_ms, pk, sk, old, new, removed, indexes)
    SELECT id, {now}, OLD.pk, OLD.sk, OLD.attrs_json, NULL, 1,
           CASE WHEN indexed THEN json_array({old_indexes}) END
    FROM tm_tracked
    WHERE account = OLD.account AND region = OLD.region AND table_name = OLD.table_name;
END;
