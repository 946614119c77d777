//! What a call changed, and whether it may.

use jiff::SignedDuration;
use tidemark_domain::{JobKind, PointSource, RecoveryPoint, Scope, runs::RunId};
use tidemark_testkit::{TableThing, Thing};

use super::{Rule, State, Things, Wants, origin::Origin};
use crate::trace::Trace;

/// A change under judgement.
struct Change<'a> {
    trace: &'a Trace,
    at: SignedDuration,
    run: RunId,
    operation: &'a str,
    scope: &'a Scope,
    key: &'a str,
}

impl State {
    #[expect(
        clippy::too_many_arguments,
        reason = "one call, as it came and as it went"
    )]
    pub(super) fn judge(
        &mut self,
        trace: &Trace,
        at: SignedDuration,
        run: Option<RunId>,
        operation: &str,
        scope: &Scope,
        before: &Things,
        after: &Things,
    ) {
        let keys: std::collections::BTreeSet<&String> = before
            .keys()
            .chain(after.keys())
            .filter(|key| before.get(*key) != after.get(*key))
            .collect();
        for key in keys {
            let Some(run) = run else {
                let what = format!("{operation} changed {key}, and no run had it done");
                self.violate(trace, at, Rule::ChangeOnlyItsOwn, what);
                continue;
            };
            let change = Change {
                trace,
                at,
                run,
                operation,
                scope,
                key,
            };
            self.touch(scope, key, Origin::Run(run));
            match (before.get(key), after.get(key)) {
                (None, Some(new)) => self.appeared(&change, new, after),
                (Some(old), None) => self.vanished(&change, old),
                (Some(old), Some(new)) => self.changed(&change, old, new),
                (None, None) => {}
            }
        }
    }

    fn foreign(&mut self, change: &Change<'_>, what: &str) {
        let text = format!(
            "{} {what} {} by {}, which was not asked of it",
            self.name(change.run),
            change.key,
            change.operation
        );
        self.violate(change.trace, change.at, Rule::ChangeOnlyItsOwn, text);
    }

    /// Counts an effect that a run may have once.
    fn once(&mut self, change: &Change<'_>, purpose: String) {
        let Some(known) = self.runs.get_mut(&change.run) else {
            return;
        };
        let made = known.made.entry(purpose.clone()).or_insert(0);
        *made += 1;
        if *made > 1 {
            let text = format!("{} had this done {made} times: {purpose}", known.name);
            self.violate(change.trace, change.at, Rule::Once, text);
        }
    }

    fn is_its_own(&self, change: &Change<'_>) -> bool {
        self.is_of(change.scope, change.key, change.run)
    }

    fn made_it_itself(&self, change: &Change<'_>) -> bool {
        self.origin(change.scope, change.key) == Some(Origin::Run(change.run))
    }

    fn appeared(&mut self, change: &Change<'_>, new: &Thing, after: &Things) {
        let wants = self.wants(change.run).cloned();
        let mut origin = Origin::Run(change.run);
        let (allowed, purpose) = match (new, wants) {
            (Thing::Table(table), Some(Wants::Table { scope, name, .. })) => {
                let asked = scope == *change.scope && name == table.name;
                (asked, table_called(&name))
            }
            (Thing::Job(job, _), Some(wants)) => {
                let of = job.resource_arn.as_ref();
                let asked = match (&wants, job.kind) {
                    (Wants::Table { scope, .. }, JobKind::Restore) => scope == change.scope,
                    (Wants::Resource { scope, from }, JobKind::Restore) => {
                        scope == change.scope && job.point_arn.as_ref() == Some(from)
                    }
                    (
                        Wants::Backups {
                            scope,
                            of: asked,
                            into,
                        },
                        JobKind::Backup,
                    ) => {
                        scope == change.scope
                            && job.vault.as_ref() == Some(into)
                            && of.is_some_and(|of| asked.contains(of))
                    }
                    _ => false,
                };
                let of = of.map(ToString::to_string).unwrap_or_default();
                (asked, format!("{:?} job of {of}", job.kind))
            }
            (Thing::Point(point), _) if point.source == PointSource::DynamoDbSystem => {
                origin = Origin::Aws;
                (true, String::new())
            }
            // The job that makes it is judged.
            (Thing::Point(point), _) => (is_of_new_job(point, after), String::new()),
            (Thing::Plan(plan, _), Some(Wants::Plan { ids, name, .. })) => {
                let asked = ids.get(change.scope) == Some(&None) && plan.backup_plan_name == name;
                (asked, plan_in(&name, change.scope))
            }
            _ => (false, String::new()),
        };
        if !allowed {
            self.foreign(change, "made");
        }
        if !purpose.is_empty() {
            self.once(change, purpose);
        }
        self.set_origin(change.scope, change.key, origin);
    }

    fn vanished(&mut self, change: &Change<'_>, old: &Thing) {
        let asked = match (old, self.wants(change.run)) {
            (Thing::Table(table), _) => {
                let table = table.clone();
                return self.table_deleted(change, &table);
            }
            (Thing::Point(point), Some(Wants::Gone { points })) => points.contains(&point.arn),
            // A job that is stopped leaves no point.
            (Thing::Point(point), Some(Wants::Backups { .. })) => point.status == "CREATING",
            (Thing::Plan(..), Some(Wants::NoPlan { id, .. })) => change.key == format!("plan/{id}"),
            (Thing::Plan(..), Some(Wants::Plan { .. })) => true,
            _ => false,
        };
        let its_own = match old {
            Thing::Point(point) if point.status != "CREATING" => asked,
            Thing::Plan(..) => self.is_its_own(change) || asked && !self.wants_plan(change),
            _ => asked && self.is_its_own(change),
        };
        if !its_own {
            self.foreign(change, "deleted");
        }
        let purpose = match old {
            Thing::Plan(plan, _) => plan_in(&plan.backup_plan_name, change.scope),
            _ => String::new(),
        };
        if let Some(known) = self.runs.get_mut(&change.run) {
            known.gone.insert(change.key.to_owned());
            // What was taken back may be made anew.
            known.made.remove(&purpose);
        }
    }

    fn wants_plan(&self, change: &Change<'_>) -> bool {
        matches!(self.wants(change.run), Some(Wants::Plan { .. }))
    }

    fn changed(&mut self, change: &Change<'_>, old: &Thing, new: &Thing) {
        let its_own = self.is_its_own(change);
        let allowed = match (old, new, self.wants(change.run)) {
            (Thing::Table(old), Thing::Table(new), _) => {
                if new.status == "DELETING" && old.status != "DELETING" {
                    let old = old.clone();
                    return self.table_deleted(change, &old);
                }
                its_own
            }
            (Thing::Point(old), Thing::Point(new), Some(Wants::Kept { points, days })) => {
                let kept = new.delete_at.map(|at| at.duration_since(new.created_at));
                let asked = days.map(|days| SignedDuration::from_hours(24 * days));
                points.contains(&old.arn) && kept == asked
            }
            (Thing::Plan(..), Thing::Plan(..), Some(Wants::Plan { ids, .. })) => {
                let asked = ids.get(change.scope).and_then(Option::as_ref);
                its_own || asked.is_some_and(|id| change.key == format!("plan/{id}"))
            }
            (Thing::Plan(..), Thing::Plan(..), Some(Wants::NoPlan { id, .. })) => {
                change.key == format!("plan/{id}")
            }
            (Thing::Job(..), Thing::Job(..), _) => its_own,
            _ => false,
        };
        if !allowed {
            self.foreign(change, "changed");
        }
    }

    /// A table goes: only one that the run itself made, and only when a person said so before it was
    /// whole.
    fn table_deleted(&mut self, change: &Change<'_>, table: &TableThing) {
        if !self.made_it_itself(change) {
            return self.foreign(change, "deleted");
        }
        let Some(known) = self.runs.get(&change.run) else {
            return;
        };
        let cancelled_in_time = known
            .cancelled
            .is_some_and(|at| known.knew_whole.is_none_or(|whole| at <= whole));
        if !cancelled_in_time {
            let why = if known.cancelled.is_some() {
                "was cancelled only after that"
            } else {
                "nobody had cancelled"
            };
            let text = format!(
                "{} deleted {}, which had come back whole with {} items; {why}",
                known.name, table.name, table.items
            );
            self.violate(change.trace, change.at, Rule::KeepWhatCameBack, text);
        }
    }
}

/// What a run has a table made for.
pub(super) fn table_called(name: &str) -> String {
    format!("table {name}")
}

fn plan_in(name: &str, scope: &Scope) -> String {
    format!("plan {name} in {}", scope.account)
}

fn is_of_new_job(point: &RecoveryPoint, after: &Things) -> bool {
    after.values().any(
        |thing| matches!(thing, Thing::Job(job, _) if job.point_arn.as_ref() == Some(&point.arn)),
    )
}
