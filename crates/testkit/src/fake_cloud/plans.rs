//! Backup plans and selections.

use serde_json::Value;
use tidemark_domain::{
    Arn, Scope,
    plan::{BackupPlan, PlanRecord, PlanVersion, RegionSettings, SelectionRecord},
    selection::BackupSelection,
};
use tidemark_services::ports::{
    CloudError, CloudErrorKind, KnownVersion, PlanMade, ScopeSnapshot, Target,
};

use super::{
    FakeCloud,
    enter::{answer, scope_of},
    model::{FakePlan, State},
};

impl FakeCloud {
    /// The plans of a scope that are there, by name.
    pub fn plans(&self, scope: &Scope) -> Vec<PlanRecord> {
        let mut state = self.lock();
        let mut plans: Vec<PlanRecord> = state
            .scope(scope)
            .plans
            .iter()
            .filter(|(_, plan)| !plan.deleted)
            .map(|(id, plan)| record(scope, id, plan))
            .collect();
        plans.sort_by(|a, b| a.plan.backup_plan_name.cmp(&b.plan.backup_plan_name));
        plans
    }

    /// Adds a plan with its selections, as if somebody had made it outside the console; answers its id.
    pub fn add_plan(
        &self,
        scope: &Scope,
        plan: &BackupPlan,
        selections: &[BackupSelection],
    ) -> String {
        let id = format!("plan-{:08}", self.lock().next());
        self.add_plan_as(id, scope, plan, selections)
    }

    /// Adds a plan under an id, as AWS Organizations does.
    pub fn add_plan_as(
        &self,
        id: String,
        scope: &Scope,
        plan: &BackupPlan,
        selections: &[BackupSelection],
    ) -> String {
        let now = self.clock.now();
        let mut state = self.lock();
        let version = version(&mut state, plan, &[], now);
        let selections = selections
            .iter()
            .map(|selection| SelectionRecord {
                id: format!("selection-{:08}", state.next()),
                created_at: Some(now),
                selection: selection.clone(),
            })
            .collect();
        state.scope(scope).plans.insert(
            id.clone(),
            FakePlan {
                versions: vec![version],
                selections,
                token: None,
                deleted: false,
            },
        );
        id
    }

    /// Changes a plan as if somebody had done so outside the console.
    pub fn change_plan(&self, scope: &Scope, id: &str, plan: &BackupPlan) {
        let now = self.clock.now();
        let mut state = self.lock();
        let version = version(&mut state, plan, &[], now);
        if let Some(known) = state.scope(scope).plans.get_mut(id) {
            known.versions.push(version);
        }
    }

    /// Sets what a Region lets AWS Backup do.
    pub fn set_region_settings(&self, scope: &Scope, settings: RegionSettings) {
        self.lock().scope(scope).settings = settings;
    }
}

/// A version of a document; AWS gives each rule an id, and keeps that of a rule of the same name.
fn version(
    state: &mut State,
    plan: &BackupPlan,
    before: &[PlanVersion],
    now: jiff::Timestamp,
) -> PlanVersion {
    let mut plan = plan.clone();
    for rule in &mut plan.rules {
        let known = before
            .iter()
            .rev()
            .flat_map(|version| &version.plan.rules)
            .find(|old| old.rule_name == rule.rule_name)
            .and_then(|old| old.other.get("RuleId").cloned());
        let id = known.unwrap_or_else(|| Value::String(format!("rule-{:08}", state.next())));
        rule.other.insert("RuleId".to_owned(), id);
    }
    PlanVersion {
        version_id: format!("version-{:08}", state.next()),
        created_at: now,
        deleted_at: None,
        plan,
    }
}

fn arn(scope: &Scope, id: &str) -> Arn {
    crate::build::arn(&format!(
        "arn:aws:backup:{}:{}:backup-plan:{id}",
        scope.region, scope.account
    ))
}

fn record(scope: &Scope, id: &str, plan: &FakePlan) -> PlanRecord {
    let current = plan.current();
    PlanRecord {
        account: scope.account.clone(),
        region: scope.region.clone(),
        id: id.to_owned(),
        arn: arn(scope, id),
        version_id: current.version_id.clone(),
        plan: current.plan.clone(),
        selections: plan.selections.clone(),
        created_at: current.created_at,
        last_execution: None,
        taken: None,
    }
}

fn made(scope: &Scope, id: &str, plan: &FakePlan) -> PlanMade {
    PlanMade {
        id: id.to_owned(),
        arn: arn(scope, id),
        version_id: plan.current().version_id.clone(),
    }
}

/// What a sync reads of plans.
pub(super) fn read(state: &mut State, scope: &Scope, snapshot: &mut ScopeSnapshot) {
    for (id, plan) in &state.scope(scope).plans {
        if !plan.deleted {
            snapshot.plans.push(record(scope, id, plan));
        }
        snapshot
            .plan_versions
            .extend(plan.versions.iter().map(|version| KnownVersion {
                plan_id: id.clone(),
                version: version.clone(),
            }));
    }
}

pub(crate) fn get(
    cloud: &FakeCloud,
    target: &Target,
    id: &str,
) -> Result<Option<PlanRecord>, CloudError> {
    let scope = scope_of(target);
    let name = arn(&scope, id);
    for action in ["backup:GetBackupPlan", "backup:ListBackupSelections"] {
        drop(cloud.enter(target, action, name.as_str())?);
    }
    let mut state = cloud.enter(target, "backup:GetBackupSelection", name.as_str())?;
    Ok(state
        .scope(&scope)
        .plans
        .get(id)
        .filter(|plan| !plan.deleted)
        .map(|plan| record(&scope, id, plan)))
}

pub(crate) fn create(
    cloud: &FakeCloud,
    target: &Target,
    plan: &BackupPlan,
    token: &str,
) -> Result<PlanMade, CloudError> {
    const OPERATION: &str = "backup:CreateBackupPlan";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, "*")?;
    refuse_malformed(&mut state, OPERATION, plan)?;
    let mut there = state.scope(&scope).plans.iter().filter(|(_, p)| !p.deleted);
    // The API reference on `CreatorRequestId`: where it matches an existing plan, that plan is returned. It
    // names the plan, whatever that has been renamed to since.
    let asked_before = there
        .clone()
        .find(|(_, p)| p.token.as_deref() == Some(token));
    if let Some((id, known)) = asked_before {
        return Ok(made(&scope, id, known));
    }
    if there.any(|(_, p)| p.current().plan.backup_plan_name == plan.backup_plan_name) {
        return Err(answer(
            &mut state,
            CloudErrorKind::Conflict,
            OPERATION,
            "AlreadyExistsException",
            format!(
                "Backup plan with the same name already exists: {}",
                plan.backup_plan_name
            ),
        ));
    }
    let id = format!("plan-{:08}", state.next());
    let version = version(&mut state, plan, &[], cloud.clock.now());
    let plan = FakePlan {
        versions: vec![version],
        selections: Vec::new(),
        token: Some(token.to_owned()),
        deleted: false,
    };
    let answer = made(&scope, &id, &plan);
    state.scope(&scope).plans.insert(id, plan);
    Ok(answer)
}

pub(crate) fn update(
    cloud: &FakeCloud,
    target: &Target,
    id: &str,
    plan: &BackupPlan,
) -> Result<PlanMade, CloudError> {
    const OPERATION: &str = "backup:UpdateBackupPlan";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, arn(&scope, id).as_str())?;
    refuse_malformed(&mut state, OPERATION, plan)?;
    let before = live(&mut state, &scope, OPERATION, id)?.versions.clone();
    let version = version(&mut state, plan, &before, cloud.clock.now());
    let known = live(&mut state, &scope, OPERATION, id)?;
    known.versions.push(version);
    Ok(made(&scope, id, known))
}

pub(crate) fn delete(cloud: &FakeCloud, target: &Target, id: &str) -> Result<(), CloudError> {
    const OPERATION: &str = "backup:DeleteBackupPlan";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, arn(&scope, id).as_str())?;
    let Ok(plan) = live(&mut state, &scope, OPERATION, id) else {
        return Ok(());
    };
    if plan.selections.is_empty() {
        plan.deleted = true;
        return Ok(());
    }
    Err(answer(
        &mut state,
        CloudErrorKind::Invalid,
        OPERATION,
        "InvalidRequestException",
        "Related backup plan selections must be deleted prior to backup plan deletion",
    ))
}

pub(crate) fn create_selection(
    cloud: &FakeCloud,
    target: &Target,
    plan_id: &str,
    selection: &BackupSelection,
    token: &str,
) -> Result<String, CloudError> {
    const OPERATION: &str = "backup:CreateBackupSelection";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, arn(&scope, plan_id).as_str())?;
    super::enter::allowed(&mut state, target, "iam:PassRole", &selection.iam_role_arn)?;
    let now = cloud.clock.now();
    let tokens = state.scope(&scope).tokens.get(token).cloned();
    let plan = live(&mut state, &scope, OPERATION, plan_id)?;
    let same = plan
        .selections
        .iter()
        .find(|one| one.selection.selection_name == selection.selection_name);
    if let Some(same) = same {
        if tokens.as_ref() == Some(&same.id) {
            return Ok(same.id.clone());
        }
        return Err(answer(
            &mut state,
            CloudErrorKind::Conflict,
            OPERATION,
            "AlreadyExistsException",
            "Backup selection with the same name already exists",
        ));
    }
    let id = format!("selection-{:08}", state.next());
    live(&mut state, &scope, OPERATION, plan_id)?
        .selections
        .push(SelectionRecord {
            id: id.clone(),
            created_at: Some(now),
            selection: selection.clone(),
        });
    let model = state.scope(&scope);
    model.tokens.insert(token.to_owned(), id.clone());
    Ok(id)
}

pub(crate) fn delete_selection(
    cloud: &FakeCloud,
    target: &Target,
    plan_id: &str,
    id: &str,
) -> Result<(), CloudError> {
    const OPERATION: &str = "backup:DeleteBackupSelection";
    let scope = scope_of(target);
    let mut state = cloud.enter(target, OPERATION, arn(&scope, plan_id).as_str())?;
    if let Ok(plan) = live(&mut state, &scope, OPERATION, plan_id) {
        plan.selections.retain(|one| one.id != id);
    }
    Ok(())
}

fn live<'a>(
    state: &'a mut State,
    scope: &Scope,
    operation: &str,
    id: &str,
) -> Result<&'a mut FakePlan, CloudError> {
    if state
        .scope(scope)
        .plans
        .get(id)
        .is_none_or(|plan| plan.deleted)
    {
        return Err(answer(
            state,
            CloudErrorKind::NotFound,
            operation,
            "ResourceNotFoundException",
            format!("Backup plan {id} does not exist"),
        ));
    }
    // Looked up again, since the answer above borrows the state.
    state.scope(scope).plans.get_mut(id).ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::NotFound,
            operation,
            "the plan does not exist",
        )
    })
}

fn refuse_malformed(
    state: &mut State,
    operation: &str,
    plan: &BackupPlan,
) -> Result<(), CloudError> {
    match plan.check().into_iter().next() {
        None => Ok(()),
        Some(wrong) => Err(answer(
            state,
            CloudErrorKind::Invalid,
            operation,
            "InvalidParameterValueException",
            wrong.to_string(),
        )),
    }
}
