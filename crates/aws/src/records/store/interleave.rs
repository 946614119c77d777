use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::AfterDeserializationInterceptorContextRef},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// An entry of a listing of versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Version,
    Marker,
}

/// Reads from the answer itself in which order versions and delete markers came. The SDK parts
/// them into two lists, and their times, whole seconds, do not tell which of two is newer.
#[derive(Clone, Debug, Default)]
pub(super) struct Interleaving(Arc<Mutex<Vec<Entry>>>);

impl Interleaving {
    /// The entries of the last answer, in its order.
    pub(super) fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Intercept for Interleaving {
    fn name(&self) -> &'static str {
        "Interleaving"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(body) = context.response().body().bytes() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = entries(body);
        }
        Ok(())
    }
}

/// The elements that begin entries. Text has its angle brackets escaped, so these are elements.
fn entries(body: &[u8]) -> Vec<Entry> {
    let text = String::from_utf8_lossy(body);
    text.split('<')
        .filter_map(|element| match element.split(['>', ' ']).next() {
            Some("Version") => Some(Entry::Version),
            Some("DeleteMarker") => Some(Entry::Marker),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_entries_is_that_of_the_document() {
        let body = b"<?xml version=\"1.0\"?><ListVersionsResult><VersionIdMarker></VersionIdMarker><DeleteMarker><Key>a</Key><VersionId>2</VersionId></DeleteMarker><Version><Key>a&lt;Version&gt;</Key><VersionId>1</VersionId></Version></ListVersionsResult>";
        assert_eq!(entries(body), [Entry::Marker, Entry::Version]);
    }
}
