use std::{sync::Arc, time::Duration};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use tidemark_aws::{ClientFactory, DynamoTable, RecordsClients, Settings, WallClock};
use tidemark_domain::Region;
use tidemark_records::{
    RecordsError,
    index::{BackupPaths, IndexHandle, LayoutKind},
    ports::{Clock, ObjectStore, PortErrorKind, SourceTable, TableDescription},
    retry::{Backoff, RetryingStore, RetryingTable},
};

use crate::cli::CliError;

/// Where a backup lies.
#[derive(Clone, Debug, Args)]
pub(super) struct Place {
    /// Bucket of the backup
    #[arg(long)]
    bucket: String,
    /// What stands before the table's name in the bucket
    #[arg(long, default_value = "")]
    prefix: String,
    /// Name of the table that is backed up
    #[arg(long)]
    table: String,
    /// Region of table and bucket; the AWS SDK's own chain by default
    #[arg(long)]
    region: Option<String>,
}

/// How changes are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Layout {
    /// Batches of changes, sorted and compressed
    Segments,
    /// One object per record, as dynamodb-replicator writes them
    Objects,
}

impl From<Layout> for LayoutKind {
    fn from(layout: Layout) -> Self {
        match layout {
            Layout::Segments => Self::Segments,
            Layout::Objects => Self::Objects,
        }
    }
}

/// A place with its clients.
pub(super) struct Opened {
    pub(super) clients: RecordsClients,
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) index: IndexHandle,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) table_name: String,
    pub(super) prefix: String,
}

impl Place {
    pub(super) async fn open(&self) -> Result<Opened, CliError> {
        let region = self.region.as_deref().map(Region::parse).transpose()?;
        let settings = Settings {
            read_timeout: Duration::from_mins(1),
            ..Settings::default()
        };
        let factory = ClientFactory::builder().settings(settings).build().await;
        let clients = factory.own_records(region.as_ref());
        let clock: Arc<dyn Clock> = Arc::new(WallClock::new(Arc::new(Timestamp::now)));
        let store: Arc<dyn ObjectStore> = Arc::new(RetryingStore::new(
            Arc::new(clients.store(&self.bucket)),
            Backoff::new(clock.clone()),
        ));
        let paths = BackupPaths::new(&self.prefix, &self.table);
        Ok(Opened {
            index: IndexHandle::new(store.clone(), paths),
            clients,
            store,
            clock,
            table_name: self.table.clone(),
            prefix: self.prefix.clone(),
        })
    }

    /// The arguments that name the place, for sentences that tell how to go on.
    pub(super) fn words(&self) -> String {
        let mut words = format!("--bucket {} --table {}", self.bucket, self.table);
        if !self.prefix.is_empty() {
            words.push_str(" --prefix ");
            words.push_str(&self.prefix);
        }
        words
    }
}

impl Opened {
    /// A table with retries.
    pub(super) fn table(&self, name: &str) -> Arc<dyn SourceTable> {
        Arc::new(RetryingTable::new(
            Arc::new(self.clients.table(name)),
            self.backoff(),
        ))
    }

    /// A table as the adapter has it.
    pub(super) fn bare_table(&self, name: &str) -> DynamoTable {
        self.clients.table(name)
    }

    /// The table that is backed up.
    pub(super) fn source(&self) -> Arc<dyn SourceTable> {
        self.table(&self.table_name)
    }

    pub(super) fn backoff(&self) -> Backoff {
        Backoff::new(self.clock.clone())
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The layout that was asked for, or that the backup has, or segments.
    pub(super) async fn layout(&self, asked: Option<Layout>) -> Result<LayoutKind, CliError> {
        if let Some(layout) = asked {
            return Ok(layout.into());
        }
        let found = self.index.find().await?;
        Ok(found.map_or(LayoutKind::Segments, |document| document.layout))
    }

    /// A table's description; none where there is no such table.
    pub(super) async fn describe(&self, name: &str) -> Result<Option<TableDescription>, CliError> {
        match self.table(name).describe().await {
            Ok(description) => Ok(Some(description)),
            Err(error) if error.kind == PortErrorKind::NotFound => Ok(None),
            Err(error) => Err(RecordsError::from(error).into()),
        }
    }
}
