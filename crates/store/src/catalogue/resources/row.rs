use tidemark_domain::{ResourceRow, ResourceSort};
use tidemark_services::error::StoreError;

use super::{
    super::rows::window,
    cursor_key::{Key, Value},
};
use crate::convert::{ABSENT, parsed, present_time, unsigned};

pub(super) const ROW: &str = "r.id, r.arn, r.resource_type, r.account, \
     COALESCE(a.alias, r.account) AS alias, r.region, r.name, r.name_key, r.owner, r.size_bytes, \
     r.points, r.newest_at, r.pitr_earliest, r.pitr_latest, r.failing, r.deleted";

#[derive(sqlx::FromRow)]
pub(super) struct ListRow {
    id: i64,
    arn: String,
    resource_type: String,
    account: String,
    alias: String,
    region: String,
    name: String,
    name_key: String,
    owner: Option<String>,
    size_bytes: i64,
    points: i64,
    newest_at: i64,
    pitr_earliest: Option<i64>,
    pitr_latest: Option<i64>,
    failing: i64,
    deleted: i64,
}

impl ListRow {
    pub(super) fn key(&self, sort: ResourceSort) -> Key {
        let value = match sort {
            ResourceSort::Name => Value::Text(self.name_key.clone()),
            ResourceSort::NewestPoint => Value::Number(self.newest_at),
            ResourceSort::Size => Value::Number(self.size_bytes),
        };
        Key(value, self.id)
    }

    pub(super) fn read(self) -> Result<ResourceRow, StoreError> {
        Ok(ResourceRow {
            arn: parsed(self.arn)?,
            resource_type: self.resource_type.into(),
            account: parsed(self.account)?,
            alias: self.alias,
            region: parsed(self.region)?,
            name: self.name,
            owner: self.owner,
            size_bytes: (self.size_bytes != ABSENT).then(|| unsigned(self.size_bytes)),
            points: unsigned(self.points),
            newest_point: present_time(self.newest_at)?,
            pitr: window(self.pitr_earliest, self.pitr_latest)?,
            failing: self.failing != 0,
            deleted: self.deleted != 0,
        })
    }
}
