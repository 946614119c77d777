-- What AWS does by a job of its own: the job, what it made, and how often it was tried.
ALTER TABLE run_items ADD COLUMN job TEXT;
ALTER TABLE run_items ADD COLUMN made TEXT;
ALTER TABLE run_items ADD COLUMN attempt BIGINT NOT NULL DEFAULT 0;
