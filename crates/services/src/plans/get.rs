use tidemark_domain::{
    Privilege, Scope, ScopeState, Verdict,
    plan::{self, Finding, PlanDetail, PlanKey, next_runs},
    selection::{BackupSelection, check_selection},
};

use super::{find::find, knowledge::Surroundings, siblings::siblings_of};
use crate::{Caller, ServiceError, Services};

/// Runs that the page shows.
const RUNS: usize = 10;
/// Jobs that the page shows.
const JOBS: u16 = 100;

/// One plan with what is wrong with it, its next runs, its newest jobs, and where else it lies.
pub async fn get(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
) -> Result<PlanDetail, ServiceError> {
    let record = find(services, caller, key, Privilege::ReadPlans, "plan.get").await?;
    let scope = record.scope();
    let around = Surroundings::read(services, &scope, &record.plan).await?;
    let selections: Vec<BackupSelection> = record
        .selections
        .iter()
        .map(|one| one.selection.clone())
        .collect();
    let now = services.clock.now();
    let known = around.knowledge(&scope, &selections, Some(&record.id), now);
    let mut findings = plan::check(&record.plan, &known);
    for (index, selection) in selections.iter().enumerate() {
        findings.extend(check_selection(selection, &format!("Selections[{index}]")));
    }
    findings.extend(record.read_only().map(|finding| Finding {
        verdict: Verdict::Warn,
        ..finding
    }));
    findings.sort_by_key(|finding| !finding.is_error());
    Ok(PlanDetail {
        findings,
        next_runs: next_runs(&record.plan, now, RUNS),
        siblings: siblings_of(services, &record).await?,
        points: services.catalogue.plan_points(key).await?,
        jobs: services.catalogue.plan_jobs(key, JOBS).await?,
        alias: alias(services, &scope).await?,
        scope: state(services, &scope).await?,
        record,
    })
}

/// The alias of a scope's account; its id when it is not registered any more.
pub(super) async fn alias(services: &Services, scope: &Scope) -> Result<String, ServiceError> {
    let account = services.accounts.get(&scope.account).await?;
    Ok(account.map_or_else(|| scope.account.to_string(), |account| account.alias))
}

/// How fresh what is known of a scope is.
pub(super) async fn state(services: &Services, scope: &Scope) -> Result<ScopeState, ServiceError> {
    let states = services.catalogue.scopes(Some(&scope.account)).await?;
    Ok(states
        .into_iter()
        .find(|state| state.scope == *scope)
        .unwrap_or_else(|| ScopeState::never(scope.clone())))
}
