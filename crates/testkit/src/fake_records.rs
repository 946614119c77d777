use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::fake_cloud::too_large;
use async_trait::async_trait;
use tidemark_domain::Region;
use tidemark_records::{
    key::{KeyAttribute, KeySchema, KeyType},
    ports::{ChangeStream, ObjectStore, SourceTable, StreamView, Versioning},
    testing::{MemoryStore, MemoryStream, MemoryTable, StillClock},
};
use tidemark_services::ports::{
    BucketFacts, CloudError, CloudErrorKind, RecordsAccess, RecordsCloud, Target,
};

/// Tables with records, buckets and streams in memory, by name alone. Clones share them.
#[derive(Clone)]
pub struct FakeRecordsCloud {
    state: Arc<Mutex<State>>,
    clock: StillClock,
}

#[derive(Default)]
struct State {
    tables: BTreeMap<String, MemoryTable>,
    buckets: BTreeMap<String, (BucketFacts, MemoryStore)>,
    foreign: Vec<String>,
    denied: Vec<String>,
    calls: Vec<String>,
}

impl fmt::Debug for FakeRecordsCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeRecordsCloud")
            .field("buckets", &self.lock().buckets.keys())
            .finish_non_exhaustive()
    }
}

impl Default for FakeRecordsCloud {
    fn default() -> Self {
        Self::new(StillClock::default())
    }
}

impl FakeRecordsCloud {
    /// Nothing, with this clock.
    pub fn new(clock: StillClock) -> Self {
        Self {
            state: Arc::default(),
            clock,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The clock by which records are written.
    pub fn clock(&self) -> &StillClock {
        &self.clock
    }

    /// Adds an empty table whose key is the text `id`, without a stream.
    pub fn add_table(&self, name: &str) -> MemoryTable {
        let table = MemoryTable::new(name, schema(), self.clock.clone());
        self.lock().tables.insert(name.to_owned(), table.clone());
        table
    }

    /// A table that is not there yet, for a test to see what becomes of it.
    pub fn missing_table(&self, name: &str) -> MemoryTable {
        let nowhere = MemoryStore::new(self.clock.clone());
        let table = MemoryTable::missing(name, schema(), self.clock.clone(), nowhere);
        self.lock().tables.insert(name.to_owned(), table.clone());
        table
    }

    /// Adds a bucket as S3 makes one: encrypted, without versions.
    pub fn add_bucket(&self, name: &str, region: &Region) -> MemoryStore {
        let store = MemoryStore::new(self.clock.clone());
        store.set_versioning(Versioning::Off);
        let facts = BucketFacts {
            region: region.clone(),
            versioning: Versioning::Off,
            lock_days: None,
            encryption: Some("AES256".to_owned()),
            blocks_public_access: false,
            policy: None,
        };
        self.lock()
            .buckets
            .insert(name.to_owned(), (facts, store.clone()));
        store
    }

    /// What is known of a bucket now.
    pub fn facts(&self, bucket: &str) -> Option<BucketFacts> {
        self.lock()
            .buckets
            .get(bucket)
            .map(|(facts, _)| facts.clone())
    }

    /// Changes what is known of a bucket behind everybody's back.
    pub fn change_bucket(&self, bucket: &str, change: impl FnOnce(&mut BucketFacts)) {
        if let Some((facts, _)) = self.lock().buckets.get_mut(bucket) {
            change(facts);
        }
    }

    /// Says that a bucket belongs to somebody else.
    pub fn belongs_to_another(&self, bucket: &str) {
        self.lock().foreign.push(bucket.to_owned());
    }

    /// Refuses an operation, such as `s3:PutBucketPolicy`, from now on.
    pub fn deny(&self, operation: &str) {
        self.lock().denied.push(operation.to_owned());
    }

    /// Everything that was changed, in order, such as `s3:CreateBucket records`.
    pub fn changes(&self) -> Vec<String> {
        self.lock().calls.clone()
    }

    fn change(
        &self,
        operation: &str,
        bucket: &str,
        change: impl FnOnce(&mut BucketFacts, &MemoryStore),
    ) -> Result<(), CloudError> {
        self.may(operation)?;
        let mut state = self.lock();
        state.calls.push(format!("{operation} {bucket}"));
        match state.buckets.get_mut(bucket) {
            Some((facts, store)) => {
                change(facts, store);
                Ok(())
            }
            None => Err(CloudError::local(
                CloudErrorKind::NotFound,
                operation,
                "The specified bucket does not exist",
            )),
        }
    }

    fn may(&self, operation: &str) -> Result<(), CloudError> {
        if self.lock().denied.iter().any(|denied| denied == operation) {
            return Err(denied(operation));
        }
        Ok(())
    }

    fn table(&self, name: &str) -> MemoryTable {
        let found = self.lock().tables.get(name).cloned();
        found.unwrap_or_else(|| {
            let nowhere = MemoryStore::new(self.clock.clone());
            MemoryTable::missing(name, schema(), self.clock.clone(), nowhere)
        })
    }
}

fn denied(operation: &str) -> CloudError {
    CloudError::local(
        CloudErrorKind::Denied,
        operation,
        format!("not authorized to perform: {operation}"),
    )
}

fn schema() -> KeySchema {
    KeySchema {
        partition: KeyAttribute::new("id", KeyType::S),
        sort: None,
    }
}

#[async_trait]
impl RecordsCloud for FakeRecordsCloud {
    async fn open(
        &self,
        target: &Target,
        table: &str,
        bucket: &str,
    ) -> Result<RecordsAccess, CloudError> {
        self.may("sts:AssumeRole")?;
        if let Some(error) = too_large(target) {
            return Err(error);
        }
        let store = self.lock().buckets.get(bucket).map(|(_, s)| s.clone());
        let store = store.unwrap_or_else(|| MemoryStore::new(self.clock.clone()));
        let (of_tables, of_streams) = (self.clone(), self.table(table));
        Ok(RecordsAccess::new(
            Arc::new(store) as Arc<dyn ObjectStore>,
            table,
            Arc::new(move |name: &str| Arc::new(of_tables.table(name)) as Arc<dyn SourceTable>),
            Arc::new(move |_: &str| {
                Arc::new(MemoryStream::new(of_streams.clone())) as Arc<dyn ChangeStream>
            }),
            Arc::new(self.clock.clone()),
        ))
    }

    async fn bucket(
        &self,
        _target: &Target,
        bucket: &str,
    ) -> Result<Option<BucketFacts>, CloudError> {
        if self.lock().foreign.iter().any(|name| name == bucket) {
            return Err(denied("s3:GetBucketLocation"));
        }
        Ok(self.facts(bucket))
    }

    async fn create_bucket(
        &self,
        target: &Target,
        bucket: &str,
        _lock: bool,
    ) -> Result<(), CloudError> {
        self.may("s3:CreateBucket")?;
        if self.facts(bucket).is_none() {
            self.add_bucket(bucket, &target.region);
        }
        self.lock().calls.push(format!("s3:CreateBucket {bucket}"));
        Ok(())
    }

    async fn put_lock(&self, _target: &Target, bucket: &str, days: u32) -> Result<(), CloudError> {
        self.change(
            "s3:PutBucketObjectLockConfiguration",
            bucket,
            |facts, store| {
                facts.lock_days = Some(days);
                facts.versioning = Versioning::Enabled;
                store.set_versioning(Versioning::Enabled);
            },
        )
    }

    async fn put_versioning(&self, _target: &Target, bucket: &str) -> Result<(), CloudError> {
        self.change("s3:PutBucketVersioning", bucket, |facts, store| {
            facts.versioning = Versioning::Enabled;
            store.set_versioning(Versioning::Enabled);
        })
    }

    async fn put_encryption(&self, _target: &Target, bucket: &str) -> Result<(), CloudError> {
        self.change("s3:PutEncryptionConfiguration", bucket, |facts, _| {
            facts.encryption = Some("AES256".to_owned());
        })
    }

    async fn block_public_access(&self, _target: &Target, bucket: &str) -> Result<(), CloudError> {
        self.change("s3:PutBucketPublicAccessBlock", bucket, |facts, _| {
            facts.blocks_public_access = true;
        })
    }

    async fn put_policy(
        &self,
        _target: &Target,
        bucket: &str,
        policy: &str,
    ) -> Result<(), CloudError> {
        self.change("s3:PutBucketPolicy", bucket, |facts, _| {
            facts.policy = Some(policy.to_owned());
        })
    }

    async fn put_stream(&self, _target: &Target, table: &str, on: bool) -> Result<(), CloudError> {
        self.may("dynamodb:UpdateTable")?;
        self.lock()
            .calls
            .push(format!("dynamodb:UpdateTable {table} stream {on}"));
        let table = self.table(table);
        if on {
            table.enable_stream(StreamView::NewAndOldImages);
        } else {
            table.disable_stream();
        }
        Ok(())
    }
}
