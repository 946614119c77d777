use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use jiff::Timestamp;
use serde_json::Value;

use super::{backups::Backup, streams::Stream, table_key::TableKey};

/// Point-in-time recovery of one table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recovery {
    pub(super) enabled_at: Timestamp,
    pub(super) period_days: u8,
}

/// How a table came to be restored.
#[derive(Clone, Debug)]
pub(super) struct Restored {
    /// `RestoreSummary` but for `RestoreInProgress`.
    pub(super) summary: Value,
    /// Until then the table is shown as being created.
    pub(super) ready: Instant,
}

/// What is known of tables beside the stock store.
#[derive(Default)]
pub(super) struct Known {
    pub(super) recovery: HashMap<TableKey, Recovery>,
    pub(super) created: HashMap<TableKey, (Timestamp, uuid::Uuid)>,
    pub(super) restored: HashMap<TableKey, Restored>,
    pub(super) time_to_live: HashMap<TableKey, String>,
    /// By ARN.
    pub(super) backups: HashMap<String, Backup>,
    /// By ARN.
    pub(super) streams: HashMap<String, Stream>,
}

impl Known {
    /// Forgets a table that was deleted; its backups and streams stay.
    pub(super) fn forget(&mut self, table: &TableKey) {
        self.recovery.remove(table);
        self.created.remove(table);
        self.restored.remove(table);
        self.time_to_live.remove(table);
    }
}

/// [`Known`] behind a lock that is never held across a call.
#[derive(Default)]
pub(super) struct Registry(Mutex<Known>);

impl Registry {
    pub(super) fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
