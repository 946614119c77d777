use std::sync::Arc;

use bytes::Bytes;
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    pack::{Out, Streamed},
    parts,
};
use crate::{DumpError, DumpStore, StoreError, StoreErrorKind, retry::retried};

/// A dump on its way, in parts.
pub(super) struct Uploading {
    store: Arc<dyn DumpStore>,
    key: Arc<str>,
    /// Begun with the first part: a stream that fails at once leaves nothing.
    upload: Option<Arc<str>>,
    /// The part that is being filled.
    part: Vec<u8>,
    number: i32,
    /// Parts on their way.
    sending: JoinSet<Result<(i32, usize, String), StoreError>>,
    in_flight: usize,
    sent: Vec<(i32, String)>,
}

impl Uploading {
    pub(super) fn new(store: Arc<dyn DumpStore>, key: &str) -> Self {
        Self {
            store,
            key: key.into(),
            upload: None,
            part: Vec::new(),
            number: 1,
            sending: JoinSet::new(),
            in_flight: 0,
            sent: Vec::new(),
        }
    }

    /// Sends all that comes, and waits until S3 has it.
    pub(super) async fn stream(
        &mut self,
        mut comes: mpsc::Receiver<Out>,
    ) -> Result<Streamed, DumpError> {
        loop {
            match comes.recv().await {
                Some(Out::Stored(piece)) => self.add(piece).await?,
                Some(Out::Failed(error)) => return Err(error),
                Some(Out::End(streamed)) => {
                    if !self.part.is_empty() {
                        self.send().await?;
                    }
                    while self.next().await? {}
                    return Ok(*streamed);
                }
                None => return Err(DumpError::Process("a thread ended early".to_owned())),
            }
        }
    }

    async fn add(&mut self, mut piece: Bytes) -> Result<(), DumpError> {
        while !piece.is_empty() {
            let size = parts::size(self.number).ok_or(DumpError::TooLarge)?;
            if self.part.capacity() < size {
                self.part.reserve_exact(size - self.part.len());
            }
            let take = piece.len().min(size - self.part.len());
            self.part.extend_from_slice(&piece.split_to(take));
            if self.part.len() == size {
                self.send().await?;
            }
        }
        Ok(())
    }

    /// Sends the part that was filled, once enough of those before have arrived.
    async fn send(&mut self) -> Result<(), DumpError> {
        let body = Bytes::from(std::mem::take(&mut self.part));
        let size = body.len();
        while self.in_flight > 0 && self.in_flight + size > parts::AT_ONCE {
            self.next().await?;
        }
        let upload = if let Some(upload) = &self.upload {
            Arc::clone(upload)
        } else {
            let store = &self.store;
            let upload: Arc<str> = retried(|| store.begin(&self.key)).await?.into();
            self.upload = Some(Arc::clone(&upload));
            upload
        };
        let (store, key, number) = (Arc::clone(&self.store), Arc::clone(&self.key), self.number);
        self.number += 1;
        self.in_flight += size;
        self.sending.spawn(async move {
            let etag = retried(|| store.part(&key, &upload, number, body.clone())).await?;
            Ok((number, size, etag))
        });
        Ok(())
    }

    /// Waits for a part to arrive; whether there was one.
    async fn next(&mut self) -> Result<bool, DumpError> {
        let Some(joined) = self.sending.join_next().await else {
            return Ok(false);
        };
        let (number, size, etag) =
            joined.map_err(|error| DumpError::Process(error.to_string()))??;
        self.in_flight -= size;
        self.sent.push((number, etag));
        Ok(true)
    }

    /// Makes an object of the parts; its `ETag`.
    pub(super) async fn complete(
        &mut self,
        streamed: &Streamed,
        replaces: Option<&str>,
    ) -> Result<String, DumpError> {
        let Some(upload) = self.upload.clone() else {
            return Err(DumpError::Empty);
        };
        self.sent.sort_unstable_by_key(|(number, _)| *number);
        let (store, key, parts) = (&self.store, &self.key, &self.sent);
        let error = match retried(|| store.complete(key, &upload, parts, replaces)).await {
            Ok(etag) => return Ok(etag),
            Err(error) => error,
        };
        // An attempt whose answer was lost may have made it: then the upload is gone, and the object is of its parts.
        let may_be_made = matches!(
            error.kind,
            StoreErrorKind::NotFound | StoreErrorKind::Precondition | StoreErrorKind::Passing
        );
        if may_be_made && let Ok(Some(head)) = retried(|| store.head(key)).await {
            let ours = head.is_dump
                && head.size == streamed.stored.bytes
                && head.etag.ends_with(&format!("-{}", parts.len()))
                && Some(head.etag.as_str()) != replaces;
            if ours {
                return Ok(head.etag);
            }
        }
        Err(match error.kind {
            StoreErrorKind::Precondition => DumpError::Exists {
                key: self.key.to_string(),
            },
            _ => error.into(),
        })
    }

    /// Takes the upload back. What fails here goes on costing until the next dump of that key; the failure before it is told.
    pub(super) async fn abort(mut self) {
        self.sending.shutdown().await;
        let Some(upload) = &self.upload else { return };
        let (store, key) = (&self.store, &self.key);
        if let Err(error) = retried(|| store.abort(key, upload)).await {
            tracing::warn!(%error, "An upload that failed could not be taken back; the next dump of the same key does it");
        }
    }
}
