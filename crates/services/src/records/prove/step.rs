use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::json;
use tidemark_domain::{
    records::Capture,
    runs::{NoteLevel, StepError},
};
use tidemark_records::{
    proof::{Difference, DifferenceKind, Proof, ProofOptions, prove},
    scan::ScanOptions,
    without_records,
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use crate::{
    ports::{Captures, RecordsAccess},
    records::{errors::records_step_error, open_backup::index_of, status_of},
};

pub(in crate::records) const NAME: &str = "proof";

/// Parts that cannot be read and that the run names one by one; the object in the bucket has all.
const NAMED: usize = 50;

/// What a proof needs of the run that it is part of.
#[async_trait]
pub(in crate::records) trait Proving: Send + Sync + 'static {
    /// The capture, with table and bucket.
    async fn open(&self, ctx: &StepCtx) -> Result<(Capture, RecordsAccess), StepError>;

    /// Where the result is kept beside the bucket.
    fn captures(&self) -> &dyn Captures;

    /// Read capacity units per second at most.
    fn capacity(&self) -> Option<u32>;
}

/// Compares table and backup, and says how many records differ.
pub(in crate::records) struct ProveStep<P>(pub(in crate::records) P);

#[async_trait]
impl<P: Proving> Step for ProveStep<P> {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        "Proof that nothing is missing".to_owned()
    }

    /// A table may take hours.
    fn deadline(&self) -> Option<SignedDuration> {
        None
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let (capture, access) = self.0.open(ctx).await?;
        let index = index_of(&capture, &access);
        let options = ProofOptions {
            scan: ScanOptions {
                capacity_milli_per_second: self.0.capacity().map(|units| u64::from(units) * 1_000),
                ..ScanOptions::default()
            },
            ..ProofOptions::default()
        };
        ctx.progress(None, "Table and backup are read and compared");
        let proof = tokio::select! {
            proof = prove(&index, &access.table, &access.clock, &options) => proof,
            () = ctx.cancelled() => return Err(StepError::cancelled()),
        };
        let proof = proof.map_err(|error| records_step_error(&error))?;
        self.keep(&capture, &index, &access).await?;
        outcome(ctx, &proof)
    }
}

impl<P: Proving> ProveStep<P> {
    /// Has the pages tell of it at once.
    async fn keep(
        &self,
        capture: &Capture,
        index: &tidemark_records::index::IndexHandle,
        access: &RecordsAccess,
    ) -> Result<(), StepError> {
        let failed = |error: crate::StoreError| {
            StepError::retryable(format!("the result could not be stored: {error}"))
        };
        let document = index.load().await;
        let document = document.map_err(|error| records_step_error(&error))?;
        let captures = self.0.captures();
        let known = captures.of_table(&capture.table).await.map_err(failed)?;
        let known = known.into_iter().find(|known| {
            known.capture.bucket == capture.bucket && known.capture.prefix == capture.prefix
        });
        if let Some(known) = known {
            let mut status = status_of(&document, access.clock.now());
            status.last_error = known.status.last_error;
            let stored = captures.put_status(&known.capture.id, &status).await;
            stored.map_err(failed)?;
        }
        Ok(())
    }
}

fn outcome(ctx: &StepCtx, proof: &Proof) -> Result<StepOutcome, StepError> {
    for gap in &proof.gaps {
        ctx.note(
            NoteLevel::Warning,
            format!(
                "Changes from {} to {} are lost: the stream had forgotten them.",
                gap.from, gap.until
            ),
        );
    }
    if proof.complete {
        return StepOutcome::done_with(json!({
            "complete": true,
            "as_of": proof.as_of,
            "items": proof.table_items,
            "settled": proof.settled,
            "gaps": proof.gaps.len(),
        }));
    }
    let counts = Counts::of(&proof.differences);
    for text in counts.words() {
        ctx.note(NoteLevel::Warning, text);
    }
    for trouble in proof.troubles.iter().take(NAMED) {
        let text = without_records(&format!("{}: {}", trouble.subject, trouble.what));
        ctx.note(NoteLevel::Warning, text);
    }
    Err(StepError::permanent(format!(
        "the backup is not complete as of {}: {} records differ, {} parts cannot be read",
        proof.as_of,
        proof.differences.len(),
        proof.troubles.len(),
    ))
    .with_guidance("The page of the record-level backup names the records, to those who may see them. The capture stays as it is; a new set-up of the same place stores what is missing, where the stream told nothing of it in the five minutes before.")
    .with_detail(json!({
        "complete": false,
        "as_of": proof.as_of,
        "missing_in_backup": counts.missing_in_backup,
        "missing_in_table": counts.missing_in_table,
        "differing": counts.differing,
        "rounded": counts.rounded,
        "troubles": proof.troubles.len(),
    })))
}

/// How many records differ in which way. Their keys are in the proof's own object only: a run is
/// read by more people than records are.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    missing_in_backup: usize,
    missing_in_table: usize,
    differing: usize,
    rounded: usize,
}

impl Counts {
    fn of(differences: &[Difference]) -> Self {
        let mut counts = Self::default();
        for difference in differences {
            match difference.kind {
                DifferenceKind::MissingInBackup => counts.missing_in_backup += 1,
                DifferenceKind::MissingInTable => counts.missing_in_table += 1,
                DifferenceKind::Differs => counts.differing += 1,
            }
            counts.rounded += usize::from(difference.rounded);
        }
        counts
    }

    fn words(self) -> Vec<String> {
        let Self {
            missing_in_backup,
            missing_in_table,
            differing,
            rounded,
        } = self;
        [
            (missing_in_backup, "records are missing in the backup."),
            (
                missing_in_table,
                "records are in the backup and not in the table.",
            ),
            (differing, "records differ."),
            (
                rounded,
                "of these differ only in numbers that an older tool rounded.",
            ),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect()
    }
}
