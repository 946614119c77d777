use tidemark_domain::change::{NewLifecycle, RunItem};
use tidemark_services::error::StoreError;

use crate::{
    convert::{from_word, optional_time, parsed, time, unsigned},
    db::corrupt,
};

pub(super) const ITEM: &str = "number, account, region, vault, point, resource, created_at, \
                               size_bytes, cold_after, delete_after, state, message, request_id, at, \
                               job, made, attempt";

#[derive(sqlx::FromRow)]
pub(super) struct ItemRow {
    pub(super) number: i64,
    account: String,
    region: String,
    vault: String,
    point: String,
    resource: String,
    created_at: i64,
    size_bytes: Option<i64>,
    cold_after: Option<i64>,
    delete_after: Option<i64>,
    state: String,
    message: Option<String>,
    request_id: Option<String>,
    at: Option<i64>,
    job: Option<String>,
    made: Option<String>,
    attempt: i64,
}

impl ItemRow {
    pub(super) fn read(self) -> Result<RunItem, StoreError> {
        Ok(RunItem {
            number: u32::try_from(self.number).map_err(corrupt)?,
            account: parsed(self.account)?,
            region: parsed(self.region)?,
            vault: self.vault,
            point: parsed(self.point)?,
            resource: parsed(self.resource)?,
            created_at: time(self.created_at)?,
            size_bytes: self.size_bytes.map(unsigned),
            lifecycle: NewLifecycle {
                cold_after_days: self.cold_after,
                delete_after_days: self.delete_after,
            },
            state: from_word(self.state)?,
            message: self.message,
            request_id: self.request_id,
            at: optional_time(self.at)?,
            job: self.job,
            made: self.made.map(parsed).transpose()?,
            attempt: u32::try_from(self.attempt).map_err(corrupt)?,
        })
    }
}
