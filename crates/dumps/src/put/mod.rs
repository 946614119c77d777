//! From a command to the bucket.

mod pack;
mod parts;
mod source;
mod upload;

use std::sync::Arc;

use jiff::Timestamp;

use crate::{DumpError, DumpStore, Format, Manifest, Packing, StoreErrorKind, retry::retried};
pub(crate) use pack::spawn;
pub use source::Giver;
use upload::Uploading;

/// What is to be stored, and how.
#[derive(Clone, Debug)]
pub struct PutRequest {
    /// The object's key.
    pub key: String,
    /// What to pack it with; Zstandard where none is named, and nothing where it comes packed.
    pub packing: Option<Packing>,
    /// How to read it.
    pub format: Format,
    /// The program and its version, for the manifest.
    pub tool: String,
    /// The time.
    pub now: fn() -> Timestamp,
}

/// A dump that was stored.
#[derive(Clone, Debug)]
pub struct Put {
    /// What is known of it.
    pub manifest: Manifest,
    /// Uploads of the same key that had been begun and not finished; they were taken back.
    pub taken_back: usize,
}

/// Stores a stream. The object becomes visible when it is whole, and its manifest after it; whatever fails before takes the
/// upload back. Where the process ends in between, what is left has no manifest, and the next dump of that key removes it.
pub async fn put(
    store: &Arc<dyn DumpStore>,
    request: &PutRequest,
    giver: Box<dyn Giver>,
    stop: impl Future<Output = ()> + Send,
) -> Result<Put, DumpError> {
    let key = &request.key;
    Manifest::check_key(key)?;
    let replaces = room(&**store, key).await?;
    let taken_back = take_back(&**store, key).await?;
    let mut uploading = Uploading::new(Arc::clone(store), key);
    let streamed = tokio::select! {
        streamed = uploading.stream(pack::start(request, giver)?) => streamed,
        () = stop => Err(DumpError::Stopped),
    };
    let completed = match streamed {
        Ok(streamed) => uploading
            .complete(&streamed, replaces.as_deref())
            .await
            .map(|etag| (streamed, etag)),
        Err(error) => Err(error),
    };
    let (streamed, etag) = match completed {
        Ok(completed) => completed,
        Err(error) => {
            uploading.abort().await;
            return Err(error);
        }
    };
    let came_packed =
        streamed.packed_by_us == Packing::None && streamed.inspected.packing != Packing::None;
    let manifest = Manifest {
        tidemark_dump: Manifest::VERSION,
        tool: request.tool.clone(),
        key: key.clone(),
        stored_at: (request.now)(),
        etag,
        stored: streamed.stored,
        packing: if came_packed {
            streamed.inspected.packing
        } else {
            streamed.packed_by_us
        },
        came_packed,
        stream: streamed.inspected.stream,
        unpacked: streamed.inspected.unpacked,
        content: streamed.inspected.content,
    };
    keep(&**store, &manifest).await?;
    Ok(Put {
        manifest,
        taken_back,
    })
}

/// Nothing may be under the key but what an earlier attempt left; the `ETag` of that.
async fn room(store: &dyn DumpStore, key: &str) -> Result<Option<String>, DumpError> {
    let taken = || DumpError::Exists {
        key: key.to_owned(),
    };
    let name = Manifest::key_of(key);
    if retried(|| store.head(&name)).await?.is_some() {
        return Err(taken());
    }
    match retried(|| store.head(key)).await? {
        None => Ok(None),
        Some(head) if head.is_dump => Ok(Some(head.etag)),
        Some(_) => Err(DumpError::Occupied {
            key: key.to_owned(),
        }),
    }
}

/// Takes back what attempts that did not end left.
async fn take_back(store: &dyn DumpStore, key: &str) -> Result<usize, DumpError> {
    let mut taken_back = 0;
    for upload in retried(|| store.uploads(key)).await? {
        if upload.key == key {
            retried(|| store.abort(key, &upload.id)).await?;
            taken_back += 1;
        }
    }
    Ok(taken_back)
}

async fn keep(store: &dyn DumpStore, manifest: &Manifest) -> Result<(), DumpError> {
    let body = serde_json::to_vec_pretty(manifest).map_err(|error| DumpError::Manifest {
        key: manifest.key.clone(),
        what: error.to_string(),
    })?;
    let name = Manifest::key_of(&manifest.key);
    match retried(|| store.put_new(&name, body.clone())).await {
        Ok(()) => Ok(()),
        // An attempt whose answer was lost may have written it.
        Err(error) if error.kind == StoreErrorKind::Precondition => {
            match Manifest::find(store, &manifest.key).await? {
                Some(found) if found == *manifest => Ok(()),
                _ => Err(DumpError::Exists {
                    key: manifest.key.clone(),
                }),
            }
        }
        Err(error) => Err(error.into()),
    }
}
