use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    PlannedAction, RestoreFilter,
    store::{PlanWriter, save_plan},
};
use crate::{
    capture::same_key,
    compare::Comparison,
    error::{RecordsError, Trouble},
    ports::{Clock, SourceTable},
    scan::ScanOptions,
    states::Backup,
};

/// What to plan.
#[derive(Clone, Debug)]
pub struct RestorePlanRequest {
    /// The plan's id, chosen by the caller; good for a part of an object's name.
    pub id: String,
    /// The moment to go back to.
    pub as_of: Timestamp,
    /// Which records.
    pub filter: RestoreFilter,
    /// Records that are in the table and were not there then are deleted, too.
    pub delete_others: bool,
    /// How to read the table.
    pub scan: ScanOptions,
}

/// What a restore into an existing table would do. Its actions are in pages beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestorePlan {
    /// Its id.
    pub id: String,
    /// The table that it is for.
    pub table: String,
    /// The moment to go back to.
    pub as_of: Timestamp,
    /// Undoing: the moment by which the damage was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<Timestamp>,
    /// When it was made.
    pub made_at: Timestamp,
    /// Which records.
    pub filter: RestoreFilter,
    /// How many of each.
    pub counts: PlanCounts,
    /// The actions.
    pub pages: Vec<PlanPage>,
    /// SHA-256 over table, moment and pages: an approval is for exactly this.
    pub digest: String,
    /// Keys that are left alone because they changed after what is to be undone.
    pub conflicts: Vec<String>,
    /// Parts of the backup that could not be read: their records are not in the plan.
    pub troubles: Vec<Trouble>,
    /// What a person should know, as sentences.
    pub notes: Vec<String>,
}

/// How many records of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCounts {
    /// Not in the table: to be created.
    pub create: u64,
    /// In the table, differently: to be overwritten.
    pub overwrite: u64,
    /// Not there then: to be deleted.
    pub delete: u64,
    /// Already as they shall be.
    pub unchanged: u64,
    /// Not there then, and kept because deleting was not asked for.
    pub kept: u64,
}

/// A page of actions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPage {
    /// The object.
    pub object: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Actions in it.
    pub actions: u64,
}

impl RestorePlan {
    /// The digest that a plan of this table, moment and pages must have.
    pub fn computed_digest(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(format!("{}\n{}\n", self.table, self.as_of.as_millisecond()));
        for page in &self.pages {
            hash.update(format!("{}\n", page.sha256));
        }
        hex::encode(hash.finalize())
    }
}

impl PlanCounts {
    /// Records that change.
    pub fn actions(&self) -> u64 {
        self.create + self.overwrite + self.delete
    }

    pub(super) fn count(&mut self, action: &PlannedAction) {
        match (&action.expect, &action.want) {
            (None, Some(_)) => self.create += 1,
            (Some(_), Some(_)) => self.overwrite += 1,
            (Some(_), None) => self.delete += 1,
            (None, None) => {}
        }
    }
}

/// Compares the backup as of a moment with the live table and writes down what would be done.
/// Changes nothing in the table.
pub async fn plan_restore(
    backup: &Backup,
    table: &Arc<dyn SourceTable>,
    clock: &Arc<dyn Clock>,
    request: &RestorePlanRequest,
) -> Result<RestorePlan, RecordsError> {
    same_key(backup.schema(), &table.describe().await?)?;
    let filter = request.filter.ready(backup.schema())?;
    let index = backup.handle();
    let mut compared = Comparison::open(
        backup,
        table,
        clock,
        &request.id,
        request.as_of,
        filter.range.clone(),
        &request.scan,
    )
    .await?;
    let troubles = compared.take_troubles();

    let mut plan = RestorePlan {
        id: request.id.clone(),
        table: table.name().to_owned(),
        as_of: request.as_of,
        undoes: None,
        made_at: clock.now(),
        filter: request.filter.clone(),
        counts: PlanCounts::default(),
        pages: Vec::new(),
        digest: String::new(),
        conflicts: Vec::new(),
        notes: notes(backup, request.as_of, &troubles),
        troubles,
    };
    let mut writer = PlanWriter::new(index, &request.id);
    while let Some((key, want, expect)) = compared.next().await? {
        if !filter.takes(&key, [want.as_ref(), expect.as_ref()]) {
            continue;
        }
        if want == expect {
            plan.counts.unchanged += 1;
            continue;
        }
        if want.is_none() && !request.delete_others {
            plan.counts.kept += 1;
            continue;
        }
        let action = PlannedAction { key, expect, want };
        plan.counts.count(&action);
        writer.add(action).await?;
    }
    compared.discard().await?;
    writer.close().await?;
    plan.pages = writer.pages;
    plan.digest = plan.computed_digest();
    save_plan(index, &plan).await?;
    Ok(plan)
}

pub(super) fn notes(backup: &Backup, as_of: Timestamp, troubles: &[Trouble]) -> Vec<String> {
    let mut notes = Vec::new();
    match backup.document() {
        Some(document) => {
            let windows = document.windows();
            let is_known = windows
                .iter()
                .any(|(from, until)| (from..=until).contains(&&as_of));
            if is_known {
                return with_troubles(notes, troubles);
            }
            match document.complete_from() {
                Some(from) if as_of < from => notes.push(format!(
                    "The backup is complete from {from} on; records that changed before may be in a newer state or missing."
                )),
                Some(_) => {}
                None => notes.push(
                    "No backfill is complete: records that did not change since the capture began are missing."
                        .to_owned(),
                ),
            }
            let until = document.stored_until();
            if until.is_some_and(|until| as_of > until) {
                notes.push(format!(
                    "Changes are stored up to {}; later ones are not in this plan.",
                    until.map(|until| until.to_string()).unwrap_or_default()
                ));
            }
            for gap in document.gaps.iter().filter(|gap| as_of >= gap.from) {
                notes.push(format!(
                    "Changes from {} to {} were lost in shard {}.",
                    gap.from, gap.until, gap.shard
                ));
            }
        }
        None => notes.push(
            "The backup was made by an older tool: times are S3's, in whole seconds.".to_owned(),
        ),
    }
    with_troubles(notes, troubles)
}

fn with_troubles(mut notes: Vec<String>, troubles: &[Trouble]) -> Vec<String> {
    if !troubles.is_empty() {
        notes.push(format!(
            "{} parts could not be read; the records in them are not in this plan.",
            troubles.len()
        ));
    }
    notes
}
