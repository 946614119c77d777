use std::collections::BTreeMap;

use tidemark_domain::buckets::{ListedObject, Listing};
use tidemark_services::ports::{
    CloudError, CloudErrorKind, ListAsk, ObjectCopied, ObjectCopy, ObjectHead,
};

use super::{FakeBuckets, no_such_bucket};

/// An object of the fake. Its size need not be that of its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FakeObject {
    /// What S3 says of it.
    pub head: ObjectHead,
    /// Its content.
    pub content: Vec<u8>,
    /// Its storage class; empty for the standard one.
    pub class: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// How often something was written under its key.
    pub written: u64,
}

impl FakeBuckets {
    /// Puts an object, as its own program does.
    pub fn put(&self, bucket: &str, key: &str, mut object: FakeObject) {
        object.head.modified = Some(self.clock.now());
        self.change(bucket, |found| {
            let before = found.objects.get(key).map_or(0, |before| before.written);
            object.written = before + 1;
            found.objects.insert(key.to_owned(), object);
        });
    }

    /// Puts a text, with a digest that follows from it.
    pub fn put_text(&self, bucket: &str, key: &str, text: &str) {
        let head = ObjectHead {
            size: u64::try_from(text.len()).unwrap_or(u64::MAX),
            etag: format!("digest of {text}"),
            ..ObjectHead::default()
        };
        let object = FakeObject {
            head,
            content: text.as_bytes().to_vec(),
            ..FakeObject::default()
        };
        self.put(bucket, key, object);
    }

    /// An object as it is now.
    pub fn object(&self, bucket: &str, key: &str) -> Option<FakeObject> {
        let state = self.lock();
        state.buckets.get(bucket)?.objects.get(key).cloned()
    }

    /// Every key of a bucket, with how often it was written.
    pub fn written(&self, bucket: &str) -> BTreeMap<String, u64> {
        let state = self.lock();
        let objects = state.buckets.get(bucket).map(|found| &found.objects);
        objects
            .into_iter()
            .flatten()
            .map(|(key, object)| (key.clone(), object.written))
            .collect()
    }

    /// After so many more copies S3 wants fewer requests, and does not take so many.
    pub fn slow_down(&self, after: u64, refused: u64) {
        self.lock().slow = Some((after, refused));
    }

    pub(super) fn listed(&self, ask: &ListAsk) -> Result<Listing, CloudError> {
        self.may("s3:ListObjectsV2")?;
        let state = self.lock();
        let found = state
            .buckets
            .get(&ask.bucket)
            .ok_or_else(|| no_such_bucket("s3:ListObjectsV2"))?;
        let after = ask.token.as_ref().or(ask.start_after.as_ref());
        let mut listing = Listing::default();
        let mut last: Option<String> = None;
        for (key, object) in &found.objects {
            let Some(rest) = key.strip_prefix(ask.prefix.as_str()) else {
                continue;
            };
            let folder = rest
                .find('/')
                .filter(|_| ask.folders)
                .map(|end| format!("{}{}", ask.prefix, &rest[..=end]));
            let name = folder.as_ref().unwrap_or(key);
            if after.is_some_and(|after| name <= after) || listing.folders.last() == Some(name) {
                continue;
            }
            if listing.folders.len() + listing.objects.len() == usize::from(ask.limit) {
                listing.next = last;
                break;
            }
            last = Some(name.clone());
            match folder {
                Some(folder) => listing.folders.push(folder),
                None => listing.objects.push(ListedObject {
                    key: key.clone(),
                    size: object.head.size,
                    etag: object.head.etag.clone(),
                    modified: object.head.modified.unwrap_or_default(),
                    class: object.class.clone(),
                    version: None,
                }),
            }
        }
        Ok(listing)
    }

    pub(super) fn copied(&self, copy: &ObjectCopy) -> Result<ObjectCopied, CloudError> {
        const OPERATION: &str = "s3:CopyObject";
        self.may(OPERATION)?;
        if self.is_slow() {
            return Err(failure(OPERATION, CloudErrorKind::Throttled, "SlowDown"));
        }
        let source = self
            .object(&copy.from.0, &copy.from.1)
            .ok_or_else(|| no_such_key(OPERATION, &copy.from.1))?;
        let there = self.object(&copy.to.0, &copy.to.1);
        let there = there.as_ref().map(|there| there.head.etag.as_str());
        if source.head.etag != copy.etag || there != copy.replaces.as_deref() {
            return Err(failure(
                OPERATION,
                CloudErrorKind::Invalid,
                "PreconditionFailed",
            ));
        }
        let mut object = source;
        object.head.lock = copy.lock.clone();
        object.class.clone_from(&copy.class);
        // Under a key of KMS, each object has another.
        if object.head.kms {
            object.head.etag = format!("{} of {}", object.head.etag, copy.to.1);
        }
        let etag = object.head.etag.clone();
        self.put(&copy.to.0, &copy.to.1, object);
        Ok(ObjectCopied { etag })
    }

    fn is_slow(&self) -> bool {
        match &mut self.lock().slow {
            Some((after, _)) if *after > 0 => {
                *after -= 1;
                false
            }
            Some((_, refused)) if *refused > 0 => {
                *refused -= 1;
                true
            }
            _ => false,
        }
    }
}

fn failure(operation: &str, kind: CloudErrorKind, code: &str) -> CloudError {
    let mut error = CloudError::local(kind, operation, code);
    error.code = Some(code.to_owned());
    error
}

pub(super) fn no_such_key(operation: &str, key: &str) -> CloudError {
    let message = format!("The specified key does not exist: {key}");
    let mut error = CloudError::local(CloudErrorKind::NotFound, operation, message);
    error.code = Some("NoSuchKey".to_owned());
    error
}
