-- What SQLite's indexes lose here PostgreSQL's never had.
SELECT 1;
