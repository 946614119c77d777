//! Digests of many records that do not depend on their order.

use sha2::{Digest as _, Sha256};

use crate::{key::RecordKey, wire::Item};

/// Ranges that keys are divided into, by the hash of their text.
pub const RANGES: usize = 4_096;

/// The digest of one record: SHA-256 over key and canonical text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordDigest([u8; 32]);

impl RecordDigest {
    /// The digest of a record.
    pub fn of(key: &RecordKey, item: &Item) -> Self {
        let mut hash = Sha256::new();
        hash.update(key.bytes());
        hash.update([0]);
        hash.update(item.canonical());
        Self(hash.finalize().into())
    }

    fn halves(&self) -> [u128; 2] {
        let mut high = [0; 16];
        let mut low = [0; 16];
        high.copy_from_slice(&self.0[..16]);
        low.copy_from_slice(&self.0[16..]);
        [u128::from_be_bytes(high), u128::from_be_bytes(low)]
    }
}

/// The digest of a set of records: how many, and the sum of their digests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetDigest {
    /// Records.
    pub count: u64,
    sum: [u128; 2],
}

impl SetDigest {
    /// Adds a record.
    pub fn add(&mut self, digest: &RecordDigest) {
        self.count += 1;
        for (sum, half) in self.sum.iter_mut().zip(digest.halves()) {
            *sum = sum.wrapping_add(half);
        }
    }

    /// Adds another set.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        for (sum, half) in self.sum.iter_mut().zip(other.sum) {
            *sum = sum.wrapping_add(half);
        }
    }
}

impl std::fmt::Display for SetDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}{:032x}", self.sum[0], self.sum[1])
    }
}

/// Digests of all records by range of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeDigests {
    ranges: Vec<SetDigest>,
}

impl Default for RangeDigests {
    fn default() -> Self {
        Self {
            ranges: vec![SetDigest::default(); RANGES],
        }
    }
}

impl RangeDigests {
    /// The range of a key.
    pub fn range_of(key: &RecordKey) -> usize {
        let hash = Sha256::digest(key.bytes());
        (usize::from(hash[0]) << 4 | usize::from(hash[1] >> 4)) % RANGES
    }

    /// Adds a record.
    pub fn add(&mut self, key: &RecordKey, item: &Item) {
        self.ranges[Self::range_of(key)].add(&RecordDigest::of(key, item));
    }

    /// The digest of everything.
    pub fn total(&self) -> SetDigest {
        let mut total = SetDigest::default();
        for range in &self.ranges {
            total.merge(range);
        }
        total
    }

    /// The ranges in which the two differ.
    pub fn differing(&self, other: &Self) -> Vec<usize> {
        (0..RANGES)
            .filter(|range| self.ranges[*range] != other.ranges[*range])
            .collect()
    }

    /// Records in a range.
    pub fn count(&self, range: usize) -> u64 {
        self.ranges.get(range).map_or(0, |range| range.count)
    }
}
