//! DynamoDB with what the stock service lacks: a journal of changes, and on it point-in-time
//! restore, backups that cost nothing to take, and streams that keep their day of records.

mod backups;
mod continuous_backups;
mod create_backup;
mod delete_backup;
mod delete_table;
mod describe_backup;
mod describe_table;
mod errors;
mod journal;
mod list_backups;
mod registry;
mod restore;
mod restore_from_backup;
mod restore_to_point_in_time;
mod size;
mod streams;
mod table_definition;
mod table_key;
mod time_to_live;

pub(crate) use journal::Position;
pub(crate) use restore::Overrides;
pub(crate) use table_key::TableKey;

use std::sync::{Arc, atomic::AtomicI64};

use awsim_core::{AwsError, IamCheck, Protocol, RequestContext, ServiceHandler};
use awsim_dynamodb::DynamoDbService;
use jiff::{SignedDuration, Timestamp};
use journal::Journal;
use registry::Registry;
use serde_json::Value;
use tidemark_sandbox_backup::SimClock;

use crate::error::SandboxError;

/// Operations that may change items or tables, before which the journal must know the time.
const WRITES: [&str; 13] = [
    "BatchExecuteStatement",
    "BatchWriteItem",
    "CreateTable",
    "DeleteItem",
    "DeleteTable",
    "ExecuteStatement",
    "ExecuteTransaction",
    "ImportTable",
    "PutItem",
    "TransactWriteItems",
    "TruncateTable",
    "UpdateItem",
    "UpdateTable",
];

/// Our DynamoDB around the stock one.
pub(crate) struct Dynamo {
    stock: DynamoDbService,
    journal: Arc<Journal>,
    registry: Registry,
    clock: SimClock,
    restorable_lag: SignedDuration,
    /// Unix second of the last sweep for expired items.
    swept: AtomicI64,
    /// Holds the store; removed when the service goes.
    _folder: tempfile::TempDir,
}

impl Dynamo {
    pub(crate) fn new(
        clock: SimClock,
        restorable_lag: SignedDuration,
    ) -> Result<Self, SandboxError> {
        let store = |error: &dyn std::fmt::Display| SandboxError::Store(error.to_string());
        let folder = tempfile::Builder::new()
            .prefix("tidemark-sandbox-")
            .tempdir()
            .map_err(|error| store(&error))?;
        let stock = DynamoDbService::with_data_dir(folder.path());
        let journal = Journal::open(&folder.path().join("dynamodb.db"), clock.clone())
            .map_err(|error| store(&error))?;
        Ok(Self {
            stock,
            journal: Arc::new(journal),
            registry: Registry::default(),
            clock,
            restorable_lag,
            swept: AtomicI64::new(0),
            _folder: folder,
        })
    }

    /// Where `ImportTable` reads its objects.
    pub(crate) fn read_imports_from(&self, reader: awsim_s3::S3ServiceReader) {
        self.stock.set_s3_reader(Arc::new(reader));
    }

    /// Runs something that may wait for the store off the runtime's own threads.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Journal) -> Result<T, AwsError> + Send + 'static,
    ) -> Result<T, AwsError> {
        let journal = Arc::clone(&self.journal);
        tokio::task::spawn_blocking(move || work(&journal))
            .await
            .map_err(|error| AwsError::internal(format!("The table store failed: {error}")))?
    }
}

/// Seconds since the epoch, as DynamoDB's protocol tells time.
fn seconds(time: Timestamp) -> f64 {
    time.as_duration().as_secs_f64()
}

#[async_trait::async_trait]
impl ServiceHandler for Dynamo {
    fn service_name(&self) -> &'static str {
        "dynamodb"
    }

    fn protocol(&self) -> Protocol {
        Protocol::AwsJson1_0
    }

    fn iam_checks_with_context(
        &self,
        operation: &str,
        input: &Value,
        ctx: &RequestContext,
    ) -> Vec<IamCheck> {
        self.stock.iam_checks_with_context(operation, input, ctx)
    }

    async fn handle(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        if WRITES.contains(&operation) {
            self.journal.follow_clock()?;
        }
        match operation {
            "CreateTable" | "UpdateTable" => self.change_table(operation, input, ctx).await,
            "ImportTable" => {
                table_definition::check(&input["TableCreationParameters"])?;
                self.stock.handle(operation, input, ctx).await
            }
            "DescribeTable" => self.describe_table(input, ctx).await,
            "DeleteTable" => self.delete_table(input, ctx).await,
            "UpdateTimeToLive" => self.update_time_to_live(input, ctx).await,
            "DescribeContinuousBackups" => self.describe_continuous_backups(&input, ctx).await,
            "UpdateContinuousBackups" => self.update_continuous_backups(&input, ctx).await,
            "CreateBackup" => self.create_backup(&input, ctx).await,
            "DescribeBackup" => self.describe_backup(&input, ctx),
            "DeleteBackup" => self.delete_backup(&input, ctx),
            "ListBackups" => self.list_backups(&input, ctx),
            "RestoreTableFromBackup" => self.restore_table_from_backup(&input, ctx).await,
            "RestoreTableToPointInTime" => self.restore_table_to_point_in_time(&input, ctx).await,
            "ListStreams" => Ok(self.list_streams(&input, ctx)),
            "DescribeStream" => self.describe_stream(&input),
            "GetShardIterator" => self.get_shard_iterator(&input),
            "GetRecords" => self.get_records(&input).await,
            _ => self.stock.handle(operation, input, ctx).await,
        }
    }

    async fn tick(&self) {
        self.expire_items().await;
    }
}
