use std::time::Duration;

use crate::scan::ScanOptions;

/// How to prove.
#[derive(Clone, Debug)]
pub struct ProofOptions {
    /// How to read the table.
    pub scan: ScanOptions,
    /// Records compared by key at once: what bounds memory. The table is read again for each
    /// further so many records in ranges that differ.
    pub keys_at_once: u64,
    /// How often records that differ are looked at again, while the capture catches up.
    pub looks: u32,
    /// Pause between looks.
    pub pause: Duration,
}

impl Default for ProofOptions {
    fn default() -> Self {
        Self {
            scan: ScanOptions::default(),
            keys_at_once: 500_000,
            looks: 15,
            pause: Duration::from_secs(4),
        }
    }
}
