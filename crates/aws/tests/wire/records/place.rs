//! A table with a stream, a bucket with versions, and processes that work on them.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::Context as _;
use aws_config::SdkConfig;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    StreamSpecification, StreamViewType,
};
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration,
    VersioningConfiguration,
};
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::{SignedDuration, Timestamp};
use tidemark_aws::{RecordsClients, WallClock};
use tidemark_records::{
    RecordsError,
    capture::{
        Applier, Backfill, BackfillOptions, BackfillProgress, Streamer, StreamerOptions, Tick,
        prepare,
    },
    checkpoints::BucketCheckpoints,
    index::{BackupPaths, IndexHandle, LayoutKind},
    key::{KeySchema, RecordKey},
    ports::{Clock, ObjectStore, SourceTable, TableWrite},
    retry::{Backoff, RetryingStore, RetryingTable},
    scan::{ScanOptions, scan_all},
    states::{Backup, KeyRange},
    wire::Item,
};
use tidemark_sandbox::{RunningSandbox, SandboxConfig};

use crate::{
    estate,
    setup::{self, REGION},
    world,
};

/// A world with one table and one bucket of an account of its own.
pub(crate) struct Place {
    pub(crate) clients: RecordsClients,
    pub(crate) root: SdkConfig,
    pub(crate) bucket: String,
    pub(crate) table: String,
    sandbox: Option<RunningSandbox>,
}

pub(crate) type Records = BTreeMap<String, Item>;

pub(crate) fn item(text: &str) -> anyhow::Result<Item> {
    Ok(Item::parse(text.to_owned())?)
}

impl Place {
    /// An empty sandbox.
    pub(crate) async fn sandbox() -> anyhow::Result<Self> {
        let sandbox = world::sandbox().await;
        let endpoint = sandbox.endpoint_url().to_owned();
        Self::at(&endpoint, &setup::fresh_account(), Some(sandbox)).await
    }

    /// The emulator that the environment names; none, and it is said, where it names none.
    pub(crate) async fn ministack() -> anyhow::Result<Option<Self>> {
        let Ok(endpoint) = std::env::var("TIDEMARK_TEST_MINISTACK_URL") else {
            eprintln!("SKIPPED on ministack: TIDEMARK_TEST_MINISTACK_URL is not set");
            return Ok(None);
        };
        let place = Self::at(&endpoint, &setup::fresh_account(), None).await?;
        Ok(Some(place))
    }

    async fn at(
        endpoint: &str,
        account: &str,
        sandbox: Option<RunningSandbox>,
    ) -> anyhow::Result<Self> {
        let name = uuid::Uuid::new_v4().simple().to_string();
        let place = Self::bare(endpoint, account, &format!("backups-{name}"), sandbox).await;
        place.make_bucket().await?;
        place.make_table().await?;
        Ok(place)
    }

    async fn bare(
        endpoint: &str,
        account: &str,
        bucket: &str,
        sandbox: Option<RunningSandbox>,
    ) -> Self {
        let factory = tidemark_aws::ClientFactory::builder()
            .endpoint(endpoint)
            .own_credentials(account, "test")
            .settings(setup::settings())
            .build()
            .await;
        let region = tidemark_domain::Region::parse(REGION).ok();
        Self {
            clients: factory.own_records(region.as_ref()),
            root: estate::root(endpoint, account, REGION).await,
            bucket: bucket.to_owned(),
            table: "orders".to_owned(),
            sandbox,
        }
    }

    /// The demo estate, as the account that has the bucket of the older tool's backup.
    pub(crate) async fn demo(account: &str, bucket: &str) -> anyhow::Result<Self> {
        let sandbox = tidemark_sandbox::Sandbox::start(SandboxConfig {
            estate: tidemark_sandbox::Estate::Demo { seed: 7 },
            ..SandboxConfig::default()
        })
        .await?;
        let endpoint = sandbox.endpoint_url().to_owned();
        Ok(Self::bare(&endpoint, account, bucket, Some(sandbox)).await)
    }

    async fn make_bucket(&self) -> anyhow::Result<()> {
        let config = aws_sdk_s3::config::Builder::from(&self.root)
            .force_path_style(true)
            .build();
        let s3 = aws_sdk_s3::Client::from_conf(config);
        s3.create_bucket()
            .bucket(&self.bucket)
            .create_bucket_configuration(
                CreateBucketConfiguration::builder()
                    .location_constraint(BucketLocationConstraint::from(REGION))
                    .build(),
            )
            .send()
            .await?;
        s3.put_bucket_versioning()
            .bucket(&self.bucket)
            .versioning_configuration(
                VersioningConfiguration::builder()
                    .status(BucketVersioningStatus::Enabled)
                    .build(),
            )
            .send()
            .await?;
        Ok(())
    }

    async fn make_table(&self) -> anyhow::Result<()> {
        let attribute = |name: &str, kind: ScalarAttributeType| {
            AttributeDefinition::builder()
                .attribute_name(name)
                .attribute_type(kind)
                .build()
        };
        let key = |name: &str, kind: KeyType| {
            KeySchemaElement::builder()
                .attribute_name(name)
                .key_type(kind)
                .build()
        };
        aws_sdk_dynamodb::Client::new(&self.root)
            .create_table()
            .table_name(&self.table)
            .attribute_definitions(attribute("tenant", ScalarAttributeType::S)?)
            .attribute_definitions(attribute("number", ScalarAttributeType::N)?)
            .key_schema(key("tenant", KeyType::Hash)?)
            .key_schema(key("number", KeyType::Range)?)
            .billing_mode(BillingMode::PayPerRequest)
            .stream_specification(
                StreamSpecification::builder()
                    .stream_enabled(true)
                    .stream_view_type(StreamViewType::NewAndOldImages)
                    .build()?,
            )
            .send()
            .await?;
        Ok(())
    }

    /// The sandbox, whose clock and faults tests move.
    pub(crate) fn world(&self) -> anyhow::Result<&RunningSandbox> {
        self.sandbox.as_ref().context("no sandbox")
    }

    /// The world's clock: the sandbox's, whose streams tell its time.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        match &self.sandbox {
            Some(sandbox) => {
                let clock = sandbox.clock();
                Arc::new(WallClock::new(Arc::new(move || clock.now())))
            }
            None => Arc::new(WallClock::new(Arc::new(Timestamp::now))),
        }
    }

    pub(crate) fn advance(&self, seconds: i64) -> anyhow::Result<()> {
        self.world()?
            .clock()
            .advance(SignedDuration::from_secs(seconds));
        Ok(())
    }

    pub(crate) fn backoff(&self) -> Backoff {
        Backoff::new(self.clock())
    }

    pub(crate) fn store(&self) -> Arc<dyn ObjectStore> {
        Arc::new(RetryingStore::new(
            Arc::new(self.clients.store(&self.bucket)),
            self.backoff(),
        ))
    }

    pub(crate) fn source(&self, name: &str) -> Arc<dyn SourceTable> {
        Arc::new(RetryingTable::new(
            Arc::new(self.clients.table(name)),
            self.backoff(),
        ))
    }

    pub(crate) fn index(&self) -> IndexHandle {
        IndexHandle::new(self.store(), BackupPaths::new("backups", &self.table))
    }

    pub(crate) async fn schema(&self) -> anyhow::Result<KeySchema> {
        Ok(self.source(&self.table).describe().await?.key_schema)
    }

    pub(crate) async fn prepare(&self, layout: LayoutKind) -> Result<(), RecordsError> {
        let table = self.source(&self.table);
        prepare(&self.index(), table.as_ref(), layout, self.clock().now()).await?;
        Ok(())
    }

    pub(crate) async fn backfill(&self, id: &str) -> Result<BackfillProgress, RecordsError> {
        let applier = Applier::open(self.index()).await?;
        let options = BackfillOptions {
            page: Some(50),
            flush_records: 100,
            ..BackfillOptions::default()
        };
        Backfill::new(self.source(&self.table), self.clock(), applier, options, id)
            .run()
            .await
    }

    pub(crate) async fn streamer(&self, worker: &str) -> anyhow::Result<Streamer> {
        let index = self.index();
        let stream = self.source(&self.table).describe().await?.stream;
        let stream = stream.context("the table has no stream")?;
        let mut options = StreamerOptions::new(worker);
        options.flush_after = Duration::from_millis(200);
        options.discover_every = Duration::from_millis(500);
        options.page = 100;
        Ok(Streamer::new(
            Arc::new(self.clients.stream(stream.arn)),
            Arc::new(BucketCheckpoints::new(self.store(), index.paths().clone())),
            self.clock(),
            Applier::open(index).await?,
            options,
        ))
    }

    /// Follows the stream until nothing more comes.
    pub(crate) async fn drain(&self, worker: &str) -> anyhow::Result<()> {
        let mut streamer = self.streamer(worker).await?;
        let mut quiet = 0;
        while quiet < 3 {
            let tick = streamer.tick().await?;
            quiet = if tick.read == 0 { quiet + 1 } else { 0 };
        }
        streamer.flush(&mut Tick::default()).await?;
        streamer.release().await?;
        Ok(())
    }

    /// Writes records as anyone would.
    pub(crate) async fn write(&self, writes: Vec<TableWrite>) -> anyhow::Result<()> {
        let table = self.source(&self.table);
        let batches: Vec<Vec<TableWrite>> = writes.chunks(25).map(<[_]>::to_vec).collect();
        futures::stream::iter(batches)
            .map(|mut batch| {
                let table = table.clone();
                async move {
                    while !batch.is_empty() {
                        batch = table.batch_write(&batch).await?.unprocessed;
                    }
                    Ok::<_, anyhow::Error>(())
                }
            })
            .buffer_unordered(4)
            .try_collect::<Vec<()>>()
            .await?;
        Ok(())
    }

    pub(crate) async fn put(&self, items: &[Item]) -> anyhow::Result<()> {
        let puts = items
            .iter()
            .map(|item| TableWrite::Put(item.bytes().clone()));
        self.write(puts.collect()).await
    }

    /// What a table holds now, by key.
    pub(crate) async fn live(&self, table: &str) -> anyhow::Result<Records> {
        let source = self.source(table);
        let schema = source.describe().await?.key_schema;
        let mut pages = scan_all(&source, &self.clock(), &ScanOptions::default());
        let mut records = Records::new();
        while let Some(page) = pages.next().await {
            for text in page?.items {
                let item = Item::parse(text)?;
                records.insert(RecordKey::of_item(&schema, &item)?.to_string(), item);
            }
        }
        Ok(records)
    }

    /// What the backup holds as of a moment, by key.
    pub(crate) async fn restored(&self, at: Timestamp) -> anyhow::Result<Records> {
        let backup = Backup::open(self.index()).await?;
        states(&backup, at).await
    }
}

pub(crate) async fn states(backup: &Backup, at: Timestamp) -> anyhow::Result<Records> {
    let page = backup.states(&[at], KeyRange::all()).await?.all().await?;
    anyhow::ensure!(page.troubles.is_empty(), "{:?}", page.troubles);
    Ok(page
        .records
        .iter()
        .filter_map(|record| Some((record.key.to_string(), record.item(0)?.clone())))
        .collect())
}

/// A record of the table; every type, and numbers that floating point would damage.
pub(crate) fn order(number: u64, value: &str) -> anyhow::Result<Item> {
    item(&format!(
        r#"{{"bin":{{"B":"AP8Q"}},"big":{{"N":"{}"}},"doc":{{"M":{{"l":{{"L":[{{"NULL":true}},{{"BOOL":false}},{{"S":""}}]}}}}}},"number":{{"N":"{number}"}},"set":{{"NS":["1","9007199254740993"]}},"tenant":{{"S":"t-{}"}},"v":{{"S":{}}}}}"#,
        90_071_992_547_409_930_000_u128 + u128::from(number),
        number % 7,
        serde_json::Value::from(value),
    ))
}

/// The key of a record.
pub(crate) fn order_key(number: u64) -> String {
    format!(
        r#"{{"tenant":{{"S":"t-{}"}},"number":{{"N":"{number}"}}}}"#,
        number % 7
    )
}
