-- Jobs of every account are listed by time.
CREATE INDEX jobs_by_time ON jobs (created_at, id);
