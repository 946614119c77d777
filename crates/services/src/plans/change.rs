use std::collections::HashSet;

use tidemark_domain::{
    Arn, Invalid, Privilege,
    plan::{
        BackupPlan, PlanChange, PlanDraft, PlanKey, PlanRecord, SelectionChange, SelectionStep,
        diff_plans, diff_selections, next_runs, same_selection,
    },
};

use super::{
    check::{findings, selections_of},
    digest::digest_of,
    dry_run::{selections_of_record, with_dry_run},
    find::{known, registered},
    knowledge::Surroundings,
    permission::{finding, missing},
    run::{SaveParams, SelectionWork, save_policies, save_policy},
};
use crate::{Caller, ServiceError, Services, authorize, calls::SessionPolicy, policy_size::Fitted};

/// Runs that the review shows.
const RUNS: usize = 10;

/// Exactly what saving a draft will do, with everything that can be found out before. Nothing is
/// changed.
pub async fn change(
    services: &Services,
    caller: &Caller,
    draft: PlanDraft,
) -> Result<PlanChange, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManagePlans,
        "plan.change",
        &draft.plan.backup_plan_name,
    )
    .await?;
    let account = registered(services, &draft.scope()).await?;
    let mut change = change_of(services, draft).await?;
    let work = selection_work(&change.draft, change.before.as_ref())?;
    let policies = save_policies(&params(&change.draft, change.before.as_ref(), work));
    let missing = missing(services, &account, &change.draft.region, &policies).await;
    change.findings.extend(missing);
    change.findings.sort_by_key(|finding| !finding.is_error());
    Ok(change)
}

/// The same without asking AWS whether the role may do it.
pub(super) async fn change_of(
    services: &Services,
    mut draft: PlanDraft,
) -> Result<PlanChange, ServiceError> {
    let scope = draft.scope();
    registered(services, &scope).await?;
    let before = before(services, &draft).await?;
    // A draft that names no tags leaves those of the plan as they are.
    if draft.plan.tags().is_none()
        && let Some(before) = &before
    {
        let tags = before.plan.other.get(BackupPlan::TAGS).cloned();
        draft.plan.set_tags(tags);
    }
    let work = selection_work(&draft, before.as_ref())?;
    let around = Surroundings::read(services, &scope, &draft.plan).await?;
    let params = params(&draft, before.as_ref(), work);
    let fitted = fit(&params)?;
    let drafted = selections_of(&draft);
    let old = before
        .as_ref()
        .map(selections_of_record)
        .unwrap_or_default();
    let after: HashSet<&Arn> = around.taken(&drafted).map(|r| &r.arn).collect();
    let now_taken: HashSet<&Arn> = around.taken(&old).map(|r| &r.arn).collect();
    Ok(PlanChange {
        differences: match &before {
            Some(before) => diff_plans(&before.plan, &draft.plan),
            None => Vec::new(),
        },
        selections: params
            .selections
            .iter()
            .map(described)
            .chain(kept(&draft, &params))
            .collect(),
        findings: before
            .iter()
            .filter_map(PlanRecord::read_only)
            .chain(findings(services, &draft, &around))
            .chain(fitted.iter().filter_map(|fitted| finding(fitted.check()?)))
            .collect(),
        dry_run: with_dry_run(services, &draft, &around, |dry_run| {
            dry_run.counts().clone()
        }),
        won: count(after.difference(&now_taken).count()),
        lost: count(now_taken.difference(&after).count()),
        next_runs: next_runs(&draft.plan, services.clock.now(), RUNS),
        session_policy: save_policy(&params, None).fitted(),
        digest: digest_of(&params)?,
        before,
        draft,
    })
}

/// Every policy of the run, within what STS takes.
fn fit(params: &SaveParams) -> Result<Vec<Fitted>, Invalid> {
    save_policies(params)
        .iter()
        .map(SessionPolicy::fit)
        .collect()
}

/// The plan that the draft changes, if it is still the one from which the draft was made.
async fn before(
    services: &Services,
    draft: &PlanDraft,
) -> Result<Option<PlanRecord>, ServiceError> {
    let Some(id) = &draft.plan_id else {
        return Ok(None);
    };
    let key = PlanKey {
        account: draft.account.clone(),
        region: draft.region.clone(),
        id: id.clone(),
    };
    let record = known(services, &key).await?;
    match &draft.version_id {
        Some(version) if *version != record.version_id => Err(ServiceError::Conflict(
            "the plan was changed by somebody else since it was opened; open it again".to_owned(),
        )),
        _ => Ok(Some(record)),
    }
}

/// What a run has to do, as its parameters. What AWS counts on by itself is not part of them.
pub(super) fn params(
    draft: &PlanDraft,
    before: Option<&PlanRecord>,
    selections: Vec<SelectionWork>,
) -> SaveParams {
    SaveParams {
        account: draft.account.clone(),
        region: draft.region.clone(),
        before: before.map(settled),
        plan: draft.plan.clone(),
        selections,
    }
}

/// The record without what changes while nobody changes the plan.
pub(super) fn settled(record: &PlanRecord) -> PlanRecord {
    PlanRecord {
        last_execution: None,
        taken: None,
        ..record.clone()
    }
}

/// What has to be done with selections: none for those that stay.
pub(super) fn selection_work(
    draft: &PlanDraft,
    before: Option<&PlanRecord>,
) -> Result<Vec<SelectionWork>, ServiceError> {
    let old = before.map(|b| b.selections.as_slice()).unwrap_or_default();
    let mut work = Vec::new();
    for (index, drafted) in draft.selections.iter().enumerate() {
        let from = match &drafted.id {
            None => None,
            Some(id) => Some(old.iter().find(|one| one.id == *id).ok_or_else(|| {
                Invalid::new(
                    format!("Selections[{index}]"),
                    "was deleted by somebody else; open the plan again",
                )
            })?),
        };
        if from.is_some_and(|from| same_selection(&from.selection, &drafted.selection)) {
            continue;
        }
        work.push(SelectionWork {
            old: from.cloned(),
            new: Some(drafted.selection.clone()),
        });
    }
    let stays = |id: &str| draft.selections.iter().any(|d| d.id.as_deref() == Some(id));
    work.extend(
        old.iter()
            .filter(|one| !stays(&one.id))
            .map(|one| SelectionWork {
                old: Some(one.clone()),
                new: None,
            }),
    );
    Ok(work)
}

fn described(work: &SelectionWork) -> SelectionChange {
    let old = work.old.as_ref().map(|old| &old.selection);
    let name = |s: &tidemark_domain::selection::BackupSelection| s.selection_name.clone();
    let (name, what) = match (old, &work.new) {
        (Some(old), None) => (name(old), SelectionStep::Delete),
        (Some(_), Some(new)) => (name(new), SelectionStep::Replace),
        (None, Some(new)) => (name(new), SelectionStep::Create),
        (None, None) => (String::new(), SelectionStep::Keep),
    };
    let differences = match (old, &work.new) {
        (Some(old), Some(new)) => {
            // Under one name, so that just what changes is listed.
            let mut old = old.clone();
            old.selection_name.clone_from(&new.selection_name);
            diff_selections(&[old], std::slice::from_ref(new))
        }
        _ => Vec::new(),
    };
    SelectionChange {
        name,
        what,
        differences,
    }
}

/// The selections that stay as they are.
fn kept(draft: &PlanDraft, params: &SaveParams) -> Vec<SelectionChange> {
    draft
        .selections
        .iter()
        .filter(|drafted| {
            !params
                .selections
                .iter()
                .any(|work| work.new.as_ref() == Some(&drafted.selection))
        })
        .map(|drafted| SelectionChange {
            name: drafted.selection.selection_name.clone(),
            what: SelectionStep::Keep,
            differences: Vec::new(),
        })
        .collect()
}

fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
