use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use jiff::{SignedDuration, Timestamp};

use super::{
    Scene, SimFailure, SimFailureKind, SimPoint, SimResource, SimWindow, fires::Firing,
    point::days_after,
};
use crate::{
    AccountId, Arn, Region,
    plan::{CopyAction, Lifecycle},
};

/// One firing of one rule for one resource.
#[derive(Clone, Copy)]
struct Fire<'a> {
    at: Timestamp,
    firing: &'a Firing<'a>,
    resource: &'a SimResource,
}

/// Makes the points of all plans between two moments.
pub(super) fn run(
    scene: &Scene,
    from: Timestamp,
    until: Timestamp,
    points: &mut Vec<SimPoint>,
    failures: &mut Vec<SimFailure>,
) {
    let firings: Vec<Firing<'_>> = scene.plans.iter().flat_map(Firing::of).collect();
    // The moments of a rule are the same for all its resources.
    let moments: Vec<Vec<Timestamp>> = firings
        .iter()
        .map(|firing| firing.moments(from, until).collect())
        .collect();
    let mut by_resource: BTreeMap<&Arn, Vec<(usize, &SimResource)>> = BTreeMap::new();
    for (index, firing) in firings.iter().enumerate() {
        for resource in &firing.plan.resources {
            by_resource
                .entry(&resource.arn)
                .or_default()
                .push((index, resource));
        }
    }
    let mut real_continuous: BTreeMap<Arn, Vec<usize>> = BTreeMap::new();
    for (index, point) in points.iter().enumerate() {
        if point.continuous.is_some() && !point.copy {
            real_continuous
                .entry(point.resource.clone())
                .or_default()
                .push(index);
        }
    }
    for (resource, rules) in by_resource {
        let mut fires: Vec<(Timestamp, usize, &SimResource)> = rules
            .iter()
            .flat_map(|(index, resource)| {
                moments[*index]
                    .iter()
                    .map(move |at| (*at, *index, *resource))
            })
            .collect();
        fires.sort_by_key(|(at, index, _)| (*at, *index));
        let fires = fires.into_iter().map(|(at, index, resource)| Fire {
            at,
            firing: &firings[index],
            resource,
        });
        let fed = real_continuous.get(resource).cloned().unwrap_or_default();
        Queue {
            scene,
            until,
            points,
            failures,
            busy_until: None,
            fed,
        }
        .run(fires);
    }
    stop_continuous(scene, points);
}

/// The jobs of one resource, of which one runs at a time.
struct Queue<'a, 'b> {
    scene: &'a Scene,
    until: Timestamp,
    points: &'b mut Vec<SimPoint>,
    failures: &'b mut Vec<SimFailure>,
    /// When the running job ends.
    busy_until: Option<Timestamp>,
    /// Its continuous points, as places in `points`.
    fed: Vec<usize>,
}

impl<'a> Queue<'a, '_> {
    fn run(mut self, fires: impl Iterator<Item = Fire<'a>>) {
        // Waiting jobs by the moment of their next try, those of one moment in the order of planning.
        let mut waiting: BinaryHeap<Reverse<(Timestamp, usize)>> = BinaryHeap::new();
        let mut jobs: Vec<Fire<'a>> = Vec::new();
        let mut planned: Vec<usize> = Vec::new();
        let mut fires = fires.peekable();
        loop {
            let next_try = waiting.peek().map(|Reverse((at, _))| *at);
            // At one moment rules fire before jobs try.
            if let Some(fire) = fires.next_if(|fire| next_try.is_none_or(|at| fire.at <= at)) {
                if !self.already_continuous(&fire) {
                    planned.push(jobs.len());
                    let at = later(fire.at, self.scene.timing.pending);
                    waiting.push(Reverse((at, planned.len() - 1)));
                    jobs.push(fire);
                }
                continue;
            }
            let Some(Reverse((at, order))) = waiting.pop() else {
                return;
            };
            if at > self.until {
                return;
            }
            let job = jobs[planned[order]];
            if let Some(again) = self.attempt(at, &job) {
                planned.push(planned[order]);
                waiting.push(Reverse((again, planned.len() - 1)));
            }
        }
    }

    /// Whether the rule is continuous for the resource and its one continuous point exists.
    fn already_continuous(&self, fire: &Fire<'_>) -> bool {
        if !(fire.firing.rule.continuous() && fire.resource.continuous) {
            return false;
        }
        self.fed
            .iter()
            .filter_map(|index| self.points.get(*index))
            .any(|point| {
                let stop = point
                    .continuous
                    .and_then(|window| window.until)
                    .or_else(|| stops_at(self.scene, point));
                stop.is_none_or(|until| until >= fire.at)
            })
    }

    /// A try to start; answers when to try again.
    fn attempt(&mut self, at: Timestamp, job: &Fire<'a>) -> Option<Timestamp> {
        let rule = job.firing.rule;
        let start_by = later(job.at, crate::plan::spans::minutes(rule.start_window()));
        if self.busy_until.is_some_and(|until| until > at) {
            if at < start_by {
                return Some(later(at, self.scene.timing.retry).min(start_by));
            }
            self.fail(
                job,
                SimFailureKind::Missed,
                "another job of the resource runs through the whole start window",
            );
            return None;
        }
        self.begin(at, job);
        None
    }

    fn begin(&mut self, at: Timestamp, job: &Fire<'a>) {
        let rule = job.firing.rule;
        let plan = job.firing.plan;
        let lifecycle = rule.lifecycle.clone().unwrap_or_default();
        let vault_arn = format!(
            "arn:{}:backup:{}:{}:backup-vault:{}",
            job.resource.arn.partition(),
            plan.region,
            plan.account,
            rule.target_backup_vault_name
        );
        if let Some(refusal) = self.locked(&vault_arn, &lifecycle) {
            self.fail(job, SimFailureKind::Failed, &refusal);
            return;
        }
        let ends = later(at, self.scene.timing.backup);
        let complete_by = later(
            job.at,
            crate::plan::spans::minutes(rule.completion_window()),
        );
        self.busy_until = Some(ends.min(complete_by));
        if complete_by < ends {
            self.fail(
                job,
                SimFailureKind::Aborted,
                "it does not end within its completion window",
            );
            return;
        }
        let continuous = rule.continuous() && job.resource.continuous;
        let archive = lifecycle.opt_in_to_archive_for_supported_resources == Some(true);
        let cold_days = lifecycle
            .cold_after()
            .filter(|_| !continuous && job.resource.moves_to_cold(archive));
        let keeps = lifecycle.delete_after();
        let point = SimPoint {
            arn: None,
            resource: job.resource.arn.clone(),
            resource_type: job.resource.resource_type.clone(),
            account: plan.account.clone(),
            region: plan.region.clone(),
            vault: Some(rule.target_backup_vault_name.clone()),
            plan_id: Some(plan.id.clone()),
            rule: Some(rule.rule_name.clone()),
            created_at: at,
            exists_from: ends,
            cold_at: cold_days.and_then(|days| days_after(at, days)),
            delete_at: keeps
                .filter(|_| !continuous)
                .and_then(|days| days_after(at, days)),
            copy: false,
            continuous: continuous.then(|| SimWindow {
                days: keeps
                    .unwrap_or(Lifecycle::CONTINUOUS_DAYS)
                    .clamp(1, Lifecycle::CONTINUOUS_DAYS),
                until: None,
            }),
            stuck: false,
            size_bytes: job.resource.size_bytes,
        };
        if ends > self.until {
            return;
        }
        let copies: Vec<SimPoint> = rule
            .copies()
            .iter()
            .filter_map(|copy| self.copy(job, &point, &lifecycle, copy))
            .collect();
        if continuous {
            self.fed.push(self.points.len());
        }
        self.points.push(point);
        self.points.extend(copies);
    }

    fn copy(
        &mut self,
        job: &Fire<'a>,
        source: &SimPoint,
        lifecycle: &Lifecycle,
        copy: &CopyAction,
    ) -> Option<SimPoint> {
        let arn = Arn::parse(&copy.destination_backup_vault_arn).ok()?;
        let own = copy.lifecycle.as_ref().unwrap_or(lifecycle);
        let abroad = arn.account() != job.firing.plan.account.as_str();
        if abroad && self.scene.closed.contains(arn.as_str()) {
            self.fail(
                job,
                SimFailureKind::CopyFailed,
                "the access policy of the destination vault lets this account copy nothing into it",
            );
            return None;
        }
        if let Some(refusal) = self.locked(arn.as_str(), own) {
            self.fail(job, SimFailureKind::CopyFailed, &refusal);
            return None;
        }
        let starts = later(source.exists_from, self.scene.timing.pending);
        let ends = later(starts, self.scene.timing.copy);
        if ends > self.until {
            return None;
        }
        // A snapshot that is copied keeps its date; one taken from a continuous point is new.
        let created_at = if source.continuous.is_some() {
            ends
        } else {
            source.created_at
        };
        let archive = own.opt_in_to_archive_for_supported_resources == Some(true);
        let cold_days = own
            .cold_after()
            .filter(|_| job.resource.moves_to_cold(archive));
        Some(SimPoint {
            account: AccountId::parse(arn.account()).ok()?,
            region: Region::parse(arn.region()).ok()?,
            vault: Some(arn.name().to_owned()),
            created_at,
            exists_from: ends,
            cold_at: cold_days.and_then(|days| days_after(created_at, days)),
            // A copy that never expires by itself keeps its source's expiry.
            delete_at: own
                .delete_after()
                .and_then(|days| days_after(created_at, days))
                .or(source.delete_at),
            copy: true,
            continuous: None,
            ..source.clone()
        })
    }

    /// Why a locked vault refuses points with this lifecycle.
    fn locked(&self, vault_arn: &str, lifecycle: &Lifecycle) -> Option<String> {
        let limits = self.scene.locks.get(vault_arn)?;
        limits.check(Some(lifecycle)).err().map(|refusal| {
            let name = vault_arn.rsplit(':').next().unwrap_or(vault_arn);
            format!("{}: {} (vault {name})", refusal.field, refusal.rule)
        })
    }

    fn fail(&mut self, job: &Fire<'_>, kind: SimFailureKind, why: &str) {
        self.failures.push(SimFailure {
            at: job.at,
            resource: job.resource.arn.clone(),
            plan_id: job.firing.plan.id.clone(),
            rule: job.firing.rule.rule_name.clone(),
            kind,
            why: why.to_owned(),
        });
    }
}

/// When a continuous point's rule ends: in the first version without it, or with the plan.
fn stops_at(scene: &Scene, point: &SimPoint) -> Option<Timestamp> {
    let plan = scene
        .plans
        .iter()
        .find(|plan| Some(&plan.id) == point.plan_id.as_ref())?;
    let mut stop = None;
    for version in &plan.versions {
        if version
            .valid_until
            .is_some_and(|until| until < point.created_at)
        {
            continue;
        }
        let covers = version.plan.rules.iter().any(|rule| {
            rule.continuous() && point.rule.as_ref().is_none_or(|r| *r == rule.rule_name)
        });
        if !covers {
            return Some(version.valid_from);
        }
        stop = version.valid_until;
    }
    stop
}

/// A continuous point that is no longer fed is kept until its window has passed.
fn stop_continuous(scene: &Scene, points: &mut [SimPoint]) {
    for point in points {
        let Some(window) = point.continuous else {
            continue;
        };
        let until = window.until.or_else(|| stops_at(scene, point));
        if let Some(until) = until {
            point.continuous = Some(SimWindow {
                until: Some(until),
                ..window
            });
            point.delete_at = point.delete_at.or_else(|| days_after(until, window.days));
        }
    }
}

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}
