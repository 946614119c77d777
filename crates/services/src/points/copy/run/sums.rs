use serde::Serialize;
use tidemark_domain::change::TargetCounts;

/// What became of the points, over all vaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Sums {
    pub(super) done: u64,
    pub(super) left: u64,
    pub(super) failed: u64,
    /// A job is asked for, or named and not ended.
    pub(super) under_way: u64,
    /// Nothing was asked for yet.
    pub(super) open: u64,
    pub(super) bytes: u64,
}

impl Sums {
    pub(super) fn of(counts: &[TargetCounts]) -> Self {
        counts.iter().fold(Self::default(), |sums, target| Self {
            done: sums.done + target.done,
            left: sums.left + target.left,
            failed: sums.failed + target.failed,
            under_way: sums.under_way + target.asked,
            open: sums.open + target.pending,
            bytes: sums.bytes.saturating_add(target.bytes_done),
        })
    }

    pub(super) fn percent(&self) -> u8 {
        let ended = self.done + self.left + self.failed;
        let all = ended + self.under_way + self.open;
        u8::try_from(ended * 100 / all.max(1)).unwrap_or(100)
    }

    pub(super) fn words(&self) -> String {
        let mut words = vec![format!("{} copied", self.done)];
        for (number, what) in [
            (self.under_way, "under way"),
            (self.open, "to go"),
            (self.left, "left"),
            (self.failed, "failed"),
        ] {
            if number > 0 {
                words.push(format!("{number} {what}"));
            }
        }
        words.join(", ")
    }
}
