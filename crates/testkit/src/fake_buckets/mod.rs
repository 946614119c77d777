//! Buckets in memory, by name alone.

mod objects;
mod port;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tidemark_domain::{
    Region,
    buckets::{BucketSettings, Known, LifecycleRule, PublicAccess, Versioning},
};
use tidemark_dumps::testing::MemoryDumps;
use tidemark_services::ports::{CloudError, CloudErrorKind};

pub use self::objects::FakeObject;
use crate::TestClock;

/// A bucket of the fake.
#[derive(Clone, Debug)]
pub struct FakeBucket {
    /// How it is set up.
    pub settings: BucketSettings,
    /// What lies in it, by key.
    pub objects: BTreeMap<String, FakeObject>,
}

/// Buckets in memory. Clones share them.
#[derive(Clone, Default)]
pub struct FakeBuckets {
    state: Arc<Mutex<State>>,
    clock: TestClock,
}

#[derive(Default)]
struct State {
    buckets: BTreeMap<String, FakeBucket>,
    dumps: BTreeMap<String, MemoryDumps>,
    denied: Vec<String>,
    changes: Vec<String>,
    /// Copies that S3 still takes before it wants fewer; then so many it does not take.
    slow: Option<(u64, u64)>,
}

impl fmt::Debug for FakeBuckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeBuckets")
            .field("buckets", &self.lock().buckets.keys())
            .finish_non_exhaustive()
    }
}

impl FakeBuckets {
    /// The dumps in a bucket.
    pub fn dumps_of(&self, bucket: &str) -> MemoryDumps {
        let mut state = self.lock();
        state.dumps.entry(bucket.to_owned()).or_default().clone()
    }

    /// None, with this clock.
    pub fn new(clock: TestClock) -> Self {
        Self {
            state: Arc::default(),
            clock,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a bucket as S3 made them before 2023: without versions, open to public access, without rules.
    pub fn add(&self, name: &str, region: &Region) {
        let settings = BucketSettings {
            region: region.clone(),
            versioning: Known::Is(Versioning::Off),
            lock: Known::Is(None),
            encryption: Known::Is(None),
            public_access: Known::Is(PublicAccess::default()),
            replication: Known::Is(Vec::new()),
            lifecycle: Known::Is(Vec::new()),
        };
        self.lock().buckets.insert(
            name.to_owned(),
            FakeBucket {
                settings,
                objects: BTreeMap::new(),
            },
        );
    }

    /// Changes a bucket behind everybody's back.
    pub fn change(&self, name: &str, change: impl FnOnce(&mut FakeBucket)) {
        if let Some(bucket) = self.lock().buckets.get_mut(name) {
            change(bucket);
        }
    }

    /// Sets a bucket's lifecycle rules.
    pub fn set_rules(&self, name: &str, rules: Vec<LifecycleRule>) {
        self.change(name, |bucket| {
            bucket.settings.lifecycle = Known::Is(rules);
        });
    }

    /// How a bucket is set up now.
    pub fn settings_of(&self, name: &str) -> Option<BucketSettings> {
        let state = self.lock();
        state.buckets.get(name).map(|found| found.settings.clone())
    }

    /// Refuses an operation, such as `s3:PutBucketVersioning`, from now on.
    pub fn deny(&self, operation: &str) {
        self.lock().denied.push(operation.to_owned());
    }

    /// Everything that was changed, in order, such as `s3:PutBucketVersioning backups`.
    pub fn changes(&self) -> Vec<String> {
        self.lock().changes.clone()
    }

    fn may(&self, operation: &str) -> Result<(), CloudError> {
        if self.lock().denied.iter().any(|denied| denied == operation) {
            return Err(CloudError::local(
                CloudErrorKind::Denied,
                operation,
                format!("not authorized to perform: {operation}"),
            ));
        }
        Ok(())
    }

    fn changing<T>(
        &self,
        operation: &str,
        bucket: &str,
        change: impl FnOnce(&mut FakeBucket) -> Result<T, CloudError>,
    ) -> Result<T, CloudError> {
        self.may(operation)?;
        let mut state = self.lock();
        let found = state
            .buckets
            .get_mut(bucket)
            .ok_or_else(|| no_such_bucket(operation))?;
        let changed = change(found)?;
        state.changes.push(format!("{operation} {bucket}"));
        Ok(changed)
    }
}

fn no_such_bucket(operation: &str) -> CloudError {
    let mut error = CloudError::local(
        CloudErrorKind::NotFound,
        operation,
        "The specified bucket does not exist",
    );
    error.code = Some("NoSuchBucket".to_owned());
    error
}
