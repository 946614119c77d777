//! A bucket in memory, with faults.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt as _, stream};

use crate::{DumpStore, Head, Keys, Pieces, StoreError, StoreErrorKind, Upload};

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It has no effect, and fails in a way that may pass.
    Dropped,
    /// It has its effect, and fails in a way that may pass.
    LostAnswer,
    /// It is denied.
    Denied,
    /// The content breaks off after so many bytes.
    BreaksOff(usize),
}

/// An object in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryObject {
    /// Its content.
    pub body: Vec<u8>,
    /// Its `ETag`.
    pub etag: String,
    /// Whether it is marked as a dump.
    pub is_dump: bool,
}

#[derive(Debug, Default)]
struct State {
    objects: BTreeMap<String, MemoryObject>,
    uploads: BTreeMap<String, (String, BTreeMap<i32, Bytes>)>,
    faults: VecDeque<(&'static str, Fault)>,
    made: u64,
}

/// A bucket in memory. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryDumps {
    state: Arc<Mutex<State>>,
}

impl MemoryDumps {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the next call of this operation, such as `UploadPart`, go wrong.
    pub fn fail(&self, operation: &'static str, fault: Fault) {
        self.lock().faults.push_back((operation, fault));
    }

    /// The objects by key.
    pub fn objects(&self) -> BTreeMap<String, MemoryObject> {
        self.lock().objects.clone()
    }

    /// Uploads that were begun and not finished, by id: the key, and how many parts are there.
    pub fn open_uploads(&self) -> BTreeMap<String, (String, usize)> {
        let state = self.lock();
        let uploads = state.uploads.iter();
        uploads
            .map(|(id, (key, parts))| (id.clone(), (key.clone(), parts.len())))
            .collect()
    }

    /// Changes an object behind everyone's back: its `ETag` stays.
    pub fn alter(&self, key: &str, change: impl FnOnce(&mut Vec<u8>)) {
        if let Some(object) = self.lock().objects.get_mut(key) {
            change(&mut object.body);
        }
    }

    /// Stores an object that is no dump.
    pub fn store(&self, key: &str, body: &[u8]) {
        let mut state = self.lock();
        let object = state.object(body.to_vec(), false);
        state.objects.insert(key.to_owned(), object);
    }

    /// Does something under the faults that are waiting.
    fn call<T>(
        &self,
        operation: &'static str,
        key: &str,
        act: impl FnOnce(&mut State) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut state = self.lock();
        match state.fault(operation) {
            Some(Fault::Dropped) => Err(error(StoreErrorKind::Passing, operation, key)),
            Some(Fault::Denied) => Err(error(StoreErrorKind::Denied, operation, key)),
            Some(Fault::LostAnswer) => {
                act(&mut state)?;
                Err(error(StoreErrorKind::Passing, operation, key))
            }
            Some(Fault::BreaksOff(_)) | None => act(&mut state),
        }
    }
}

impl State {
    fn fault(&mut self, operation: &str) -> Option<Fault> {
        let at = self.faults.iter().position(|(of, _)| *of == operation)?;
        self.faults.remove(at).map(|(_, fault)| fault)
    }

    fn object(&mut self, body: Vec<u8>, is_dump: bool) -> MemoryObject {
        self.made += 1;
        MemoryObject {
            body,
            etag: format!("etag{}", self.made),
            is_dump,
        }
    }
}

fn error(kind: StoreErrorKind, operation: &str, key: &str) -> StoreError {
    StoreError {
        kind,
        operation: format!("s3:{operation}"),
        subject: key.to_owned(),
        code: None,
        message: format!("{kind:?}"),
        request_id: None,
    }
}

#[async_trait]
impl DumpStore for MemoryDumps {
    async fn uploads(&self, prefix: &str) -> Result<Vec<Upload>, StoreError> {
        self.call("ListMultipartUploads", prefix, |state| {
            let uploads = state.uploads.iter();
            Ok(uploads
                .filter(|(_, (key, _))| key.starts_with(prefix))
                .map(|(id, (key, _))| Upload {
                    key: key.clone(),
                    id: id.clone(),
                    begun: None,
                })
                .collect())
        })
    }

    async fn begin(&self, key: &str) -> Result<String, StoreError> {
        self.call("CreateMultipartUpload", key, |state| {
            state.made += 1;
            let id = format!("upload{}", state.made);
            state
                .uploads
                .insert(id.clone(), (key.to_owned(), BTreeMap::new()));
            Ok(id)
        })
    }

    async fn part(
        &self,
        key: &str,
        upload: &str,
        number: i32,
        body: Bytes,
    ) -> Result<String, StoreError> {
        self.call("UploadPart", key, |state| {
            let (_, parts) = state
                .uploads
                .get_mut(upload)
                .ok_or_else(|| error(StoreErrorKind::NotFound, "UploadPart", key))?;
            parts.insert(number, body);
            Ok(format!("part{number}"))
        })
    }

    async fn complete(
        &self,
        key: &str,
        upload: &str,
        parts: &[(i32, String)],
        replaces: Option<&str>,
    ) -> Result<String, StoreError> {
        let operation = "CompleteMultipartUpload";
        self.call(operation, key, |state| {
            let there = state.objects.get(key).map(|object| object.etag.as_str());
            if there != replaces {
                return Err(error(StoreErrorKind::Precondition, operation, key));
            }
            let (_, sent) = state
                .uploads
                .remove(upload)
                .ok_or_else(|| error(StoreErrorKind::NotFound, operation, key))?;
            let mut body = Vec::new();
            for (number, etag) in parts {
                let part = sent
                    .get(number)
                    .filter(|_| *etag == format!("part{number}"))
                    .ok_or_else(|| error(StoreErrorKind::Other, operation, key))?;
                body.extend_from_slice(part);
            }
            let mut object = state.object(body, true);
            object.etag = format!("{}-{}", object.etag, parts.len());
            let etag = object.etag.clone();
            state.objects.insert(key.to_owned(), object);
            Ok(etag)
        })
    }

    async fn abort(&self, key: &str, upload: &str) -> Result<(), StoreError> {
        self.call("AbortMultipartUpload", key, |state| {
            state.uploads.remove(upload);
            Ok(())
        })
    }

    async fn head(&self, key: &str) -> Result<Option<Head>, StoreError> {
        self.call("HeadObject", key, |state| {
            Ok(state.objects.get(key).map(|object| Head {
                size: object.body.len() as u64,
                etag: object.etag.clone(),
                is_dump: object.is_dump,
            }))
        })
    }

    async fn put_new(&self, key: &str, body: Vec<u8>) -> Result<(), StoreError> {
        self.call("PutObject", key, |state| {
            if state.objects.contains_key(key) {
                return Err(error(StoreErrorKind::Precondition, "PutObject", key));
            }
            let object = state.object(body, false);
            state.objects.insert(key.to_owned(), object);
            Ok(())
        })
    }

    async fn get_small(&self, key: &str, _most: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.call("GetObject", key, |state| {
            Ok(state.objects.get(key).map(|object| object.body.clone()))
        })
    }

    async fn get(&self, key: &str, etag: &str, from: u64) -> Result<Pieces, StoreError> {
        let operation = "GetObject (content)";
        let mut breaks_off = None;
        {
            let mut state = self.lock();
            let at = state
                .faults
                .iter()
                .position(|(of, fault)| *of == operation && matches!(fault, Fault::BreaksOff(_)));
            if let Some((_, Fault::BreaksOff(after))) = at.and_then(|at| state.faults.remove(at)) {
                breaks_off = Some(after);
            }
        }
        let body = self.call(operation, key, |state| {
            let object = state
                .objects
                .get(key)
                .ok_or_else(|| error(StoreErrorKind::NotFound, operation, key))?;
            if object.etag != etag {
                return Err(error(StoreErrorKind::Precondition, operation, key));
            }
            let from = usize::try_from(from).unwrap_or(usize::MAX);
            Ok(object.body.get(from..).unwrap_or_default().to_vec())
        })?;
        let whole = body.len();
        let given = breaks_off.unwrap_or(whole).min(whole);
        let mut pieces: Vec<Result<Bytes, StoreError>> = body[..given]
            .chunks(64 << 10)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        if breaks_off.is_some() {
            pieces.push(Err(error(StoreErrorKind::Passing, operation, key)));
        }
        Ok(stream::iter(pieces).boxed())
    }

    async fn keys(&self, prefix: &str, page: Option<&str>) -> Result<Keys, StoreError> {
        self.call("ListObjectsV2", prefix, |state| {
            let keys: Vec<String> = state
                .objects
                .keys()
                .filter(|key| {
                    key.starts_with(prefix) && page.is_none_or(|page| key.as_str() > page)
                })
                .take(2)
                .cloned()
                .collect();
            Ok(Keys {
                next: (keys.len() == 2).then(|| keys[1].clone()),
                keys,
            })
        })
    }
}
