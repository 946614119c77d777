use std::collections::BTreeMap;

use jiff::Timestamp;

use super::BackupEngine;
use crate::{
    error::{BackupError, ErrorKind},
    model::{
        HoldSelection, HoldStatus, LegalHold, Page, PageRequest, RecoveryPoint, Scope,
        lifecycle::days_after,
    },
};

/// `CreateLegalHold`.
#[derive(Clone, Debug, Default)]
pub struct CreateLegalHold {
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Makes creation repeatable.
    pub idempotency_token: Option<String>,
    /// What it covers.
    pub selection: HoldSelection,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

const OPERATION: &str = "CreateLegalHold";

impl BackupEngine {
    /// Puts a hold on the points that exist now.
    pub fn create_legal_hold(
        &self,
        scope: &Scope,
        request: CreateLegalHold,
        now: Timestamp,
    ) -> Result<LegalHold, BackupError> {
        if let Some((from, to)) = request.selection.date_range
            && from > to
        {
            return Err(BackupError::invalid("FromDate must not be after ToDate"));
        }
        let mut world = self.world();
        let quota = world.quotas.legal_holds;
        let id = world.new_uuid().to_string();
        let seq = world.next_seq();
        let state = world.scope(scope);
        if let Some(token) = &request.idempotency_token
            && let Some(existing) = state
                .tokens
                .get(&(OPERATION, token.clone()))
                .and_then(|seq| state.holds.get(seq))
        {
            return Ok(existing.clone());
        }
        let active = state
            .holds
            .values()
            .filter(|hold| hold.status == HoldStatus::Active)
            .count();
        if active >= quota {
            return Err(BackupError::limit(format!(
                "The limit of {quota} legal holds is reached"
            )));
        }
        let hold = LegalHold {
            seq,
            arn: scope.backup_arn(&format!("legal-hold:{id}")),
            id,
            title: request.title,
            description: request.description,
            status: HoldStatus::Active,
            selection: request.selection,
            created: now,
            canceled: None,
            cancel_description: None,
            retain_record_until: None,
            tags: request.tags,
        };
        if let Some(token) = request.idempotency_token {
            state.tokens.insert((OPERATION, token), seq);
        }
        state.holds.insert(seq, hold.clone());
        Ok(hold)
    }

    /// `GetLegalHold`.
    pub fn legal_hold(&self, scope: &Scope, id: &str) -> Result<LegalHold, BackupError> {
        let mut world = self.world();
        world
            .scope(scope)
            .holds
            .values()
            .find(|hold| hold.id == id)
            .cloned()
            .ok_or_else(|| no_such_hold(id))
    }

    /// `ListLegalHolds`, newest first.
    pub fn list_legal_holds(&self, scope: &Scope, page: &PageRequest) -> Page<LegalHold> {
        let mut world = self.world();
        let holds = world.scope(scope).holds.range(..page.after_seq()).rev();
        Page::cut(holds.map(|(seq, hold)| (*seq, hold.clone())), page.limit)
    }

    /// `ListRecoveryPointsByLegalHold`, newest first.
    pub fn list_points_by_legal_hold(
        &self,
        scope: &Scope,
        id: &str,
        page: &PageRequest,
    ) -> Result<Page<RecoveryPoint>, BackupError> {
        let hold = self.legal_hold(scope, id)?;
        let mut world = self.world();
        let points = world
            .scope(scope)
            .points
            .range(..page.after_seq())
            .rev()
            .filter(|(_, point)| hold.covers(point));
        Ok(Page::cut(
            points.map(|(seq, point)| (*seq, point.clone())),
            page.limit,
        ))
    }

    /// `CancelLegalHold`: points that should be gone go now.
    pub fn cancel_legal_hold(
        &self,
        scope: &Scope,
        id: &str,
        description: &str,
        retain_record_in_days: Option<i64>,
        now: Timestamp,
    ) -> Result<(), BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        let hold = state
            .holds
            .values_mut()
            .find(|hold| hold.id == id)
            .ok_or_else(|| no_such_hold(id))?;
        if hold.status != HoldStatus::Active {
            return Err(BackupError::new(
                ErrorKind::InvalidState,
                format!("Legal hold {id} is not active"),
            ));
        }
        let covered = hold.clone();
        hold.status = HoldStatus::Canceled;
        hold.canceled = Some(now);
        hold.cancel_description = Some(description.to_owned());
        hold.retain_record_until = retain_record_in_days.and_then(|days| days_after(now, days));
        let freed: Vec<RecoveryPoint> = state
            .points
            .values()
            .filter(|point| covered.covers(point))
            .cloned()
            .collect();
        for point in freed {
            world.schedule_lifecycle(&point, now);
        }
        Ok(())
    }
}

fn no_such_hold(id: &str) -> BackupError {
    BackupError::not_found(format!("Legal hold {id} does not exist"))
}
