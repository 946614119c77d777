use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_records::ports::{
    Condition, GetObject, Object, ObjectHead, ObjectPage, ObjectStore, PortError, PortErrorKind,
    PutObject, Stored, VersionCursor, VersionPage, Versioning,
};

/// A bucket whose objects are files, so that they are in no one's memory. It keeps entity tags for
/// conditional writes and knows no versions; enough for segments.
pub(crate) struct FolderStore {
    folder: PathBuf,
    etags: Mutex<BTreeMap<String, String>>,
    counter: AtomicU64,
}

impl FolderStore {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            etags: Mutex::default(),
            counter: AtomicU64::new(0),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name.replace('/', "+"))
    }

    fn etag(&self, name: &str) -> Option<String> {
        let etags = self.etags.lock().unwrap_or_else(PoisonError::into_inner);
        etags.get(name).cloned()
    }
}

fn fail(kind: PortErrorKind, name: &str, what: &dyn std::fmt::Display) -> PortError {
    PortError::new(kind, "folder", name, what.to_string())
}

#[async_trait]
impl ObjectStore for FolderStore {
    fn bucket(&self) -> &'static str {
        "folder"
    }

    async fn get(&self, request: &GetObject) -> Result<Object, PortError> {
        let name = &request.name;
        let etag = self
            .etag(name)
            .ok_or_else(|| fail(PortErrorKind::NotFound, name, &"no such object"))?;
        let body = fs::read(self.file(name))
            .map_err(|error| fail(PortErrorKind::Unexpected, name, &error))?;
        Ok(Object {
            head: ObjectHead {
                etag,
                version: None,
                modified: Timestamp::UNIX_EPOCH,
                size: u64::try_from(body.len()).unwrap_or(u64::MAX),
                metadata: BTreeMap::new(),
            },
            body: body.into(),
        })
    }

    async fn head(&self, name: &str, _version: Option<&str>) -> Result<ObjectHead, PortError> {
        Ok(self.get(&GetObject::new(name)).await?.head)
    }

    async fn put(&self, request: &PutObject) -> Result<Stored, PortError> {
        let name = &request.name;
        let present = self.etag(name);
        let holds = match &request.condition {
            Condition::Always => true,
            Condition::Absent => present.is_none(),
            Condition::Matches(etag) => present.as_ref() == Some(etag),
        };
        if !holds {
            return Err(fail(PortErrorKind::PreconditionFailed, name, &"condition"));
        }
        fs::write(self.file(name), &request.body)
            .map_err(|error| fail(PortErrorKind::Unexpected, name, &error))?;
        let etag = format!("\"{}\"", self.counter.fetch_add(1, Ordering::Relaxed));
        self.etags
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.clone(), etag.clone());
        Ok(Stored {
            etag,
            version: None,
        })
    }

    async fn delete(&self, name: &str) -> Result<Option<String>, PortError> {
        self.etags
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name);
        fs::remove_file(self.file(name))
            .map_err(|error| fail(PortErrorKind::Unexpected, name, &error))?;
        Ok(None)
    }

    async fn list(&self, prefix: &str, _after: Option<&str>) -> Result<ObjectPage, PortError> {
        Err(fail(PortErrorKind::Invalid, prefix, &"it lists nothing"))
    }

    async fn list_versions(
        &self,
        prefix: &str,
        _after: Option<&VersionCursor>,
    ) -> Result<VersionPage, PortError> {
        Err(fail(PortErrorKind::Invalid, prefix, &"it lists nothing"))
    }

    async fn copy(
        &self,
        from: &str,
        _version: Option<&str>,
        _to: &str,
    ) -> Result<Stored, PortError> {
        Err(fail(PortErrorKind::Invalid, from, &"it copies nothing"))
    }

    async fn versioning(&self) -> Result<Versioning, PortError> {
        Ok(Versioning::Enabled)
    }
}
