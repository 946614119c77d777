//! Rows of the catalogue as the queries select them.

use tidemark_domain::{Job, LegalHold, PitrWindow, RecoveryPoint, Scope, ScopeState, Vault};
use tidemark_services::error::StoreError;

use crate::convert::{from_json, from_word, optional, optional_time, parsed, time, unsigned};

pub(super) const SCOPE: &str =
    "s.account, s.region, s.last_success, s.last_attempt, s.error, s.syncing";

#[derive(sqlx::FromRow)]
pub(super) struct ScopeRow {
    account: String,
    region: String,
    last_success: Option<i64>,
    last_attempt: Option<i64>,
    error: Option<String>,
    syncing: i64,
}

impl ScopeRow {
    pub(super) fn read(self) -> Result<ScopeState, StoreError> {
        Ok(ScopeState {
            scope: Scope {
                account: parsed(self.account)?,
                region: parsed(self.region)?,
            },
            last_success: optional_time(self.last_success)?,
            last_attempt: optional_time(self.last_attempt)?,
            error: self.error.as_deref().map(from_json).transpose()?,
            syncing: self.syncing != 0,
        })
    }
}

pub(super) const VAULT: &str = "v.name, v.arn, s.account, s.region, v.points, v.locked, \
                                v.lock_date, v.min_retention_days, v.max_retention_days, v.kind, \
                                v.created_at, v.encryption_key, v.access_policy";

#[derive(sqlx::FromRow)]
pub(super) struct VaultRow {
    name: String,
    arn: String,
    account: String,
    region: String,
    points: i64,
    locked: i64,
    lock_date: Option<i64>,
    min_retention_days: Option<i64>,
    max_retention_days: Option<i64>,
    kind: String,
    created_at: Option<i64>,
    encryption_key: Option<String>,
    access_policy: Option<String>,
}

impl VaultRow {
    pub(super) fn read(self) -> Result<Vault, StoreError> {
        Ok(Vault {
            name: self.name,
            arn: parsed(self.arn)?,
            account: parsed(self.account)?,
            region: parsed(self.region)?,
            points: unsigned(self.points),
            locked: self.locked != 0,
            lock_date: optional_time(self.lock_date)?,
            min_retention_days: self.min_retention_days,
            max_retention_days: self.max_retention_days,
            kind: self.kind.into(),
            created_at: optional_time(self.created_at)?,
            encryption_key: optional(self.encryption_key)?,
            access_policy: self.access_policy,
        })
    }
}

pub(super) const POINT: &str = "p.id, p.arn, r.arn AS resource_arn, p.resource_type, s.account, \
     s.region, p.vault, p.source, p.status, p.status_message, p.created_at, p.completed_at, \
     p.size_bytes, p.tier, p.cold_at, p.delete_at, p.locked, p.held, p.copied_from, \
     p.copied_from_vault, p.parent, p.plan_id, p.rule_id";

#[derive(sqlx::FromRow)]
pub(super) struct PointRow {
    pub(super) id: i64,
    arn: String,
    resource_arn: String,
    resource_type: String,
    account: String,
    region: String,
    vault: Option<String>,
    source: String,
    status: String,
    status_message: Option<String>,
    pub(super) created_at: i64,
    completed_at: Option<i64>,
    size_bytes: Option<i64>,
    tier: String,
    cold_at: Option<i64>,
    delete_at: Option<i64>,
    locked: i64,
    held: i64,
    copied_from: Option<String>,
    copied_from_vault: Option<String>,
    parent: Option<String>,
    plan_id: Option<String>,
    rule_id: Option<String>,
}

impl PointRow {
    pub(super) fn read(self) -> Result<RecoveryPoint, StoreError> {
        Ok(RecoveryPoint {
            arn: parsed(self.arn)?,
            resource_arn: parsed(self.resource_arn)?,
            resource_type: self.resource_type.into(),
            account: parsed(self.account)?,
            region: parsed(self.region)?,
            vault: self.vault,
            source: from_word(self.source)?,
            status: self.status,
            status_message: self.status_message,
            created_at: time(self.created_at)?,
            completed_at: optional_time(self.completed_at)?,
            size_bytes: self.size_bytes.map(unsigned),
            tier: from_word(self.tier)?,
            cold_at: optional_time(self.cold_at)?,
            delete_at: optional_time(self.delete_at)?,
            locked: self.locked != 0,
            held: self.held != 0,
            copied_from: optional(self.copied_from)?,
            copied_from_vault: optional(self.copied_from_vault)?,
            parent: optional(self.parent)?,
            plan_id: self.plan_id,
            rule_id: self.rule_id,
        })
    }
}

pub(super) const JOB: &str = "j.job_id, j.kind, s.account, s.region, j.resource_arn, j.point_arn, \
                              j.status, j.message, j.percent, j.created_at, j.completed_at, j.vault, \
                              j.plan_id, j.rule_id, j.start_by";

#[derive(sqlx::FromRow)]
pub(super) struct JobRow {
    job_id: String,
    kind: String,
    account: String,
    region: String,
    resource_arn: Option<String>,
    point_arn: Option<String>,
    status: String,
    message: Option<String>,
    percent: Option<f64>,
    pub(super) created_at: i64,
    completed_at: Option<i64>,
    vault: Option<String>,
    plan_id: Option<String>,
    rule_id: Option<String>,
    start_by: Option<i64>,
}

impl JobRow {
    pub(super) fn read(self) -> Result<Job, StoreError> {
        Ok(Job {
            id: self.job_id,
            kind: from_word(self.kind)?,
            account: parsed(self.account)?,
            region: parsed(self.region)?,
            resource_arn: optional(self.resource_arn)?,
            point_arn: optional(self.point_arn)?,
            status: self.status,
            message: self.message,
            percent: self.percent,
            created_at: time(self.created_at)?,
            completed_at: optional_time(self.completed_at)?,
            vault: self.vault,
            plan_id: self.plan_id,
            rule_id: self.rule_id,
            start_by: optional_time(self.start_by)?,
        })
    }
}

pub(super) const HOLD: &str = "h.hold_id, h.arn, s.account, s.region, h.title, h.description, \
     h.status, h.created_at, h.cancelled_at, h.vaults, h.resources, h.from_at, h.until_at, h.points";

#[derive(sqlx::FromRow)]
pub(super) struct HoldRow {
    hold_id: String,
    arn: String,
    account: String,
    region: String,
    title: String,
    description: String,
    status: String,
    created_at: i64,
    cancelled_at: Option<i64>,
    vaults: String,
    resources: String,
    from_at: Option<i64>,
    until_at: Option<i64>,
    points: i64,
}

impl HoldRow {
    pub(super) fn read(self) -> Result<LegalHold, StoreError> {
        Ok(LegalHold {
            id: self.hold_id,
            arn: parsed(self.arn)?,
            account: parsed(self.account)?,
            region: parsed(self.region)?,
            title: self.title,
            description: self.description,
            status: self.status,
            created_at: time(self.created_at)?,
            cancelled_at: optional_time(self.cancelled_at)?,
            vaults: from_json(&self.vaults)?,
            resources: from_json(&self.resources)?,
            from: optional_time(self.from_at)?,
            until: optional_time(self.until_at)?,
            points: unsigned(self.points),
        })
    }
}

/// The continuous window from its two columns.
pub(super) fn window(
    earliest: Option<i64>,
    latest: Option<i64>,
) -> Result<Option<PitrWindow>, StoreError> {
    match (earliest, latest) {
        (Some(earliest), Some(latest)) => Ok(Some(PitrWindow {
            earliest: time(earliest)?,
            latest: time(latest)?,
        })),
        _ => Ok(None),
    }
}
