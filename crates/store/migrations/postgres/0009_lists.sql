-- An account's and an owner's resources in every order.
CREATE INDEX resources_of_account_by_name ON resources (account, name_key, id);
CREATE INDEX resources_of_account_by_newest ON resources (account, newest_at, id);
CREATE INDEX resources_of_account_by_size ON resources (account, size_bytes, id);
CREATE INDEX resources_of_owner_by_newest ON resources (owner_key, newest_at, id) WHERE owner_key IS NOT NULL;
CREATE INDEX resources_of_owner_by_size ON resources (owner_key, size_bytes, id) WHERE owner_key IS NOT NULL;

-- What is old is mostly cold: a list of one tier is walked in an order of its own.
CREATE INDEX points_of_tier ON points (tier, created_at, id) INCLUDE (facet_id, resource_id);

-- What is to come on a timeline.
CREATE INDEX points_to_go ON points (resource_id, delete_at, id, look) WHERE delete_at IS NOT NULL;
CREATE INDEX points_to_cool ON points (resource_id, cold_at, id, look) WHERE cold_at IS NOT NULL;
