//! Keyset paging.

use serde::{Deserialize, Serialize};

/// One page of a list and how to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in the order asked for.
    pub items: Vec<T>,
    /// Opaque cursor of the next page; none on the last one.
    pub next: Option<String>,
    /// How many rows the filter matches in all, where counting is cheap.
    pub total: Option<u64>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            next: None,
            total: None,
        }
    }
}

impl<T> Page<T> {
    /// The same page with every row turned into another.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
            total: self.total,
        }
    }
}
