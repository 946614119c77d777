use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use md5::{Digest, Md5};

use super::{Faults, StillClock};
use crate::ports::{
    Clock, Condition, GetObject, Listed, ListedVersion, Object, ObjectHead, ObjectPage,
    ObjectStore, PortError, PortErrorKind, PutObject, Stored, VersionCursor, VersionPage,
    Versioning,
};

/// Names of one page of a listing: few, so that paging is tried.
const PAGE: usize = 100;

#[derive(Clone, Debug)]
struct Kept {
    version: String,
    modified: Timestamp,
    /// None for a delete marker.
    body: Option<Bytes>,
    metadata: BTreeMap<String, String>,
    etag: String,
}

#[derive(Debug)]
struct Bucket {
    versioning: Versioning,
    counter: u64,
    /// Versions by name, oldest first.
    objects: BTreeMap<String, Vec<Kept>>,
}

/// A bucket in memory that keeps versions. Clones share it.
#[derive(Clone)]
pub struct MemoryStore {
    bucket: Arc<Mutex<Bucket>>,
    clock: StillClock,
    faults: Faults,
}

impl MemoryStore {
    /// An empty bucket that keeps versions.
    pub fn new(clock: StillClock) -> Self {
        Self {
            bucket: Arc::new(Mutex::new(Bucket {
                versioning: Versioning::Enabled,
                counter: 0,
                objects: BTreeMap::new(),
            })),
            clock,
            faults: Faults::none(),
        }
    }

    /// The same bucket as another process with its own faults sees it.
    #[must_use]
    pub fn with_faults(&self, faults: Faults) -> Self {
        Self {
            faults,
            ..self.clone()
        }
    }

    /// Switches versioning.
    pub fn set_versioning(&self, versioning: Versioning) {
        self.lock().versioning = versioning;
    }

    /// The names of all present objects.
    pub fn names(&self) -> Vec<String> {
        self.lock()
            .objects
            .iter()
            .filter(|(_, versions)| versions.last().is_some_and(|kept| kept.body.is_some()))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// The bytes of a present object.
    pub fn body(&self, name: &str) -> Option<Bytes> {
        self.lock().objects.get(name)?.last()?.body.clone()
    }

    /// Changes the bytes of the present version behind everybody's back.
    pub fn tamper(&self, name: &str, body: impl Into<Bytes>) {
        if let Some(kept) = self
            .lock()
            .objects
            .get_mut(name)
            .and_then(|versions| versions.last_mut())
        {
            kept.body = Some(body.into());
        }
    }

    /// Removes an object with all its versions behind everybody's back.
    pub fn vanish(&self, name: &str) {
        self.lock().objects.remove(name);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn whole_second(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    fn write(&self, name: &str, body: Option<Bytes>, metadata: BTreeMap<String, String>) -> Stored {
        let modified = self.whole_second();
        let mut bucket = self.lock();
        bucket.counter += 1;
        let versioned = bucket.versioning == Versioning::Enabled;
        let version = if versioned {
            format!("v{:012}", bucket.counter)
        } else {
            "null".to_owned()
        };
        let digest = Md5::digest(body.as_deref().unwrap_or_default());
        let etag = format!("\"{}\"", hex::encode(digest));
        let versions = bucket.objects.entry(name.to_owned()).or_default();
        if !versioned {
            versions.retain(|kept| kept.version != "null");
        }
        versions.push(Kept {
            version: version.clone(),
            modified,
            body,
            metadata,
            etag: etag.clone(),
        });
        Stored {
            etag,
            version: versioned.then_some(version),
        }
    }

    fn find(&self, operation: &str, name: &str, version: Option<&str>) -> Result<Kept, PortError> {
        let bucket = self.lock();
        let versions = bucket.objects.get(name);
        let kept = match version {
            Some(version) => versions.and_then(|v| v.iter().find(|kept| kept.version == version)),
            None => versions.and_then(|v| v.last()),
        };
        kept.filter(|kept| kept.body.is_some())
            .cloned()
            .ok_or_else(|| {
                PortError::new(PortErrorKind::NotFound, operation, name, "no such object")
            })
    }

    fn put_now(&self, request: &PutObject) -> Result<Stored, PortError> {
        let operation = "s3:PutObject";
        let present = self.find(operation, &request.name, None).ok();
        let holds = match &request.condition {
            Condition::Always => true,
            Condition::Absent => present.is_none(),
            Condition::Matches(etag) => present.is_some_and(|kept| kept.etag == *etag),
        };
        if !holds {
            return Err(PortError::new(
                PortErrorKind::PreconditionFailed,
                operation,
                &request.name,
                "the condition does not hold",
            ));
        }
        Ok(self.write(
            &request.name,
            Some(request.body.clone()),
            request.metadata.clone(),
        ))
    }
}

fn head(kept: &Kept) -> ObjectHead {
    ObjectHead {
        etag: kept.etag.clone(),
        version: Some(kept.version.clone()),
        modified: kept.modified,
        size: kept.body.as_ref().map_or(0, length),
        metadata: kept.metadata.clone(),
    }
}

fn length(body: &Bytes) -> u64 {
    u64::try_from(body.len()).unwrap_or(u64::MAX)
}

#[async_trait]
impl ObjectStore for MemoryStore {
    fn bucket(&self) -> &'static str {
        "memory"
    }

    async fn get(&self, request: &GetObject) -> Result<Object, PortError> {
        let operation = "s3:GetObject";
        let fate = self.faults.call(operation, &request.name)?;
        let answer = self
            .find(operation, &request.name, request.version.as_deref())
            .map(|kept| {
                let whole = kept.body.clone().unwrap_or_default();
                let body = match &request.range {
                    Some(range) => {
                        let at = |place: u64| {
                            usize::try_from(place)
                                .unwrap_or(usize::MAX)
                                .min(whole.len())
                        };
                        whole.slice(at(range.start)..at(range.end))
                    }
                    None => whole,
                };
                Object {
                    head: head(&kept),
                    body,
                }
            });
        self.faults.answer(fate, operation, &request.name, answer)
    }

    async fn head(&self, name: &str, version: Option<&str>) -> Result<ObjectHead, PortError> {
        let operation = "s3:HeadObject";
        let fate = self.faults.call(operation, name)?;
        let answer = self.find(operation, name, version).map(|kept| head(&kept));
        self.faults.answer(fate, operation, name, answer)
    }

    async fn put(&self, request: &PutObject) -> Result<Stored, PortError> {
        let operation = "s3:PutObject";
        let fate = self.faults.call(operation, &request.name)?;
        let answer = self.put_now(request);
        self.faults.answer(fate, operation, &request.name, answer)
    }

    async fn delete(&self, name: &str) -> Result<Option<String>, PortError> {
        let operation = "s3:DeleteObject";
        let fate = self.faults.call(operation, name)?;
        let versioning = self.lock().versioning;
        let answer = if versioning == Versioning::Off {
            self.lock().objects.remove(name);
            None
        } else {
            self.write(name, None, BTreeMap::new()).version
        };
        self.faults.answer(fate, operation, name, Ok(answer))
    }

    async fn list(&self, prefix: &str, after: Option<&str>) -> Result<ObjectPage, PortError> {
        let operation = "s3:ListObjectsV2";
        let fate = self.faults.call(operation, prefix)?;
        let mut page = ObjectPage::default();
        for (name, versions) in &self.lock().objects {
            let Some(kept) = versions.last().filter(|kept| kept.body.is_some()) else {
                continue;
            };
            if !name.starts_with(prefix) || after.is_some_and(|after| name.as_str() <= after) {
                continue;
            }
            if page.objects.len() == PAGE {
                page.next = page.objects.last().map(|last| last.name.clone());
                break;
            }
            let head = head(kept);
            page.objects.push(Listed {
                name: name.clone(),
                etag: head.etag,
                modified: head.modified,
                size: head.size,
            });
        }
        self.faults.answer(fate, operation, prefix, Ok(page))
    }

    async fn list_versions(
        &self,
        prefix: &str,
        after: Option<&VersionCursor>,
    ) -> Result<VersionPage, PortError> {
        let operation = "s3:ListObjectVersions";
        let fate = self.faults.call(operation, prefix)?;
        let mut page = VersionPage::default();
        let from = after.map_or(prefix, |after| &after.name).max(prefix);
        let bucket = self.lock();
        'names: for (name, versions) in bucket.objects.range(from.to_owned()..) {
            if !name.starts_with(prefix) {
                break;
            }
            let mut newest_first = versions.iter().rev().enumerate().peekable();
            if let Some(after) = after.filter(|after| after.name == *name) {
                let last = after.version.as_deref();
                for (_, kept) in newest_first.by_ref() {
                    if Some(kept.version.as_str()) == last {
                        break;
                    }
                }
            }
            for (place, kept) in newest_first {
                if page.versions.len() == PAGE {
                    page.next = page
                        .versions
                        .last()
                        .map(|last: &ListedVersion| VersionCursor {
                            name: last.name.clone(),
                            version: Some(last.version.clone()),
                        });
                    break 'names;
                }
                page.versions.push(ListedVersion {
                    name: name.clone(),
                    version: kept.version.clone(),
                    modified: kept.modified,
                    size: head(kept).size,
                    latest: place == 0,
                    deleted: kept.body.is_none(),
                });
            }
        }
        drop(bucket);
        self.faults.answer(fate, operation, prefix, Ok(page))
    }

    async fn copy(&self, from: &str, version: Option<&str>, to: &str) -> Result<Stored, PortError> {
        let operation = "s3:CopyObject";
        let fate = self.faults.call(operation, from)?;
        let answer = self
            .find(operation, from, version)
            .map(|kept| self.write(to, kept.body, kept.metadata));
        self.faults.answer(fate, operation, from, answer)
    }

    async fn versioning(&self) -> Result<Versioning, PortError> {
        let operation = "s3:GetBucketVersioning";
        let fate = self.faults.call(operation, self.bucket())?;
        let versioning = self.lock().versioning;
        self.faults
            .answer(fate, operation, self.bucket(), Ok(versioning))
    }
}
