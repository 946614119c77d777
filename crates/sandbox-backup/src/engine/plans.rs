use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{
    BackupEngine,
    events::Event,
    quotas::Quotas,
    refusals::check_plan,
    state::{ScopeState, World},
};
use crate::{
    error::BackupError,
    model::{Page, PageRequest, Plan, PlanDocument, PlanRule, PlanVersion, Scope},
    schedule::{DEFAULT_SCHEDULE, Schedule},
    validate,
};

/// `CreateBackupPlan`.
#[derive(Clone, Debug)]
pub struct CreatePlan {
    /// The plan.
    pub document: PlanDocument,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Makes creation repeatable.
    pub creator_request_id: Option<String>,
}

impl ScopeState {
    pub(crate) fn plan(&self, id: &str) -> Result<&Plan, BackupError> {
        self.plans
            .get(id)
            .ok_or_else(|| BackupError::not_found(format!("Backup plan {id} does not exist")))
    }

    pub(crate) fn live_plan_mut(&mut self, id: &str) -> Result<&mut Plan, BackupError> {
        self.plans
            .get_mut(id)
            .filter(|plan| plan.deleted.is_none())
            .ok_or_else(|| BackupError::not_found(format!("Backup plan {id} does not exist")))
    }
}

impl BackupEngine {
    /// `CreateBackupPlan`: its rules fire from now on.
    pub fn create_plan(
        &self,
        scope: &Scope,
        request: CreatePlan,
        now: Timestamp,
    ) -> Result<Plan, BackupError> {
        let mut world = self.world();
        let quotas = world.quotas;
        check(&request.document, &quotas, now)?;
        let id = world.new_uuid().to_string();
        let seq = world.next_seq();
        let version = world.new_version(request.document, &[], now);
        let state = world.scope(scope);
        let name = &version.document.backup_plan_name;
        let live = || state.plans.values().filter(|plan| plan.deleted.is_none());
        // The API reference on `CreatorRequestId`: where it matches an existing plan, that plan is returned,
        // whatever it has been renamed to since.
        let asked_before = live().find(|plan| {
            request.creator_request_id.is_some()
                && plan.creator_request_id == request.creator_request_id
        });
        if let Some(existing) = asked_before {
            return Ok(existing.clone());
        }
        let same_name = live().find(|plan| {
            plan.current()
                .is_some_and(|version| version.document.backup_plan_name == *name)
        });
        if let Some(existing) = same_name {
            return Err(BackupError::exists(
                format!("Backup plan with the same name already exists: {name}"),
                &existing.arn,
            ));
        }
        if live().count() >= quotas.plans {
            return Err(BackupError::limit(format!(
                "The limit of {} backup plans is reached",
                quotas.plans
            )));
        }
        let plan = Plan {
            seq,
            arn: scope.backup_arn(&format!("backup-plan:{id}")),
            id: id.clone(),
            creator_request_id: request.creator_request_id,
            created: now,
            deleted: None,
            last_execution: None,
            tags: request.tags,
            versions: vec![version],
            selections: Vec::new(),
        };
        state.plans.insert(id, plan.clone());
        world.schedule_plan(scope, &plan, now);
        Ok(plan)
    }

    /// `UpdateBackupPlan`: a new version takes the place of the one in force. Rules keep their ids by name.
    pub fn update_plan(
        &self,
        scope: &Scope,
        id: &str,
        document: PlanDocument,
        now: Timestamp,
    ) -> Result<Plan, BackupError> {
        let mut world = self.world();
        check(&document, &world.quotas, now)?;
        let old = world.scope(scope).live_plan_mut(id)?.clone();
        let before = old
            .current()
            .map(|version| version.document.rules.as_slice());
        let version = world.new_version(document, before.unwrap_or_default(), now);
        let plan = world.scope(scope).live_plan_mut(id)?;
        if let Some(last) = plan.versions.last_mut() {
            last.deleted = Some(now);
        }
        plan.versions.push(version);
        let plan = plan.clone();
        world.schedule_plan(scope, &plan, now);
        world.stop_uncovered(scope, &plan, now);
        Ok(plan)
    }

    /// `GetBackupPlan`: the plan and the version asked for, or the one in force.
    pub fn plan(
        &self,
        scope: &Scope,
        id: &str,
        version_id: Option<&str>,
    ) -> Result<(Plan, PlanVersion), BackupError> {
        let mut world = self.world();
        let plan = world.scope(scope).plan(id)?.clone();
        let version = match version_id {
            None => plan.versions.last(),
            Some(wanted) => plan
                .versions
                .iter()
                .find(|version| version.version_id == wanted),
        };
        let version = version.cloned().ok_or_else(|| {
            BackupError::not_found(format!("Backup plan {id} has no such version"))
        })?;
        Ok((plan, version))
    }

    /// `ListBackupPlans`, newest first.
    pub fn list_plans(
        &self,
        scope: &Scope,
        include_deleted: bool,
        page: &PageRequest,
    ) -> Page<Plan> {
        let mut world = self.world();
        let mut plans: Vec<&Plan> = world
            .scope(scope)
            .plans
            .values()
            .filter(|plan| include_deleted || plan.deleted.is_none())
            .filter(|plan| plan.seq < page.after_seq())
            .collect();
        plans.sort_by_key(|plan| std::cmp::Reverse(plan.seq));
        Page::cut(
            plans.into_iter().map(|plan| (plan.seq, plan.clone())),
            page.limit,
        )
    }

    /// `DeleteBackupPlan`: only without selections.
    pub fn delete_plan(
        &self,
        scope: &Scope,
        id: &str,
        now: Timestamp,
    ) -> Result<Plan, BackupError> {
        let mut world = self.world();
        let plan = world.scope(scope).live_plan_mut(id)?;
        if !plan.selections.is_empty() {
            return Err(BackupError::request(format!(
                "Related backup plan selections must be deleted prior to backup plan deletion: {id}"
            )));
        }
        plan.deleted = Some(now);
        if let Some(last) = plan.versions.last_mut() {
            last.deleted = Some(now);
        }
        let plan = plan.clone();
        world.stop_uncovered(scope, &plan, now);
        Ok(plan)
    }

    /// The next runs of a plan's rules after `now`: moment, rule id, and whether the rule is continuous.
    pub fn scheduled_runs(
        &self,
        version: &PlanVersion,
        now: Timestamp,
        count: usize,
    ) -> Result<Vec<(Timestamp, String, bool)>, BackupError> {
        let mut runs = Vec::new();
        for rule in &version.document.rules {
            let schedule = rule_schedule(rule)?;
            let mut after = now;
            for _ in 0..count {
                let Some(next) = schedule.next_after(after) else {
                    break;
                };
                runs.push((
                    next,
                    rule.rule_id.clone().unwrap_or_default(),
                    rule.enable_continuous_backup == Some(true),
                ));
                after = next;
            }
        }
        runs.sort();
        runs.truncate(count);
        Ok(runs)
    }
}

impl World {
    fn new_version(
        &mut self,
        mut document: PlanDocument,
        before: &[PlanRule],
        now: Timestamp,
    ) -> PlanVersion {
        for rule in &mut document.rules {
            let known = before
                .iter()
                .find(|old| old.rule_name == rule.rule_name)
                .and_then(|old| old.rule_id.clone());
            rule.rule_id = known.or_else(|| Some(self.new_uuid().to_string()));
            rule.schedule_expression
                .get_or_insert_with(|| DEFAULT_SCHEDULE.to_owned());
            rule.schedule_expression_timezone
                .get_or_insert_with(|| "Etc/UTC".to_owned());
            rule.start_window_minutes
                .get_or_insert(validate::DEFAULT_START_MINUTES);
            rule.completion_window_minutes
                .get_or_insert(validate::DEFAULT_COMPLETION_MINUTES);
        }
        let version_id = self.new_uuid().simple().to_string();
        PlanVersion {
            version_id,
            document,
            created: now,
            deleted: None,
        }
    }

    pub(crate) fn schedule_plan(&mut self, scope: &Scope, plan: &Plan, now: Timestamp) {
        let Some(version) = plan.current() else {
            return;
        };
        for rule in &version.document.rules {
            self.schedule_rule(scope, &plan.id, &version.version_id, rule, now);
        }
    }

    pub(crate) fn schedule_rule(
        &mut self,
        scope: &Scope,
        plan: &str,
        version: &str,
        rule: &PlanRule,
        after: Timestamp,
    ) {
        let next = rule_schedule(rule)
            .ok()
            .and_then(|schedule| schedule.next_after(after));
        if let (Some(at), Some(rule_id)) = (next, &rule.rule_id) {
            let rank = self.rank(scope, plan, rule_id);
            self.agenda.plan_rule(
                at,
                rank,
                Event::RuleFires {
                    scope: scope.clone(),
                    plan: plan.to_owned(),
                    version: version.to_owned(),
                    rule: rule_id.clone(),
                },
            );
        }
    }

    /// When a rule fires among those of the same moment: by its plan's creation, then by its place.
    fn rank(&mut self, scope: &Scope, plan: &str, rule_id: &str) -> (u64, usize) {
        let plan = self.scope(scope).plans.get(plan);
        let place = plan.and_then(Plan::current).and_then(|version| {
            let rules = &version.document.rules;
            rules
                .iter()
                .position(|rule| rule.rule_id.as_deref() == Some(rule_id))
        });
        (
            plan.map(|plan| plan.seq).unwrap_or_default(),
            place.unwrap_or_default(),
        )
    }

    /// Stops continuous points whose rule is gone or no longer continuous.
    pub(crate) fn stop_uncovered(&mut self, scope: &Scope, plan: &Plan, now: Timestamp) {
        let continuous: BTreeSet<&str> = plan
            .current()
            .filter(|_| plan.deleted.is_none() && !plan.selections.is_empty())
            .into_iter()
            .flat_map(|version| &version.document.rules)
            .filter(|rule| rule.enable_continuous_backup == Some(true))
            .filter_map(|rule| rule.rule_id.as_deref())
            .collect();
        let orphans: Vec<u64> = self
            .scope(scope)
            .points
            .values()
            .filter(|point| point.continuous.is_some())
            .filter(|point| {
                point.created_by.as_ref().is_some_and(|by| {
                    by.backup_plan_id == plan.id && !continuous.contains(by.backup_rule_id.as_str())
                })
            })
            .map(|point| point.seq)
            .collect();
        for seq in orphans {
            self.stop_continuous(
                scope,
                seq,
                now,
                "The rule that made it is no longer in force.",
            );
        }
    }
}

fn rule_schedule(rule: &PlanRule) -> Result<Schedule, BackupError> {
    Schedule::parse(
        rule.schedule_expression
            .as_deref()
            .unwrap_or(DEFAULT_SCHEDULE),
        rule.schedule_expression_timezone.as_deref(),
    )
}

fn check(document: &PlanDocument, quotas: &Quotas, now: Timestamp) -> Result<(), BackupError> {
    check_plan(document)?;
    validate::display_name("backup plan name", &document.backup_plan_name)?;
    if document.rules.len() > quotas.rules_per_plan {
        return Err(BackupError::limit(format!(
            "The limit of {} rules per backup plan is reached",
            quotas.rules_per_plan
        )));
    }
    for rule in &document.rules {
        check_rule(rule, quotas, now)?;
    }
    Ok(())
}

/// What depends on the simulation's quotas and clock.
fn check_rule(rule: &PlanRule, quotas: &Quotas, now: Timestamp) -> Result<(), BackupError> {
    let schedule = rule_schedule(rule)?;
    let mut last = None;
    let mut after = now;
    for _ in 0..30 {
        let Some(next) = schedule.next_after(after) else {
            break;
        };
        if last.is_some_and(|last| next.duration_since(last) < SignedDuration::from_hours(1)) {
            return Err(BackupError::invalid(format!(
                "Invalid schedule expression of rule {}: backups can run at most once an hour",
                rule.rule_name
            )));
        }
        last = Some(next);
        after = next;
    }
    if rule.copy_actions.len() > quotas.copies_per_rule {
        return Err(BackupError::limit(format!(
            "The limit of {} copy actions per rule is reached",
            quotas.copies_per_rule
        )));
    }
    Ok(())
}
