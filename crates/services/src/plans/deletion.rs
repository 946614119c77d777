use std::collections::HashSet;

use tidemark_domain::{
    Arn, Invalid, Privilege,
    plan::{PlanDeletion, PlanKey, PlannedRun, next_runs},
};

use super::{
    change::settled,
    digest::digest_of,
    dry_run::selections_of_record,
    find::find,
    knowledge::Surroundings,
    run::{DeleteParams, delete_policy},
};
use crate::{Caller, ServiceError, Services};

/// Runs that the review shows.
const RUNS: usize = 10;

/// Exactly what deleting a plan will do. Nothing is changed.
pub async fn deletion(
    services: &Services,
    caller: &Caller,
    key: &PlanKey,
) -> Result<PlanDeletion, ServiceError> {
    let plan = find(
        services,
        caller,
        key,
        Privilege::ManagePlans,
        "plan.deletion",
    )
    .await?;
    if let Some(reason) = plan.read_only() {
        return Err(Invalid::from(reason).into());
    }
    let around = Surroundings::read(services, &plan.scope(), &plan.plan).await?;
    let own = selections_of_record(&plan);
    let others: Vec<_> = around
        .plans
        .iter()
        .filter(|other| other.id != plan.id)
        .flat_map(selections_of_record)
        .collect();
    let elsewhere: HashSet<&Arn> = around.taken(&others).map(|r| &r.arn).collect();
    let taken: Vec<&Arn> = around.taken(&own).map(|r| &r.arn).collect();
    let unprotected = taken.iter().filter(|arn| !elsewhere.contains(*arn)).count();
    let (resources, unprotected) = (number(taken.len()), number(unprotected));
    let lost_runs = next_runs(&plan.plan, services.clock.now(), RUNS);
    let points = services.catalogue.plan_points(key).await?;
    let consequences = consequences(&plan.plan, points, unprotected, lost_runs.first());
    let params = DeleteParams {
        plan: settled(&plan),
    };
    Ok(PlanDeletion {
        selections: plan
            .selections
            .iter()
            .map(|one| one.selection.selection_name.clone())
            .collect(),
        points,
        resources,
        unprotected,
        lost_runs,
        consequences,
        session_policy: delete_policy(&params.plan).fit()?.text,
        digest: digest_of(&params)?,
        plan,
    })
}

fn consequences(
    plan: &tidemark_domain::plan::BackupPlan,
    points: u64,
    unprotected: u64,
    next: Option<&PlannedRun>,
) -> Vec<String> {
    let mut consequences = vec![format!(
        "{points} recovery points that the plan made stay in their vaults until their lifecycles end."
    )];
    if let Some(next) = next {
        consequences.push(format!(
            "No rule of it runs any more; the next one, {}, would have run at {}.",
            next.rule, next.at
        ));
    }
    if unprotected > 0 {
        consequences.push(format!(
            "{unprotected} resources are taken by no other plan of this account and Region: nothing backs them up by schedule any more."
        ));
    }
    if plan
        .rules
        .iter()
        .any(|rule| rule.enable_continuous_backup == Some(true))
    {
        consequences.push(
            "Continuous backups of its rules stop: their points can be restored to the seconds that they hold, and no later ones."
                .to_owned(),
        );
    }
    consequences
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
