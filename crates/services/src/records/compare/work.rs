use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::records::{AttributeCount, DifferenceCounts};
use tidemark_records::{
    RecordsError, Trouble,
    diff::{Diff, DiffCounts, LiveDiff, RecordChange, TimesDiff},
    index::IndexDocument,
    scan::ScanOptions,
    states::{Backup, KeyRange},
};
use uuid::Uuid;

use super::held::{Held, HeldId};
use crate::{ports::RecordsAccess, records::shown};

/// Bytes of records that one comparison holds; beyond, records are counted only.
const HELD_BYTES: usize = 32 << 20;

/// Attributes that are counted one by one.
const MOST_ATTRIBUTES: usize = 500;

/// Attributes that are told.
const TOLD_ATTRIBUTES: usize = 20;

/// Makes the comparison.
pub(super) async fn work(
    id: HeldId,
    backup: &Backup,
    access: &RecordsAccess,
    now: Timestamp,
) -> Result<Held, RecordsError> {
    let range = KeyRange::all();
    let mut pages = if let Some(to) = id.to {
        Diff::Times(TimesDiff::open(backup, id.from, to, range).await?)
    } else {
        let work = format!("compare-{}", Uuid::new_v4());
        let diff = LiveDiff::open(
            backup,
            &access.table,
            &access.clock,
            &work,
            id.from,
            range,
            &ScanOptions::default(),
        )
        .await?;
        Diff::Live(Box::new(diff))
    };
    let mut changes: Vec<RecordChange> = Vec::new();
    let mut bytes = 0;
    let mut attributes: BTreeMap<String, u64> = BTreeMap::new();
    let mut troubles: Vec<Trouble> = Vec::new();
    while let Some(page) = pages.next_page().await? {
        troubles.extend(page.troubles);
        for change in page.changes {
            count_attributes(&mut attributes, &change);
            if bytes < HELD_BYTES {
                bytes += size(&change);
                changes.push(change);
            }
        }
    }
    // The layout of one object per record comes in another order.
    changes.sort_by(|a, b| a.key.cmp(&b.key));
    let document = backup.document();
    let stored = document.and_then(IndexDocument::stored_until);
    let is_final = match (id.to, stored) {
        (Some(to), Some(stored)) => stored > to,
        _ => false,
    };
    Ok(Held {
        notes: document.map_or_else(Vec::new, |document| notes(document, &id)),
        id,
        compared_at: now,
        is_final,
        counts: counts(pages.counts()),
        attributes: most_frequent(attributes),
        changes,
        bytes,
        troubles: shown::troubles(&troubles),
    })
}

fn size(change: &RecordChange) -> usize {
    let items = [&change.before, &change.after];
    let items = items.into_iter().flatten().map(|item| item.bytes().len());
    items.sum::<usize>() + change.key.bytes().len() + 200
}

/// Counts the attributes in which a record that was there both times differs.
fn count_attributes(counts: &mut BTreeMap<String, u64>, change: &RecordChange) {
    let (Some(before), Some(after)) = (&change.before, &change.after) else {
        return;
    };
    for name in shown::differing(before, after) {
        if counts.len() < MOST_ATTRIBUTES || counts.contains_key(&name) {
            *counts.entry(name).or_default() += 1;
        }
    }
}

fn most_frequent(counts: BTreeMap<String, u64>) -> Vec<AttributeCount> {
    let mut attributes: Vec<AttributeCount> = counts
        .into_iter()
        .map(|(name, records)| AttributeCount { name, records })
        .collect();
    attributes.sort_by(|a, b| (b.records, &a.name).cmp(&(a.records, &b.name)));
    attributes.truncate(TOLD_ATTRIBUTES);
    attributes
}

fn counts(counts: DiffCounts) -> DifferenceCounts {
    DifferenceCounts {
        created: counts.added,
        changed: counts.changed,
        deleted: counts.removed,
        unchanged: counts.unchanged,
    }
}

/// What the comparison does not tell.
fn notes(document: &IndexDocument, id: &HeldId) -> Vec<String> {
    let mut notes = Vec::new();
    let stored = document.stored_until();
    if let (Some(to), Some(stored)) = (id.to, stored)
        && to > stored
    {
        notes.push(format!(
            "The newest change that is stored is of {stored}; if there were later ones, they are not in this comparison yet."
        ));
    }
    for gap in &document.gaps {
        if gap.until >= id.from && id.to.is_none_or(|to| gap.from <= to) {
            notes.push(format!(
                "Changes from {} to {} were lost in shard {}.",
                gap.from, gap.until, gap.shard
            ));
        }
    }
    notes
}
