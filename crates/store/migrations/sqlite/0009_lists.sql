-- Lists are searched for parts of names while they are walked in order: the text stands in the indexes
-- themselves, so that no row is read that does not match.
DROP INDEX resources_by_name;
DROP INDEX resources_by_newest;
DROP INDEX resources_by_size;
CREATE INDEX resources_by_name ON resources (name_key, id, search);
CREATE INDEX resources_by_newest ON resources (newest_at, id, search);
CREATE INDEX resources_by_size ON resources (size_bytes, id, search);

-- The rarest condition leads; the others are told from its index too.
DROP INDEX resources_of_protection_by_name;
DROP INDEX resources_of_protection_by_newest;
DROP INDEX resources_of_protection_by_size;
CREATE INDEX resources_of_protection_by_name
    ON resources (protection, name_key, id, resource_type, region);
CREATE INDEX resources_of_protection_by_newest
    ON resources (protection, newest_at, id, resource_type, region);
CREATE INDEX resources_of_protection_by_size
    ON resources (protection, size_bytes, id, resource_type, region);

-- An account's and an owner's resources in every order.
CREATE INDEX resources_of_account_by_name ON resources (account, name_key, id, protection);
CREATE INDEX resources_of_account_by_newest ON resources (account, newest_at, id, protection);
CREATE INDEX resources_of_account_by_size ON resources (account, size_bytes, id, protection);
CREATE INDEX resources_of_owner_by_newest ON resources (owner_key, newest_at, id) WHERE owner_key IS NOT NULL;
CREATE INDEX resources_of_owner_by_size ON resources (owner_key, size_bytes, id) WHERE owner_key IS NOT NULL;

-- What is old is mostly cold: a list of one tier is walked in an order of its own.
CREATE INDEX points_of_tier ON points (tier, created_at, id, facet_id, resource_id);

-- What is to come on a timeline.
CREATE INDEX points_to_go ON points (resource_id, delete_at, id, look) WHERE delete_at IS NOT NULL;
CREATE INDEX points_to_cool ON points (resource_id, cold_at, id, look) WHERE cold_at IS NOT NULL;
