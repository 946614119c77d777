use tidemark_domain::{
    Job, JobFilter, JobKind, JobOutcome, Scope, Vault,
    plan::{PlanFilter, PlanRecord, VaultLimits},
    vaults::{Rehearsal, rehearse},
};

use crate::{ServiceError, Services};

/// Pages of a list that a rehearsal reads at most: 20,000 plans or jobs.
const MOST_PAGES: usize = 100;
const PAGE: u16 = 200;

/// Tries limits on a vault, against every plan, unfinished job and point that the catalogue knows.
pub(super) async fn rehearsed(
    services: &Services,
    vault: &Vault,
    limits: &VaultLimits,
) -> Result<Rehearsal, ServiceError> {
    let scope = Scope {
        account: vault.account.clone(),
        region: vault.region.clone(),
    };
    let plans = plans(services).await?;
    let mut jobs = running(services, JobKind::Backup, Some(&scope)).await?;
    // Copies come from anywhere.
    jobs.extend(running(services, JobKind::Copy, None).await?);
    let points = services
        .catalogue
        .outside(&scope, &vault.name, limits)
        .await?;
    Ok(rehearse(vault, limits, &plans, &jobs, points))
}

async fn plans(services: &Services) -> Result<Vec<PlanRecord>, ServiceError> {
    let mut all = Vec::new();
    let mut filter = PlanFilter {
        limit: Some(PAGE),
        ..PlanFilter::default()
    };
    for _ in 0..MOST_PAGES {
        let page = services.catalogue.plans(&filter).await?;
        all.extend(page.items);
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return Ok(all),
        }
    }
    Err(too_many("plans"))
}

async fn running(
    services: &Services,
    kind: JobKind,
    scope: Option<&Scope>,
) -> Result<Vec<Job>, ServiceError> {
    let mut all = Vec::new();
    let mut filter = JobFilter {
        kind: Some(kind),
        outcome: Some(JobOutcome::Running),
        account: scope.map(|scope| scope.account.clone()),
        region: scope.map(|scope| scope.region.clone()),
        limit: Some(PAGE),
        ..JobFilter::default()
    };
    for _ in 0..MOST_PAGES {
        let page = services.catalogue.job_rows(&filter).await?;
        all.extend(page.items.into_iter().map(|row| row.job));
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return Ok(all),
        }
    }
    Err(too_many("jobs that have not ended"))
}

/// A rehearsal that left something out would be worth nothing.
fn too_many(what: &str) -> ServiceError {
    ServiceError::Conflict(format!(
        "there are more than {} {what}: too many to rehearse the lock against all of them",
        MOST_PAGES * usize::from(PAGE)
    ))
}
