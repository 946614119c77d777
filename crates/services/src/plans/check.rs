use tidemark_domain::{
    Privilege,
    plan::{self, Finding, PlanDraft},
    selection::{BackupSelection, check_selection},
};

use super::{find::registered, knowledge::Surroundings};
use crate::{Caller, ServiceError, Services, authorize};

/// Everything that is wrong or worth knowing about a draft, errors first. Nothing is changed.
pub async fn check(
    services: &Services,
    caller: &Caller,
    draft: &PlanDraft,
) -> Result<Vec<Finding>, ServiceError> {
    let scope = draft.scope();
    authorize(
        services,
        caller,
        Privilege::ManagePlans,
        "plan.check",
        &draft.plan.backup_plan_name,
    )
    .await?;
    registered(services, &scope).await?;
    let around = Surroundings::read(services, &scope, &draft.plan).await?;
    Ok(findings(services, draft, &around))
}

/// The same function as in the browser, over what the catalogue knows.
pub(super) fn findings(
    services: &Services,
    draft: &PlanDraft,
    around: &Surroundings,
) -> Vec<Finding> {
    let selections = selections_of(draft);
    let known = around.knowledge(
        &draft.scope(),
        &selections,
        draft.plan_id.as_deref(),
        services.clock.now(),
    );
    let mut findings = plan::check(&draft.plan, &known);
    let mut names = std::collections::BTreeSet::new();
    for (index, selection) in selections.iter().enumerate() {
        let path = format!("Selections[{index}]");
        let mut of_selection = check_selection(selection, &path);
        count_union(selection, &path, around, &mut of_selection);
        findings.extend(of_selection);
        let role = tidemark_domain::RoleArn::parse(&selection.iam_role_arn);
        if role.is_ok_and(|role| role.account() != draft.account.as_str()) {
            findings.push(Finding::error(
                format!("{path}.IamRoleArn"),
                "must be a role of the plan's account",
                "Choose a role of that account that backup.amazonaws.com may assume.",
            ));
        }
        if !names.insert(selection.selection_name.as_str()) {
            findings.push(Finding::error(
                format!("{path}.SelectionName"),
                "must be unique in the plan",
                "Give each selection a name of its own.",
            ));
        }
    }
    if draft.reason.chars().count() > 500 {
        findings.push(Finding::error(
            "reason",
            "must have at most 500 characters",
            "Shorten it.",
        ));
    }
    findings.sort_by_key(|finding| !finding.is_error());
    findings
}

/// Says how many resources a selection of ARNs or a tag takes, and how many with both.
fn count_union(
    selection: &BackupSelection,
    path: &str,
    around: &Surroundings,
    findings: &mut [Finding],
) {
    let field = format!("{path}.ListOfTags");
    let Some(finding) = findings.iter_mut().find(|finding| finding.field == field) else {
        return;
    };
    let count = |selection| around.taken(std::slice::from_ref(selection)).count();
    finding.rule = match selection.narrowed() {
        Some(narrowed) => format!(
            "{}: {} resources, where {} have both",
            finding.rule,
            count(selection),
            count(&narrowed)
        ),
        None => format!("{}: {} resources", finding.rule, count(selection)),
    };
}

pub(super) fn selections_of(draft: &PlanDraft) -> Vec<BackupSelection> {
    draft
        .selections
        .iter()
        .map(|one| one.selection.clone())
        .collect()
}
