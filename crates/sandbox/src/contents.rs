use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;

/// What is on disks, in databases and in caches, by the ARN of the volume, file system, instance,
/// cluster or snapshot.
///
/// The services behind them offer no data plane in the sandbox; the admin endpoint reads and
/// writes it, so that a test can see that a restore brought the data back.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    by_arn: Arc<Mutex<HashMap<String, Bytes>>>,
}

impl Contents {
    /// The content of a resource; empty when nothing was written.
    pub fn read(&self, arn: &str) -> Bytes {
        self.by_arn
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(arn)
            .cloned()
            .unwrap_or_default()
    }

    /// Replaces the content of a resource.
    pub fn write(&self, arn: &str, content: Bytes) {
        let mut by_arn = self.by_arn.lock().unwrap_or_else(PoisonError::into_inner);
        if content.is_empty() {
            by_arn.remove(arn);
        } else {
            by_arn.insert(arn.to_owned(), content);
        }
    }

    /// Gives one resource the content of another; the bytes are shared until one is rewritten.
    pub(crate) fn copy(&self, from: &str, to: &str) {
        let content = self.read(from);
        self.write(to, content);
    }
}
