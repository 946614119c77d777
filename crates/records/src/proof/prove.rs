use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use super::{Difference, DifferenceKind, Proof, ProofOptions};
use crate::{
    capture::same_key,
    diff::is_rounding,
    digest::{RANGES, RangeDigests, RecordDigest},
    error::{RecordsError, Trouble},
    index::{IndexHandle, ProofEntry, Updated},
    key::{KeySchema, RecordKey},
    ports::{Clock, PutObject, SourceTable},
    scan::{read_item, scan_all},
    states::{Backup, KeyRange, Recent},
    wire::Item,
};

/// So many records are waited for; where more differ, it is not the capture that lags.
const PATIENCE: usize = 10_000;
/// Records read from the table at a time.
const CONCURRENCY: usize = 32;
/// Proofs that the index lists.
const KEPT: usize = 50;

/// How far the times of changes and of looks may be apart: changes have whole seconds, and clocks differ.
const INEXACT: SignedDuration = SignedDuration::from_secs(2);

/// What the table held of some records, between two times.
struct Look {
    seen: BTreeMap<RecordKey, Option<RecordDigest>>,
    from: Timestamp,
    until: Timestamp,
}

impl Look {
    /// Whether the backup has what was seen, of a record that it knows to have changed since: what was seen of others
    /// is what it must hold in the end.
    fn is_explained(&self, key: &RecordKey, recent: &Recent) -> bool {
        if !recent.has_changed_after(key, self.until) {
            return false;
        }
        let is_seen = |item: Option<&Item>| {
            let digest = item.map(|item| RecordDigest::of(key, item));
            self.seen.get(key) == Some(&digest)
        };
        recent.was(key, self.from..=self.until, is_seen)
    }
}

struct Prover<'a> {
    index: &'a IndexHandle,
    table: &'a Arc<dyn SourceTable>,
    clock: &'a Arc<dyn Clock>,
    options: &'a ProofOptions,
    schema: KeySchema,
    troubles: Vec<Trouble>,
}

/// Compares a table with its backup and stores the result. Capture may go on meanwhile, and must,
/// where records change.
pub async fn prove(
    index: &IndexHandle,
    table: &Arc<dyn SourceTable>,
    clock: &Arc<dyn Clock>,
    options: &ProofOptions,
) -> Result<Proof, RecordsError> {
    let document = index.load().await?;
    same_key(&document.table.key_schema, &table.describe().await?)?;
    let mut prover = Prover {
        index,
        table,
        clock,
        options,
        schema: document.table.key_schema.clone(),
        troubles: Vec::new(),
    };
    let as_of = clock.now();
    let of_table = prover.table_digests().await?;
    let of_backup = prover.backup_digests().await?;
    let differing = of_table.differing(&of_backup);
    let mut suspects = BTreeSet::new();
    let mut at = 0;
    while at < differing.len() {
        let mut ranges = BTreeSet::new();
        let mut keys = 0;
        while at < differing.len() && (ranges.is_empty() || keys < options.keys_at_once) {
            let range = differing[at];
            keys += of_table.count(range).max(of_backup.count(range));
            ranges.insert(range);
            at += 1;
        }
        prover.compare(&ranges, &mut suspects).await?;
    }
    let suspected = suspects.len();
    let differences = prover.settle(suspects).await?;
    let document = index.load().await?;
    let (table_total, backup_total) = (of_table.total(), of_backup.total());
    let mut seen = BTreeSet::new();
    prover
        .troubles
        .retain(|trouble| seen.insert((trouble.subject.clone(), trouble.what.clone())));
    let proof = Proof {
        as_of,
        finished_at: clock.now(),
        table_items: table_total.count,
        backup_items: backup_total.count,
        table_digest: table_total.to_string(),
        backup_digest: backup_total.to_string(),
        ranges: u64::try_from(RANGES).unwrap_or(u64::MAX),
        ranges_differing: u64::try_from(differing.len()).unwrap_or(u64::MAX),
        settled: u64::try_from(suspected - differences.len()).unwrap_or(0),
        complete: differences.is_empty() && prover.troubles.is_empty(),
        differences,
        troubles: prover.troubles,
        gaps: document.gaps,
        watermarks: document.capture.map(|c| c.shards).unwrap_or_default(),
    };
    let odd = Backup::open(index.clone()).await?.odd_names().await?;
    keep(index, &proof, odd.is_empty()).await?;
    Ok(proof)
}

/// `canonical`: no object was found under a name that its key does not tell, so that nobody need
/// look again.
async fn keep(index: &IndexHandle, proof: &Proof, canonical: bool) -> Result<(), RecordsError> {
    let object = index.paths().proof(&proof.as_of.to_string());
    let text =
        serde_json::to_vec(proof).map_err(|error| RecordsError::Encode(error.to_string()))?;
    index.store().put(&PutObject::new(&object, text)).await?;
    let entry = ProofEntry {
        object,
        as_of: proof.as_of,
        items: proof.table_items,
        differences: u64::try_from(proof.differences.len()).unwrap_or(u64::MAX),
        complete: proof.complete,
    };
    index
        .update(|document| {
            document.proofs.retain(|have| have.object != entry.object);
            document.proofs.push(entry.clone());
            let surplus = document.proofs.len().saturating_sub(KEPT);
            document.proofs.drain(..surplus);
            document.canonical_names |= canonical;
            Ok(Updated::Write(()))
        })
        .await
}

impl Prover<'_> {
    async fn table_digests(&mut self) -> Result<RangeDigests, RecordsError> {
        let mut digests = RangeDigests::default();
        self.each_of_table(|key, item| digests.add(&key, &item))
            .await?;
        Ok(digests)
    }

    async fn each_of_table(
        &mut self,
        mut act: impl FnMut(RecordKey, Item),
    ) -> Result<(), RecordsError> {
        let mut pages = scan_all(self.table, self.clock, &self.options.scan);
        while let Some(page) = pages.next().await {
            for text in page?.items {
                let start = String::from_utf8_lossy(&text[..text.len().min(200)]).into_owned();
                let item = match Item::parse(text) {
                    Ok(item) => item,
                    Err(error) => {
                        self.troubles.push(Trouble::wire(&start, &error));
                        continue;
                    }
                };
                match RecordKey::of_item(&self.schema, &item) {
                    Ok(key) => act(key, item),
                    Err(error) => self.troubles.push(Trouble::key(&start, &error)),
                }
            }
        }
        Ok(())
    }

    async fn each_of_backup(
        &mut self,
        mut act: impl FnMut(&RecordKey, &Item),
    ) -> Result<(), RecordsError> {
        let backup = Backup::open(self.index.clone()).await?;
        let mut states = backup.states(&[Timestamp::MAX], KeyRange::all()).await?;
        while let Some(page) = states.next_page().await? {
            self.troubles.extend(page.troubles);
            for record in &page.records {
                if let Some(item) = record.item(0) {
                    act(&record.key, item);
                }
            }
        }
        Ok(())
    }

    async fn backup_digests(&mut self) -> Result<RangeDigests, RecordsError> {
        let mut digests = RangeDigests::default();
        self.each_of_backup(|key, item| digests.add(key, item))
            .await?;
        Ok(digests)
    }

    /// Finds the keys that differ in some ranges.
    async fn compare(
        &mut self,
        ranges: &BTreeSet<usize>,
        suspects: &mut BTreeSet<RecordKey>,
    ) -> Result<(), RecordsError> {
        let mut open: BTreeMap<RecordKey, RecordDigest> = BTreeMap::new();
        self.each_of_table(|key, item| {
            if ranges.contains(&RangeDigests::range_of(&key)) {
                let digest = RecordDigest::of(&key, &item);
                open.insert(key, digest);
            }
        })
        .await?;
        self.each_of_backup(|key, item| {
            if ranges.contains(&RangeDigests::range_of(key))
                && open.remove(key) != Some(RecordDigest::of(key, item))
            {
                suspects.insert(key.clone());
            }
        })
        .await?;
        suspects.extend(open.into_keys());
        Ok(())
    }

    /// Looks at the suspects again until the capture has caught up with them.
    ///
    /// A record that changes all the time is ahead of the capture at every look. Of such a record it counts what the
    /// table was seen to hold, if the backup has that for the time of the look, even if it says so only later.
    async fn settle(
        &mut self,
        suspects: BTreeSet<RecordKey>,
    ) -> Result<Vec<Difference>, RecordsError> {
        let mut left: Vec<RecordKey> = suspects.into_iter().collect();
        let mut differences = Vec::new();
        let mut looks: Vec<Look> = Vec::new();
        for number in 0..self.options.looks.max(1) {
            if left.is_empty() {
                return Ok(Vec::new());
            }
            if number > 0 {
                self.clock.pause(self.options.pause).await;
            }
            differences.clear();
            let (begun, live) = (self.clock.now(), self.present(&left).await?);
            looks.push(Look {
                seen: live
                    .iter()
                    .map(|(key, item)| {
                        let digest = item.as_ref().map(|item| RecordDigest::of(key, item));
                        (key.clone(), digest)
                    })
                    .collect(),
                from: begun.checked_sub(INEXACT).unwrap_or(Timestamp::MIN),
                until: self
                    .clock
                    .now()
                    .checked_add(INEXACT)
                    .unwrap_or(Timestamp::MAX),
            });
            let since = looks[0].from;
            let backup = Backup::open(self.index.clone()).await?;
            let mut recent = backup.recent(&left, since).await?;
            self.troubles.append(&mut recent.troubles);
            let many = left.len() > PATIENCE;
            left.retain(|key| {
                if looks.iter().any(|look| look.is_explained(key, &recent)) {
                    return false;
                }
                let present = live.get(key).and_then(Option::as_ref);
                let difference = difference(key, present, recent.latest(key));
                let differs = difference.is_some();
                differences.extend(difference);
                differs
            });
            if many {
                break;
            }
        }
        Ok(differences)
    }

    /// What the table holds of these keys now.
    async fn present(
        &self,
        keys: &[RecordKey],
    ) -> Result<BTreeMap<RecordKey, Option<Item>>, RecordsError> {
        let table = self.table;
        stream::iter(keys.to_vec())
            .map(|key| async move {
                let item = read_item(table.as_ref(), &key).await?;
                Ok((key, item))
            })
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await
    }
}

fn difference(key: &RecordKey, table: Option<&Item>, backup: Option<&Item>) -> Option<Difference> {
    let kind = match (table, backup) {
        (None, None) => return None,
        (Some(_), None) => DifferenceKind::MissingInBackup,
        (None, Some(_)) => DifferenceKind::MissingInTable,
        (Some(table), Some(backup)) if table == backup => return None,
        (Some(_), Some(_)) => DifferenceKind::Differs,
    };
    let rounded = match (table, backup) {
        (Some(table), Some(backup)) => is_rounding(backup, table),
        _ => false,
    };
    Some(Difference {
        key: key.to_string(),
        kind,
        rounded,
    })
}
