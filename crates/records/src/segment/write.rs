use std::sync::Arc;

use bytes::Bytes;

use super::{EncodedSegment, encode_segment};
use crate::{
    error::RecordsError,
    event::Event,
    index::{BackupPaths, SegmentEntry},
    ports::{Condition, ObjectStore, PortErrorKind, PutObject},
};

/// Writes changes as one segment; none when there are none. The same changes written again leave
/// the same object. The segment counts once its entry is in the index.
pub async fn write_segment(
    store: &Arc<dyn ObjectStore>,
    paths: &BackupPaths,
    events: Vec<Event>,
) -> Result<Option<SegmentEntry>, RecordsError> {
    let encoded = encode_segment(paths.table(), events)
        .map_err(|error| RecordsError::Encode(error.to_string()))?;
    let Some(encoded) = encoded else {
        return Ok(None);
    };
    let (entry, body) = entry(paths, encoded);
    put_once(store, &entry.name, body).await?;
    Ok(Some(entry))
}

/// Writes an object whose name says what is in it.
pub(crate) async fn put_once(
    store: &Arc<dyn ObjectStore>,
    name: &str,
    body: Bytes,
) -> Result<(), RecordsError> {
    let put = PutObject::new(name, body).when(Condition::Absent);
    match store.put(&put).await {
        Ok(_) => Ok(()),
        Err(error) if error.kind == PortErrorKind::PreconditionFailed => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn entry(paths: &BackupPaths, encoded: EncodedSegment) -> (SegmentEntry, Bytes) {
    let day = jiff::Timestamp::from_millisecond(encoded.first)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .strftime("%Y/%m/%d")
        .to_string();
    let entry = SegmentEntry {
        name: paths.segment(&day, &encoded.sha256),
        sha256: encoded.sha256,
        bytes: u64::try_from(encoded.body.len()).unwrap_or(u64::MAX),
        events: encoded.events,
        first: encoded.first,
        last: encoded.last,
        min_key: encoded.min_key,
        max_key: encoded.max_key,
        canonical: true,
    };
    (entry, encoded.body)
}
