use jiff::Timestamp;
use tidemark_domain::{ScalingTarget, Scope, TableSettings};

use super::model::Table;
use crate::build;

/// A table to put into a [`super::FakeCloud`].
#[derive(Clone, Debug)]
pub struct FakeTable {
    name: String,
    items: i64,
    created_at: Option<Timestamp>,
    settings: TableSettings,
    pitr_since: Option<Timestamp>,
}

impl FakeTable {
    /// An active, empty table without any settings.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            items: 0,
            created_at: None,
            settings: TableSettings::default(),
            pitr_since: None,
        }
    }

    /// How many items it holds from its creation on.
    #[must_use]
    pub fn items(mut self, items: i64) -> Self {
        self.items = items;
        self
    }

    /// When it was created; the clock's present moment by default.
    #[must_use]
    pub fn created_at(mut self, at: Timestamp) -> Self {
        self.created_at = Some(at);
        self
    }

    /// Turns point-in-time recovery on since then, with a period in days.
    #[must_use]
    pub fn pitr(mut self, since: Timestamp, days: i32) -> Self {
        self.pitr_since = Some(since);
        self.settings.pitr_days = Some(days);
        self
    }

    /// Turns the stream on.
    #[must_use]
    pub fn stream(mut self, view: &str) -> Self {
        self.settings.stream_view = Some(view.to_owned());
        self
    }

    /// Turns time to live on.
    #[must_use]
    pub fn time_to_live(mut self, attribute: &str) -> Self {
        self.settings.ttl_attribute = Some(attribute.to_owned());
        self
    }

    /// Adds a tag.
    #[must_use]
    pub fn tag(mut self, key: &str, value: &str) -> Self {
        self.settings.tags.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Adds auto scaling.
    #[must_use]
    pub fn scaling(mut self, scaling: ScalingTarget) -> Self {
        self.settings.scaling.push(scaling);
        self
    }

    /// Protects it from deletion.
    #[must_use]
    pub fn deletion_protection(mut self) -> Self {
        self.settings.deletion_protection = true;
        self
    }

    pub(crate) fn into_model(self, scope: &Scope, id: String, now: Timestamp) -> (String, Table) {
        let created_at = self.created_at.or(self.pitr_since).unwrap_or(now);
        let table = Table {
            arn: build::table_arn(scope, &self.name),
            id,
            created_at,
            busy: None,
            visible_from: created_at,
            active_since: None,
            history: vec![(created_at, self.items)],
            settings: self.settings,
            pitr_since: self.pitr_since,
            restored_from: None,
        };
        (self.name, table)
    }
}
