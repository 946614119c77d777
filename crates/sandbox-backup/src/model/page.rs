/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// The key that the page before ended with.
    pub after: Option<String>,
    /// How many items at most.
    pub limit: usize,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            after: None,
            limit: 1_000,
        }
    }
}

impl PageRequest {
    pub(crate) fn after_seq(&self) -> u64 {
        self.after
            .as_deref()
            .and_then(|key| key.parse().ok())
            .unwrap_or(u64::MAX)
    }
}

/// A part of a list. Pages are cut by key, so what is created or deleted between two calls neither
/// repeats nor hides another item.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The key to go on from, if there is more.
    pub next: Option<String>,
}

impl<T> Page<T> {
    pub(crate) fn cut<K: ToString>(items: impl Iterator<Item = (K, T)>, limit: usize) -> Self {
        let mut page = Self {
            items: Vec::new(),
            next: None,
        };
        let mut last = None;
        for (key, item) in items {
            if page.items.len() == limit {
                page.next = last;
                break;
            }
            last = Some(key.to_string());
            page.items.push(item);
        }
        page
    }
}
