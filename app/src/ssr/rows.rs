//! From the use cases' values to the pages' rows, for those that the browser does not know.

use tidemark_domain::{
    AccountId, Arn, Invalid,
    runs::{Run, RunId},
};
use tidemark_services::{
    audit::{AuditOutcome, AuditRecord},
    runs::{RunDetail, RunListFilter},
};

use crate::{
    server_fns::{
        audit::AuditRow,
        runs::{RunPage, RunQuery, RunRow},
    },
    wizard::Wizard,
};

/// A run as lists show it.
pub(crate) fn run_row(run: Run) -> RunRow {
    RunRow {
        id: run.id,
        kind: run.kind,
        creator: run.creator,
        reason: run.reason,
        labels: run.labels,
        state: run.head.state,
        progress: run.head.progress,
        alarm: run.head.alarm.map(|alarm| alarm.message),
        created_at: run.created_at,
        finished_at: run.head.finished_at,
    }
}

/// A run as its page shows it.
pub(crate) fn run_page(detail: RunDetail) -> RunPage {
    let again = detail
        .run
        .params
        .pointer("/plan/request")
        .and_then(|request| serde_json::from_value(request.clone()).ok())
        .map(|request| Wizard::of_request(&request).href());
    RunPage {
        cancel_pending: detail.run.cancel_pending(),
        row: run_row(detail.run),
        view: detail.view,
        events: detail.events,
        again,
    }
}

/// What a list of runs shows.
pub(crate) fn run_filter(query: &RunQuery) -> Result<RunListFilter, Invalid> {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(RunListFilter {
        states: query.states()?,
        account: given(&query.account).map(AccountId::parse).transpose()?,
        resource: given(&query.resource).map(Arn::parse).transpose()?,
        cursor: given(&query.cursor),
        limit: None,
    })
}

/// A run's id as typed.
pub(crate) fn run_id(text: &str) -> Result<RunId, Invalid> {
    text.parse().map_err(|_| {
        Invalid::new(
            "run id",
            "must be a UUID such as 01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11",
        )
    })
}

/// A number of days as typed; empty is none.
pub(crate) fn days(field: &str, text: &str) -> Result<Option<i64>, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| Invalid::new(field, "must be a whole number"))
}

/// An entry of the audit log.
pub(crate) fn audit_row(record: AuditRecord) -> AuditRow {
    let entry = record.entry;
    AuditRow {
        number: record.number,
        at: entry.at,
        actor: entry.actor,
        origin: entry.origin,
        action: entry.action,
        subject: entry.subject,
        outcome: match entry.outcome {
            AuditOutcome::Allowed => "allowed",
            AuditOutcome::Denied => "denied",
            AuditOutcome::Failed => "failed",
        }
        .to_owned(),
        detail: entry.detail,
        plan_digest: entry.plan_digest,
        hash: record.hash,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn days_are_whole_numbers_or_none() {
        assert_eq!(days("d", " "), Ok(None));
        assert_eq!(days("d", "35"), Ok(Some(35)));
        assert_eq!(
            days("days", "3.5").unwrap_err().to_string(),
            "days: must be a whole number"
        );
    }

    #[test]
    fn a_run_id_is_a_uuid() {
        assert_eq!(run_id("42").unwrap_err().field, "run id");
    }
}
