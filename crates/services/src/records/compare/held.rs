use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::records::{AttributeCount, DifferenceCounts};
use tidemark_records::diff::RecordChange;
use tokio::sync::Semaphore;

/// Bytes of records that all comparisons hold together.
const ALL_BYTES: usize = 96 << 20;

/// Comparisons made at a time: each reads a whole backup.
const AT_ONCE: usize = 2;

/// How long one is held that could come out differently when made again.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// Comparisons that were made lately, so that turning a page does not make them again.
///
/// They are in memory only and bounded in size; what is gone is made again.
pub struct Comparisons {
    held: Mutex<Vec<Arc<Held>>>,
    pub(super) places: Semaphore,
}

impl Default for Comparisons {
    fn default() -> Self {
        Self {
            held: Mutex::new(Vec::new()),
            places: Semaphore::new(AT_ONCE),
        }
    }
}

/// Which comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::records) struct HeldId {
    /// The capture.
    pub(in crate::records) capture: String,
    /// The moment before.
    pub(in crate::records) from: Timestamp,
    /// The moment after; none for the live table.
    pub(in crate::records) to: Option<Timestamp>,
}

/// A comparison as it was made.
#[derive(Debug)]
pub(in crate::records) struct Held {
    pub(in crate::records) id: HeldId,
    /// When it was made.
    pub(in crate::records) compared_at: Timestamp,
    /// Made again, it comes out the same.
    pub(super) is_final: bool,
    pub(super) counts: DifferenceCounts,
    pub(super) attributes: Vec<AttributeCount>,
    /// The records that differ, by key, as far as they are held.
    pub(in crate::records) changes: Vec<RecordChange>,
    pub(super) bytes: usize,
    pub(super) notes: Vec<String>,
    pub(super) troubles: Vec<String>,
}

impl Comparisons {
    /// The comparison, if it is still there. `compared_at` asks for one certain comparison with the
    /// live table.
    pub(super) fn find(
        &self,
        id: &HeldId,
        compared_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Arc<Held>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|one| one.is_final || now.duration_since(one.compared_at) < FRESH);
        let place = held.iter().position(|one| {
            one.id == *id
                && match compared_at {
                    Some(at) => one.compared_at == at,
                    // Nobody asked for the one that was shown: it must not have become old.
                    None => one.is_final,
                }
        })?;
        // What was used last goes last.
        let one = held.remove(place);
        held.push(Arc::clone(&one));
        Some(one)
    }

    /// Keeps a comparison, and drops others until there is room.
    pub(super) fn keep(&self, made: Arc<Held>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|one| one.id != made.id || one.compared_at != made.compared_at);
        held.push(made);
        let mut bytes: usize = held.iter().map(|one| one.bytes).sum();
        while bytes > ALL_BYTES && held.len() > 1 {
            bytes -= held.remove(0).bytes;
        }
    }
}
