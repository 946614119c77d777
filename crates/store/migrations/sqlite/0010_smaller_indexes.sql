-- Lists are searched in the order of names only, and an account's protection is told by other indexes: what a sync
-- writes into these is read by nothing.
DROP INDEX resources_by_newest;
DROP INDEX resources_by_size;
CREATE INDEX resources_by_newest ON resources (newest_at, id);
CREATE INDEX resources_by_size ON resources (size_bytes, id);

DROP INDEX resources_of_account_by_name;
DROP INDEX resources_of_account_by_newest;
DROP INDEX resources_of_account_by_size;
CREATE INDEX resources_of_account_by_name ON resources (account, name_key, id);
CREATE INDEX resources_of_account_by_newest ON resources (account, newest_at, id);
CREATE INDEX resources_of_account_by_size ON resources (account, size_bytes, id);
