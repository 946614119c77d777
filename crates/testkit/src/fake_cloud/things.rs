//! What there is, as AWS itself knows it: for those who judge what a program did to it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{
    Arn, Job, RecoveryPoint, Resource, Scope, TableSettings,
    plan::{BackupPlan, SelectionRecord},
};

use super::{FakeCloud, model::Table};

/// Something that there is in an account.
#[derive(Clone, Debug, PartialEq)]
pub enum Thing {
    /// A table.
    Table(TableThing),
    /// A resource that is no table.
    Resource(Resource),
    /// A recovery point.
    Point(RecoveryPoint),
    /// A backup plan with its selections.
    Plan(BackupPlan, Vec<SelectionRecord>),
    /// A job of AWS Backup, and what it made.
    Job(Job, Option<Arn>),
}

/// A table as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableThing {
    /// Its name.
    pub name: String,
    /// `ACTIVE`, `CREATING`, `UPDATING` or `DELETING`.
    pub status: String,
    /// How many items it holds.
    pub items: i64,
    /// Its settings.
    pub settings: TableSettings,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when a restored table has its data.
    pub active_since: Option<Timestamp>,
}

impl FakeCloud {
    /// Everything in a scope by its ARN, plans by `plan/` and jobs by `job/` and their id. Nobody is
    /// asked for permission, and looking changes nothing.
    pub fn things(&self, scope: &Scope) -> BTreeMap<String, Thing> {
        let now = self.clock.now();
        let mut state = self.lock();
        state.go_on(scope, now);
        let model = state.scope(scope);
        let tables = model.tables.iter().map(|(name, table)| {
            let thing = Thing::Table(seen(name, table));
            (table.arn.to_string(), thing)
        });
        let resources = model.resources.values();
        let resources = resources.map(|one| (one.arn.to_string(), Thing::Resource(one.clone())));
        let points = model.points.values().map(|point| &point.shown);
        let points = points.map(|one| (one.arn.to_string(), Thing::Point(one.clone())));
        let plans = model.plans.iter().filter(|(_, plan)| !plan.deleted);
        let plans = plans.map(|(id, plan)| {
            let thing = Thing::Plan(plan.current().plan.clone(), plan.selections.clone());
            (format!("plan/{id}"), thing)
        });
        let jobs = model.jobs.iter().map(|(id, job)| {
            let thing = Thing::Job(job.job.clone(), job.created.clone());
            (format!("job/{id}"), thing)
        });
        tables
            .chain(resources)
            .chain(points)
            .chain(plans)
            .chain(jobs)
            .collect()
    }

    /// How many items a table held at a moment; none when there is no such table.
    pub fn items_at(&self, scope: &Scope, table: &str, at: Timestamp) -> Option<i64> {
        self.lock()
            .scope(scope)
            .tables
            .get(table)
            .map(|table| table.items_at(at))
    }

    /// Deletes a table at once, as somebody outside the console would in the end.
    pub fn drop_table(&self, scope: &Scope, table: &str) {
        self.lock().scope(scope).tables.remove(table);
    }
}

fn seen(name: &str, table: &Table) -> TableThing {
    TableThing {
        name: name.to_owned(),
        status: table
            .busy
            .as_ref()
            .map_or_else(|| "ACTIVE".to_owned(), |busy| busy.status.clone()),
        items: table.items(),
        settings: table.settings.clone(),
        created_at: table.created_at,
        active_since: table.active_since,
    }
}
