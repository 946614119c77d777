use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt as _;
use tokio::sync::mpsc;

use crate::{DumpError, DumpStore, Manifest, StoreError, StoreErrorKind, retry};

/// Gives the object on piece by piece. A connection that is cut off goes on where it was.
pub(super) async fn all(
    store: &Arc<dyn DumpStore>,
    manifest: &Manifest,
    pieces: mpsc::Sender<Result<Bytes, ()>>,
) -> Result<(), DumpError> {
    let mut from = 0;
    let mut failures = 0;
    while from < manifest.stored.bytes {
        let before = from;
        match some(store, manifest, &mut from, &pieces).await {
            Ok(true) => {}
            // Whoever checks has found something, and says it.
            Ok(false) => return Ok(()),
            Err(error) => {
                if from > before {
                    failures = 0;
                }
                if !retry::again(&error, failures) {
                    let _ = pieces.send(Err(())).await;
                    return Err(changed(manifest, error));
                }
                tracing::debug!(%error, from, "A download goes on where it was cut off");
                tokio::time::sleep(retry::pause(failures)).await;
                failures += 1;
            }
        }
        if from == before {
            failures += 1;
        }
    }
    Ok(())
}

/// Reads until the end or a failure; false where nobody takes it any more.
async fn some(
    store: &Arc<dyn DumpStore>,
    manifest: &Manifest,
    from: &mut u64,
    pieces: &mpsc::Sender<Result<Bytes, ()>>,
) -> Result<bool, StoreError> {
    let mut stream = store.get(&manifest.key, &manifest.etag, *from).await?;
    while let Some(piece) = stream.next().await {
        let piece = piece?;
        *from += u64::try_from(piece.len()).unwrap_or_default();
        if pieces.send(Ok(piece)).await.is_err() {
            return Ok(false);
        }
    }
    if *from < manifest.stored.bytes {
        return Err(StoreError {
            kind: StoreErrorKind::Passing,
            operation: "s3:GetObject".to_owned(),
            subject: manifest.key.clone(),
            code: None,
            message: format!("the answer ended after {from} bytes"),
            request_id: None,
        });
    }
    Ok(true)
}

/// An object that is not the one of the manifest is damage, not a failed call.
fn changed(manifest: &Manifest, error: StoreError) -> DumpError {
    let what = match error.kind {
        StoreErrorKind::Precondition => "another object was stored in its place",
        StoreErrorKind::NotFound => "the object is gone, and its manifest is not",
        _ => return error.into(),
    };
    DumpError::Damaged {
        key: manifest.key.clone(),
        what: what.to_owned(),
    }
}
