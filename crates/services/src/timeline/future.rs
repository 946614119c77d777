use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Arn, PointSource, Resource, Scope, Tier,
    plan::{PlanRecord, RegionSettings, TypeSupport},
    selection::{BackupSelection, Candidate, CompiledSelection},
    simulate::{
        PlanVersion, Scene, SimFailureKind, SimPlan, SimPoint, SimResource, Simulation, Timing,
    },
    timeline::{Lane, Look, Mark, MarkKind, Only, State, TimelineRow},
};

use crate::{ServiceError, Services, plans::vault_rules};

/// How many days all lanes of a page together are simulated; an hourly rule makes 24 points a day.
const DAYS: i64 = 2000;

/// No lane needs more: plans are changed before.
const MOST_DAYS: i64 = 400;

/// Adds what the plans in force will make of the resources, keep and delete, until the end of their
/// lanes; each lane says until when that is worked out.
pub(super) async fn add_future(
    services: &Services,
    rows: &mut [TimelineRow],
) -> Result<(), ServiceError> {
    let now = services.clock.now();
    let Some(until) = rows.first().map(|row| row.lane.until) else {
        return Ok(());
    };
    let lanes = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let days = (DAYS / lanes.max(1)).min(MOST_DAYS);
    let horizon = now
        .checked_add(SignedDuration::from_hours(24 * days))
        .map_or(until, |at| at.min(until));
    if horizon <= now {
        return Ok(());
    }
    let mut by_scope: BTreeMap<Scope, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows
        .iter()
        .enumerate()
        .filter(|(_, row)| !row.resource.deleted)
    {
        let scope = Scope {
            account: row.resource.account.clone(),
            region: row.resource.region.clone(),
        };
        by_scope.entry(scope).or_default().push(index);
    }
    for (scope, indices) in by_scope {
        let plans = services.catalogue.plans_of(&scope).await?;
        if plans.is_empty() {
            continue;
        }
        let mut resources = Vec::with_capacity(indices.len());
        for index in indices {
            let arn = &rows[index].resource.arn;
            let detail = services.catalogue.resource(arn).await?;
            resources.extend(detail.map(|detail| detail.resource));
        }
        let settings = services.catalogue.region_settings(&scope).await?;
        let (locks, closed) = vault_rules(services, &scope, &plans).await?;
        let scene = Scene {
            plans: sim_plans(&plans, &resources, &settings.unwrap_or_default(), now),
            points: Vec::new(),
            locks,
            closed,
            timing: Timing::default(),
        };
        let simulation = Simulation::run(&scene, now, horizon);
        let taken: BTreeSet<&Arn> = scene
            .plans
            .iter()
            .flat_map(|plan| plan.resources.iter().map(|resource| &resource.arn))
            .collect();
        for row in rows
            .iter_mut()
            .filter(|row| taken.contains(&row.resource.arn))
        {
            add_marks(&mut row.lane, &simulation, now);
        }
    }
    for row in rows {
        row.lane.planned_until = Some(horizon);
    }
    Ok(())
}

fn sim_plans(
    plans: &[PlanRecord],
    resources: &[Resource],
    settings: &RegionSettings,
    now: Timestamp,
) -> Vec<SimPlan> {
    let support = TypeSupport::default();
    plans
        .iter()
        .map(|plan| SimPlan {
            id: plan.id.clone(),
            account: plan.account.clone(),
            region: plan.region.clone(),
            versions: vec![PlanVersion {
                id: plan.version_id.clone(),
                plan: plan.plan.clone(),
                valid_from: plan.created_at.min(now),
                valid_until: None,
            }],
            resources: taken(plan, resources, settings)
                .into_iter()
                .map(|resource| SimResource::new(resource, &support))
                .collect(),
        })
        .filter(|plan| !plan.resources.is_empty())
        .collect()
}

fn taken<'a>(
    plan: &PlanRecord,
    resources: &'a [Resource],
    settings: &RegionSettings,
) -> Vec<&'a Resource> {
    let selections: Vec<&BackupSelection> =
        plan.selections.iter().map(|one| &one.selection).collect();
    let compiled: Vec<CompiledSelection<'_>> =
        selections.into_iter().map(CompiledSelection::new).collect();
    resources
        .iter()
        .filter(|resource| {
            let candidate = Candidate {
                arn: resource.arn.as_str(),
                tags: &resource.tags,
                opted_in: settings.opted_in(resource.resource_type.as_str()),
            };
            compiled.iter().any(|one| one.take(candidate).takes())
        })
        .collect()
}

/// Adds what a simulation says of the lane's resource.
fn add_marks(lane: &mut Lane, simulation: &Simulation, now: Timestamp) {
    let mut marks = Marks::of(lane);
    let points = simulation.points.iter();
    for point in points.filter(|p| p.resource == lane.resource && p.arn.is_none()) {
        if !point.copy {
            let rule = point.rule.as_ref().map(|rule| format!("rule {rule}"));
            marks.add(MarkKind::Scheduled, point.created_at, None, rule);
        }
        for (at, kind) in [
            (point.cold_from(), MarkKind::GoesCold),
            (point.gone_at(), MarkKind::Expires),
        ] {
            if let Some(at) = at.filter(|at| *at > now) {
                marks.add(kind, at, Some(look(point)), None);
            }
        }
    }
    let failures = simulation.failures.iter();
    for failure in failures.filter(|failure| failure.resource == lane.resource) {
        let kind = match failure.kind {
            SimFailureKind::Missed => MarkKind::Missed,
            SimFailureKind::Failed | SimFailureKind::Aborted => MarkKind::Failed,
            SimFailureKind::CopyFailed => MarkKind::CopyFailed,
        };
        let why = format!("by plan: {}", failure.why);
        marks.add(kind, failure.at, None, Some(why));
    }
    lane.marks = marks.read();
}

fn look(point: &SimPoint) -> Look {
    let source = if point.continuous.is_some() {
        PointSource::Continuous
    } else {
        PointSource::AwsBackup
    };
    Look {
        source,
        tier: Tier::Warm,
        state: State::Complete,
        locked: false,
        copy: point.copy,
    }
}

/// The marks of a lane by column and kind, so that others can be added.
struct Marks {
    from: Timestamp,
    until: Timestamp,
    step: i64,
    found: BTreeMap<(i64, MarkKind), Mark>,
}

impl Marks {
    fn of(lane: &mut Lane) -> Self {
        let step = lane.step.max(1);
        let marks = std::mem::take(&mut lane.marks).into_iter();
        Self {
            from: lane.from,
            until: lane.until,
            step,
            found: marks
                .map(|mark| ((mark.at.as_millisecond().div_euclid(step), mark.kind), mark))
                .collect(),
        }
    }

    fn add(&mut self, kind: MarkKind, at: Timestamp, look: Option<Look>, note: Option<String>) {
        if at < self.from || at >= self.until {
            return;
        }
        let column = at.as_millisecond().div_euclid(self.step);
        let mark = self.found.entry((column, kind)).or_insert_with(|| Mark {
            at,
            kind,
            count: 0,
            looks: Vec::new(),
            only: None,
        });
        mark.at = mark.at.max(at);
        mark.count = mark.count.saturating_add(1);
        mark.only = (mark.count == 1).then(|| Only {
            note,
            ..Only::default()
        });
        if let Some(look) = look {
            match mark.looks.iter_mut().find(|(known, _)| *known == look) {
                Some((_, number)) => *number += 1,
                None => mark.looks.push((look, 1)),
            }
        }
    }

    fn read(self) -> Vec<Mark> {
        self.found.into_values().collect()
    }
}
