-- What copies were made of. Copy jobs tell it where the source lies, for a while only, and perhaps before the copy is
-- known; it is kept.
CREATE TABLE copy_sources (
    copy   TEXT COLLATE "C" PRIMARY KEY,
    source TEXT COLLATE "C" NOT NULL
);
INSERT INTO copy_sources (copy, source)
    SELECT arn, MIN(copied_from) FROM points WHERE copied_from IS NOT NULL GROUP BY arn;

-- The vault that a point was copied from: it is a copy, also where its source is not known.
ALTER TABLE points ADD COLUMN copied_from_vault TEXT COLLATE "C";

-- Whose a resource is, is told anew: of several keys that differ in case only, `owner` itself counts.
UPDATE resources SET fingerprint = 0 WHERE owner IS NOT NULL;
