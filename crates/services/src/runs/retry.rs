use serde_json::Value;
use tidemark_domain::{
    Arn, Privilege,
    runs::{Run, RunId, RunState, RunView},
};

use super::{Start, engine_error, get::find, start};
use crate::{
    Caller, ServiceError, Services, authorize,
    backup::{self, BACKUP_KIND},
    buckets::{self, COPY_KIND, SET_BUCKET_KIND},
    holds::{self, CHANGE_HOLD_KIND},
    plans::{self, DELETE_PLAN_KIND, ROLLOUT_KIND, RULE_RUN_KIND, SAVE_PLAN_KIND},
    points::{
        change::{CHANGE_LIFECYCLE_KIND, DELETE_POINTS_KIND},
        copy::COPY_POINTS_KIND,
    },
    policies::{self, SET_BUCKET_POLICY_KIND},
    records::{
        prove::PROOF_KIND,
        setup::SETUP_KIND,
        undo::{self, UNDO_KIND},
    },
    resources,
    restore::{self, RESTORE_KIND},
    sets::{self, BACK_UP_SET_KIND, RESTORE_SET_KIND},
    vaults::{self, CHANGE_VAULT_KIND, PROTECT_VAULT_KIND},
};

/// What a retry needs: what starting a run of the kind needs, and never anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// The privilege at all.
    Privilege(Privilege),
    /// The privilege on the run's resource.
    OnResource(Privilege),
    /// What an undo of records needs on the table.
    UndoRecords,
    /// What a restore needs, on every member of the set.
    RestoreMembers,
}

/// Every kind that can be begun again: its name, and what that needs.
const KINDS: [(&str, Needs); 20] = [
    (RESTORE_KIND, Needs::OnResource(Privilege::Restore)),
    (BACKUP_KIND, Needs::OnResource(Privilege::Backup)),
    (SAVE_PLAN_KIND, Needs::Privilege(Privilege::ManagePlans)),
    (DELETE_PLAN_KIND, Needs::Privilege(Privilege::ManagePlans)),
    (RULE_RUN_KIND, Needs::Privilege(Privilege::ManagePlans)),
    (ROLLOUT_KIND, Needs::Privilege(Privilege::ManagePlans)),
    (
        DELETE_POINTS_KIND,
        Needs::Privilege(Privilege::ManagePoints),
    ),
    (
        CHANGE_LIFECYCLE_KIND,
        Needs::Privilege(Privilege::ManagePoints),
    ),
    (COPY_POINTS_KIND, Needs::Privilege(Privilege::ManagePoints)),
    (SET_BUCKET_KIND, Needs::Privilege(Privilege::ManageBuckets)),
    (COPY_KIND, Needs::Privilege(Privilege::ManageBuckets)),
    (CHANGE_VAULT_KIND, Needs::Privilege(Privilege::ManageVaults)),
    (
        PROTECT_VAULT_KIND,
        Needs::Privilege(Privilege::ProtectVaults),
    ),
    (CHANGE_HOLD_KIND, Needs::Privilege(Privilege::ProtectVaults)),
    (SETUP_KIND, Needs::OnResource(Privilege::ManageRecords)),
    (PROOF_KIND, Needs::OnResource(Privilege::ManageRecords)),
    (UNDO_KIND, Needs::UndoRecords),
    (BACK_UP_SET_KIND, Needs::Privilege(Privilege::ManagePlans)),
    (RESTORE_SET_KIND, Needs::RestoreMembers),
    (
        SET_BUCKET_POLICY_KIND,
        Needs::Privilege(Privilege::ManagePolicies),
    ),
];

/// Begins anew what a run has left undone, in the caller's name: just the parts that failed where the
/// rest is done, else the whole. It needs what starting it needed. A restore is planned anew, and
/// refused when it would do something else than what was shown.
pub async fn retry(services: &Services, caller: &Caller, id: RunId) -> Result<RunId, ServiceError> {
    let run = find(services, caller, id, Privilege::ControlRuns, "run.retry").await?;
    let Some((kind, needs)) = KINDS.into_iter().find(|(kind, _)| *kind == run.kind) else {
        return Err(ServiceError::Conflict(format!(
            "runs of the kind {} cannot be begun again",
            run.kind
        )));
    };
    if !run.head.state.is_terminal() {
        return Err(ServiceError::Conflict(
            "the run has not ended; wait for it, or cancel it".to_owned(),
        ));
    }
    if run.head.state == RunState::Succeeded {
        return Err(ServiceError::Conflict(
            "the run succeeded; there is nothing to try again".to_owned(),
        ));
    }
    allow(services, caller, &run, needs).await?;
    let rest = rest(services, &run).await?;
    match (kind, rest) {
        (RESTORE_KIND, None) => restore::again(services, caller, run.params).await,
        (RESTORE_SET_KIND, None) => sets::restore_again(services, caller, run.params).await,
        (BACKUP_KIND, None) => backup::again(services, caller, run.params).await,
        (kind, rest) => {
            let params = rest.unwrap_or(run.params);
            let wish = Start {
                kind,
                targets: targets(kind, &params),
                action: "run.retry",
                subject: id.to_string(),
                digest: None,
                detail: format!("What run {id} has left undone."),
                labels: run.labels,
                reason: run.reason,
                params,
            };
            start(services, caller, wish).await
        }
    }
}

async fn allow(
    services: &Services,
    caller: &Caller,
    run: &Run,
    needs: Needs,
) -> Result<(), ServiceError> {
    let (action, subject) = ("run.retry", run.id.to_string());
    let resource = run.labels.resource.as_deref();
    let arn = resource.and_then(|arn| Arn::parse(arn).ok());
    match (needs, arn) {
        (Needs::UndoRecords, _) => {
            let capture = run.params["capture"]["id"].as_str().unwrap_or_default();
            undo::allowed(services, caller, capture, action).await?;
            Ok(())
        }
        (Needs::RestoreMembers, _) => {
            sets::restore_allowed(services, caller, &run.params, action).await
        }
        (Needs::OnResource(privilege), Some(arn)) => {
            resources::find(services, caller, &arn, privilege, action).await?;
            Ok(())
        }
        (Needs::Privilege(privilege) | Needs::OnResource(privilege), _) => {
            authorize(services, caller, privilege, action, &subject).await?;
            Ok(())
        }
    }
}

/// Parameters for just what the run has left undone; none when that is everything.
async fn rest(services: &Services, run: &Run) -> Result<Option<Value>, ServiceError> {
    let partly = matches!(
        run.head.state,
        RunState::SucceededWithWarnings | RunState::PartlyFailed
    );
    let Some(kind) = services.runs.kinds().get(&run.kind).filter(|_| partly) else {
        return Ok(None);
    };
    let view: RunView = services.runs.view(run.id).await.map_err(engine_error)?;
    match kind.rest(&run.params, &view) {
        Some(rest) => Ok(Some(rest)),
        // The parts themselves know which of them are left.
        None if run.head.state == RunState::PartlyFailed => Ok(Some(run.params.clone())),
        None => Err(ServiceError::Conflict(
            "what the run asked for is there; what it warns of cannot be done again by itself"
                .to_owned(),
        )),
    }
}

/// What only one unfinished run may work on.
fn targets(kind: &str, params: &Value) -> Vec<String> {
    match kind {
        RESTORE_KIND => restore::targets_of(params),
        SAVE_PLAN_KIND | DELETE_PLAN_KIND | ROLLOUT_KIND => plans::targets_of(params),
        SET_BUCKET_KIND => buckets::targets_of(params),
        COPY_KIND => buckets::copy_targets_of(params),
        CHANGE_VAULT_KIND | PROTECT_VAULT_KIND => vaults::targets_of(params),
        CHANGE_HOLD_KIND => holds::targets_of(params),
        SET_BUCKET_POLICY_KIND => policies::targets_of(params),
        SETUP_KIND => table(params, "/request/table")
            .map(|table| format!("capture:{table}"))
            .into_iter()
            .collect(),
        UNDO_KIND => table(params, "/capture/table")
            .map(|table| format!("records:{table}"))
            .into_iter()
            .collect(),
        BACK_UP_SET_KIND => sets::targets_of(params),
        RESTORE_SET_KIND => sets::restore_targets_of(params),
        _ => Vec::new(),
    }
}

fn table<'a>(params: &'a Value, path: &str) -> Option<&'a str> {
    params.pointer(path)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_asks_less_for_a_retry_than_for_a_start() {
        for (kind, needs) in KINDS {
            let privilege = match needs {
                Needs::Privilege(privilege) | Needs::OnResource(privilege) => Some(privilege),
                Needs::UndoRecords | Needs::RestoreMembers => None,
            };
            if kind != RESTORE_KIND {
                assert_ne!(privilege, Some(Privilege::Restore), "{kind}");
            }
        }
    }
}
