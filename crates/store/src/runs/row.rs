use serde::{Serialize, de::DeserializeOwned};
use tidemark_runs::{Lease, Run, RunEvent, RunId, RunLabels, StoreError};

use super::{micros, time};
use crate::{convert::unsigned, db::Arg};

pub(super) const COLUMNS: &str = "id, kind, params_version, params, creator, reason, account, \
     region, resource, idempotency_key, created_at, seq, lease_owner, lease_expires, lease_epoch, \
     cancel, head";

#[derive(sqlx::FromRow)]
pub(super) struct RunRow {
    pub(super) id: String,
    kind: String,
    params_version: i64,
    params: String,
    creator: String,
    reason: String,
    account: Option<String>,
    region: Option<String>,
    resource: Option<String>,
    idempotency_key: Option<String>,
    created_at: i64,
    seq: i64,
    lease_owner: Option<String>,
    lease_expires: Option<i64>,
    lease_epoch: i64,
    cancel: Option<String>,
    head: String,
}

impl RunRow {
    pub(super) fn read(self) -> Result<Run, StoreError> {
        let lease = match (self.lease_owner, self.lease_expires) {
            (Some(owner), Some(expires)) => Some(Lease {
                owner,
                expires_at: time(expires)?,
            }),
            _ => None,
        };
        Ok(Run {
            id: parse_id(&self.id)?,
            kind: self.kind,
            params_version: u32::try_from(self.params_version).map_err(StoreError::corrupt)?,
            params: from_json(&self.params)?,
            creator: self.creator,
            reason: self.reason,
            labels: RunLabels {
                account: self.account,
                region: self.region,
                resource: self.resource,
            },
            idempotency_key: self.idempotency_key,
            created_at: time(self.created_at)?,
            seq: unsigned(self.seq),
            lease,
            lease_epoch: unsigned(self.lease_epoch),
            cancel: self.cancel.as_deref().map(from_json).transpose()?,
            head: from_json(&self.head)?,
        })
    }
}

pub(super) fn parse_id(text: &str) -> Result<RunId, StoreError> {
    text.parse().map_err(StoreError::corrupt)
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(StoreError::corrupt)
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Invalid(error.to_string()))
}

/// What follows from the events: `head, state, ended, wake_at, cancel_seen`.
pub(super) fn head(head: &tidemark_runs::RunHead) -> Result<[Arg; 5], StoreError> {
    Ok([
        json(head)?.into(),
        head.state.as_str().into(),
        head.state.is_terminal().into(),
        head.wake_at.map(micros).into(),
        head.cancel_seen.into(),
    ])
}

/// `run_id, seq, event`.
pub(super) fn event(run: RunId, event: &RunEvent) -> Result<[Arg; 3], StoreError> {
    Ok([
        run.to_string().into(),
        number(event.seq)?.into(),
        json(event)?.into(),
    ])
}

/// A sequence number or epoch as a column holds it.
pub(super) fn number(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value)
        .map_err(|_| StoreError::Invalid(format!("the number {value} is too large")))
}
