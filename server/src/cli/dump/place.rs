use std::{sync::Arc, time::Duration};

use clap::Args;
use tidemark_aws::{ClientFactory, Settings};
use tidemark_domain::{Region, buckets::BucketPlace};
use tidemark_dumps::{DumpError, DumpStore};
use tidemark_services::dumps::{self, DumpUse};

use crate::cli::{CliError, Console, Global};

/// Which bucket, and by which credentials.
#[derive(Clone, Debug, Args)]
pub(super) struct Place {
    /// Bucket of the dumps
    #[arg(long)]
    bucket: String,
    /// Registered account whose role is used; without it, the AWS SDK's own credentials
    #[arg(long, requires = "region")]
    account: Option<String>,
    /// Region of the bucket; without an account, the AWS SDK's own by default
    #[arg(long)]
    region: Option<String>,
}

/// A bucket that was opened.
pub(super) struct Opened {
    pub(super) store: Arc<dyn DumpStore>,
    console: Option<(Console, BucketPlace, DumpUse)>,
}

impl Place {
    pub(super) async fn open(&self, global: &Global, purpose: DumpUse) -> Result<Opened, CliError> {
        if let (Some(account), Some(region)) = (&self.account, &self.region) {
            let place = BucketPlace::parse(account, region, &self.bucket)?;
            let console = global.console().await?;
            let store = dumps::open(console.services(), &console.caller, &place, &purpose).await?;
            return Ok(Opened {
                store,
                console: Some((console, place, purpose)),
            });
        }
        let region = self.region.as_deref().map(Region::parse).transpose()?;
        let settings = Settings {
            read_timeout: Duration::from_mins(1),
            ..Settings::default()
        };
        let factory = ClientFactory::builder().settings(settings).build().await;
        let clients = factory.own_records(region.as_ref());
        Ok(Opened {
            store: Arc::new(clients.dumps(&self.bucket)),
            console: None,
        })
    }

    /// What an object is called on the command line of others.
    pub(super) fn uri(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }
}

impl Opened {
    /// Puts a failure into the audit log, where there is one, and gives it on.
    pub(super) async fn noted(&self, error: DumpError) -> CliError {
        if let Some((console, place, purpose)) = &self.console {
            let (services, caller) = (console.services(), &console.caller);
            let noted = dumps::failed(services, caller, place, purpose, error.to_string()).await;
            if let Err(error) = noted {
                tracing::warn!(%error, "The failure could not be written into the audit log");
            }
        }
        error.into()
    }
}
