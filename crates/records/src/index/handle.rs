use std::sync::Arc;

use tokio::sync::{Mutex, OnceCell};

use super::{BackupPaths, FORMAT, IndexDocument};
use crate::{
    error::RecordsError,
    key::KeySchema,
    objects::OddNames,
    ports::{Condition, GetObject, ObjectStore, PortErrorKind, PutObject},
};

/// How often a conditional write is tried against other writers before giving up.
const MAX_ATTEMPTS: u32 = 50;

/// The index of one backup, read and replaced by conditional writes.
#[derive(Clone)]
pub struct IndexHandle {
    store: Arc<dyn ObjectStore>,
    paths: BackupPaths,
    cached: Arc<Mutex<Option<Known>>>,
    odd: Arc<OnceCell<Arc<OddNames>>>,
}

#[derive(Clone)]
struct Known {
    document: IndexDocument,
    etag: String,
}

/// What an update does.
pub enum Updated<T> {
    /// The document changed and is to be written.
    Write(T),
    /// Nothing to write.
    Leave(T),
}

impl IndexHandle {
    /// The index of the backup at `paths`.
    pub fn new(store: Arc<dyn ObjectStore>, paths: BackupPaths) -> Self {
        Self {
            store,
            paths,
            cached: Arc::new(Mutex::new(None)),
            odd: Arc::default(),
        }
    }

    /// Names of objects that keys do not tell; found once.
    pub(crate) async fn odd_names(
        &self,
        schema: &KeySchema,
    ) -> Result<Arc<OddNames>, RecordsError> {
        let find = async || {
            let odd = OddNames::find(&self.store, &self.paths, schema).await?;
            Ok::<_, RecordsError>(Arc::new(odd))
        };
        self.odd.get_or_try_init(find).await.cloned()
    }

    /// Where the backup lies.
    pub fn paths(&self) -> &BackupPaths {
        &self.paths
    }

    /// The bucket.
    pub fn store(&self) -> &Arc<dyn ObjectStore> {
        &self.store
    }

    /// Reads the index anew; none when there is none.
    pub async fn find(&self) -> Result<Option<IndexDocument>, RecordsError> {
        let known = self.read().await?;
        let document = known.as_ref().map(|known| known.document.clone());
        *self.cached.lock().await = known;
        Ok(document)
    }

    /// Reads the index anew.
    pub async fn load(&self) -> Result<IndexDocument, RecordsError> {
        self.find().await?.ok_or_else(|| RecordsError::NoBackup {
            bucket: self.store.bucket().to_owned(),
            index: self.paths.index(),
        })
    }

    /// Creates the index unless there is one; answers the one that is there then.
    pub async fn create(&self, document: IndexDocument) -> Result<IndexDocument, RecordsError> {
        if let Some(found) = self.find().await? {
            return Ok(found);
        }
        match self.write(&document, Condition::Absent).await {
            Ok(etag) => {
                *self.cached.lock().await = Some(Known {
                    document: document.clone(),
                    etag,
                });
                Ok(document)
            }
            Err(RecordsError::Port(error)) if error.kind == PortErrorKind::PreconditionFailed => {
                self.load().await
            }
            Err(error) => Err(error),
        }
    }

    /// Changes the index. `change` may run several times, on ever newer documents, and must find
    /// its own effect already there: an answer may have been lost.
    pub async fn update<T, F>(&self, mut change: F) -> Result<T, RecordsError>
    where
        F: FnMut(&mut IndexDocument) -> Result<Updated<T>, RecordsError> + Send,
        T: Send,
    {
        let mut cached = self.cached.lock().await;
        for _ in 0..MAX_ATTEMPTS {
            let known = match cached.take() {
                Some(known) => known,
                None => self.read().await?.ok_or_else(|| RecordsError::NoBackup {
                    bucket: self.store.bucket().to_owned(),
                    index: self.paths.index(),
                })?,
            };
            let mut document = known.document.clone();
            let result = match change(&mut document) {
                Ok(Updated::Write(result)) => result,
                Ok(Updated::Leave(result)) => {
                    *cached = Some(known);
                    return Ok(result);
                }
                Err(error) => {
                    *cached = Some(known);
                    return Err(error);
                }
            };
            match self.write(&document, Condition::Matches(known.etag)).await {
                Ok(etag) => {
                    *cached = Some(Known { document, etag });
                    return Ok(result);
                }
                Err(RecordsError::Port(error))
                    if error.kind == PortErrorKind::PreconditionFailed => {}
                Err(error) => return Err(error),
            }
        }
        Err(RecordsError::Contended {
            index: self.paths.index(),
        })
    }

    async fn write(
        &self,
        document: &IndexDocument,
        condition: Condition,
    ) -> Result<String, RecordsError> {
        let body = serde_json::to_vec(document).map_err(|error| RecordsError::BadIndex {
            index: self.paths.index(),
            what: error.to_string(),
        })?;
        let mut put = PutObject::new(self.paths.index(), body).when(condition);
        put.content_type = Some("application/json");
        Ok(self.store.put(&put).await?.etag)
    }

    async fn read(&self) -> Result<Option<Known>, RecordsError> {
        let object = match self.store.get(&GetObject::new(self.paths.index())).await {
            Ok(object) => object,
            Err(error) if error.kind == PortErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let bad = |what: String| RecordsError::BadIndex {
            index: self.paths.index(),
            what,
        };
        let document: IndexDocument =
            serde_json::from_slice(&object.body).map_err(|error| bad(error.to_string()))?;
        if document.format != FORMAT || document.version != 1 {
            return Err(bad(format!(
                "it is {} version {}, which this release cannot read",
                document.format, document.version
            )));
        }
        Ok(Some(Known {
            document,
            etag: object.head.etag,
        }))
    }
}
