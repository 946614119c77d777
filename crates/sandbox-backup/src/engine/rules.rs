use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{backup_jobs::NewJob, state::World, work::Work};
use crate::{
    matching::{Taken, takes},
    model::{CreatedBy, Plan, PlanRule, PlanVersion, PointStatus, Scope},
    provider::SimResource,
    validate,
};

/// Types whose opt-in a selection by ARN does not override.
const OPT_IN_ALWAYS_COUNTS: [&str; 3] = ["Aurora", "Neptune", "DocumentDB"];

impl World {
    /// A rule's moment has come: plan the next one, and ask the providers what there is.
    pub(crate) fn rule_fires(
        &mut self,
        at: Timestamp,
        scope: Scope,
        plan: String,
        version: String,
        rule: String,
    ) {
        let Some(in_force) = self.scope(&scope).plans.get_mut(&plan) else {
            return;
        };
        let current = in_force.deleted.is_none()
            && in_force
                .current()
                .is_some_and(|current| current.version_id == version);
        let Some(rule_in_force) = in_force.rule(&rule).filter(|_| current).cloned() else {
            return;
        };
        if !in_force.selections.is_empty() {
            in_force.last_execution = Some(at);
        }
        self.schedule_rule(&scope, &plan, &version, &rule_in_force, at);
        self.work.push(Work::Select {
            scope,
            plan,
            version,
            rule,
            at,
        });
    }

    /// The providers have answered: make a job for every resource that the plan takes.
    pub(crate) fn rule_selected(
        &mut self,
        at: Timestamp,
        scope: &Scope,
        plan_id: &str,
        version_id: &str,
        rule_id: &str,
        resources: &[(&'static str, Vec<SimResource>)],
    ) {
        let state = self.scope(scope);
        let Some(plan) = state.plans.get(plan_id).cloned() else {
            return;
        };
        let Some(version) = plan
            .versions
            .iter()
            .find(|version| version.version_id == version_id)
        else {
            return;
        };
        let Some(rule) = plan.rule(rule_id).cloned() else {
            return;
        };
        let opt_in = state.opt_in.clone();
        let created_by = created_by(&plan, version, &rule);
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for selection in &plan.selections {
            for (resource_type, resources) in resources {
                let opted_in = opt_in.get(*resource_type).copied().unwrap_or(true);
                for resource in resources {
                    let counts = match takes(&selection.document, resource) {
                        None => false,
                        Some(Taken::ByArn) => {
                            opted_in || !OPT_IN_ALWAYS_COUNTS.contains(resource_type)
                        }
                        Some(Taken::ByRule) => opted_in,
                    };
                    if counts && taken.insert(&resource.arn) {
                        self.job_for_rule(
                            at,
                            scope,
                            &rule,
                            &created_by,
                            &selection.document.iam_role_arn,
                            resource_type,
                            resource,
                        );
                    }
                }
            }
        }
        self.stop_unselected(at, scope, rule_id, &taken);
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one job is made of a rule, a selection and a resource"
    )]
    fn job_for_rule(
        &mut self,
        at: Timestamp,
        scope: &Scope,
        rule: &PlanRule,
        created_by: &CreatedBy,
        iam_role_arn: &str,
        resource_type: &'static str,
        resource: &SimResource,
    ) {
        let continuous = rule.enable_continuous_backup == Some(true)
            && self
                .capabilities
                .get(resource_type)
                .is_some_and(|capability| capability.continuous);
        if continuous && self.has_continuous(scope, &resource.arn) {
            return;
        }
        // The resource's own tags go onto the point; the rule's win.
        let mut tags: BTreeMap<String, String> = resource.tags.clone();
        tags.extend(rule.recovery_point_tags.clone());
        self.add_backup_job(
            NewJob {
                scope: scope.clone(),
                vault: rule.target_backup_vault_name.clone(),
                resource_arn: resource.arn.clone(),
                resource_type: resource_type.to_owned(),
                resource_name: resource.name.clone(),
                iam_role_arn: iam_role_arn.to_owned(),
                start_minutes: rule
                    .start_window_minutes
                    .unwrap_or(validate::DEFAULT_START_MINUTES),
                complete_minutes: rule
                    .completion_window_minutes
                    .unwrap_or(validate::DEFAULT_COMPLETION_MINUTES),
                lifecycle: rule.lifecycle.clone().unwrap_or_default(),
                tags,
                options: BTreeMap::new(),
                created_by: Some(created_by.clone()),
                continuous,
                copy_actions: rule.copy_actions.clone(),
            },
            at,
        );
    }

    fn has_continuous(&mut self, scope: &Scope, resource_arn: &str) -> bool {
        let state = self.scope(scope);
        let exists = state
            .points_by_resource
            .get(resource_arn)
            .into_iter()
            .flatten()
            .filter_map(|seq| state.points.get(seq))
            .any(|point| {
                point.continuous.is_some()
                    && matches!(point.status, PointStatus::Available | PointStatus::Creating)
            });
        exists
            || state
                .backup_jobs
                .values()
                .rev()
                .take(200)
                .any(|job| job.continuous && job.active() && job.resource_arn == resource_arn)
    }

    /// Stops continuous points of this rule whose resource is gone or no longer selected.
    fn stop_unselected(
        &mut self,
        at: Timestamp,
        scope: &Scope,
        rule_id: &str,
        taken: &BTreeSet<&str>,
    ) {
        let lost: Vec<u64> = self
            .scope(scope)
            .points
            .values()
            .filter(|point| {
                point.continuous.is_some() && !taken.contains(point.resource_arn.as_str())
            })
            .filter(|point| {
                point
                    .created_by
                    .as_ref()
                    .is_some_and(|by| by.backup_rule_id == rule_id)
            })
            .map(|point| point.seq)
            .collect();
        for seq in lost {
            self.stop_continuous(
                scope,
                seq,
                at,
                "The resource is no longer selected by the plan.",
            );
        }
    }
}

fn created_by(plan: &Plan, version: &PlanVersion, rule: &PlanRule) -> CreatedBy {
    CreatedBy {
        backup_plan_id: plan.id.clone(),
        backup_plan_arn: plan.arn.clone(),
        backup_plan_name: version.document.backup_plan_name.clone(),
        backup_plan_version: version.version_id.clone(),
        backup_rule_id: rule.rule_id.clone().unwrap_or_default(),
        backup_rule_name: rule.rule_name.clone(),
        backup_rule_cron: rule.schedule_expression.clone().unwrap_or_default(),
        backup_rule_timezone: rule
            .schedule_expression_timezone
            .clone()
            .unwrap_or_default(),
    }
}
