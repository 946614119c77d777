use jiff::Timestamp;
use tidemark_domain::{
    PitrWindow,
    records::{CaptureStatus, GapBounds, ProofSummary},
};
use tidemark_records::index::IndexDocument;

/// Gaps that a status tells of.
const GAPS: usize = 100;
/// Stretches that a status tells of.
const WINDOWS: usize = 100;

/// What an index tells of its backup. Nothing keeps its changes from being stored, as far as it knows.
pub fn status_of(document: &IndexDocument, now: Timestamp) -> CaptureStatus {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let mut gaps: Vec<GapBounds> = document
        .gaps
        .iter()
        .map(|gap| GapBounds {
            shard: gap.shard.clone(),
            from: gap.from,
            until: gap.until,
            noticed_at: gap.noticed_at,
        })
        .collect();
    gaps.sort_by_key(|gap| std::cmp::Reverse((gap.until, gap.from)));
    gaps.truncate(GAPS);
    let mut windows: Vec<PitrWindow> = document
        .windows()
        .into_iter()
        .map(|(earliest, latest)| PitrWindow { earliest, latest })
        .collect();
    windows.drain(..windows.len().saturating_sub(WINDOWS));
    let segments = &document.segments;
    let runs = &document.runs;
    CaptureStatus {
        updated_at: Some(now),
        read_until: document.stored_until(),
        complete_from: document.complete_from(),
        windows,
        gaps,
        last_error: None,
        last_proof: document.proofs.last().map(|proof| ProofSummary {
            as_of: proof.as_of,
            items: proof.items,
            differences: proof.differences,
            complete: proof.complete,
            object: proof.object.clone(),
        }),
        segments: count(segments.len()),
        runs: count(runs.len()),
        changes: segments.iter().map(|s| s.events).sum::<u64>()
            + runs.iter().map(|r| r.events).sum::<u64>(),
        bytes: segments.iter().map(|s| s.bytes).sum::<u64>()
            + runs.iter().map(|r| r.bytes).sum::<u64>(),
        snapshots: count(document.snapshots.len()),
        quarantined: count(document.quarantine.len()),
    }
}
