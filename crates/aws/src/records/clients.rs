use std::time::Duration;

use aws_config::{SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::region::Region as SdkRegion;
use tidemark_domain::Region;
use tidemark_services::ports::{CloudError, Target};

use super::{DynamoStream, DynamoTable, S3Store, caller::Caller};
use crate::{ClientFactory, dumps::S3Dumps, factory::Endpoints};

/// Until an attempt is given up: long enough for a data file of a snapshot.
const ATTEMPT: Duration = Duration::from_mins(3);
/// Until a call with all its attempts is given up.
const OPERATION: Duration = Duration::from_mins(10);

/// Attempts of one call by the SDK, where the settings allow as many.
const ATTEMPTS: u32 = 3;

/// Clients for the record-level backups of one account and Region.
#[derive(Clone, Debug)]
pub struct RecordsClients {
    s3: aws_sdk_s3::Client,
    dynamodb: aws_sdk_dynamodb::Client,
    streams: aws_sdk_dynamodbstreams::Client,
    caller: Caller,
}

impl RecordsClients {
    fn new(config: &SdkConfig, endpoints: Endpoints) -> Self {
        let region = config.region().map_or("us-east-1", |r| r.as_ref());
        let caller = Caller::new(endpoints, region);
        let timeouts = config
            .timeout_config()
            .map_or_else(TimeoutConfig::builder, TimeoutConfig::to_builder)
            .operation_attempt_timeout(ATTEMPT)
            .operation_timeout(OPERATION)
            .build();
        // The engine waits out longer troubles by itself. The adaptive mode of the other clients would
        // slow every call of a table down for minutes after one that was throttled.
        let most = config
            .retry_config()
            .map_or(ATTEMPTS, RetryConfig::max_attempts);
        let retries = RetryConfig::standard()
            .with_max_attempts(ATTEMPTS.min(most))
            .with_initial_backoff(Duration::from_millis(50))
            .with_max_backoff(Duration::from_secs(2));
        let config = config
            .to_builder()
            .timeout_config(timeouts)
            .retry_config(retries)
            .build();
        // An endpoint of one's own rarely has a name per bucket.
        let path_style =
            config.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
        let s3 = aws_sdk_s3::config::Builder::from(&config)
            .force_path_style(path_style)
            .build();
        Self {
            s3: aws_sdk_s3::Client::from_conf(s3),
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            streams: aws_sdk_dynamodbstreams::Client::new(&config),
            caller,
        }
    }

    /// A bucket.
    pub fn store(&self, bucket: impl Into<String>) -> S3Store {
        S3Store::new(self.s3.clone(), self.caller.clone(), bucket.into())
    }

    /// A bucket that dumps of commands go to.
    pub fn dumps(&self, bucket: impl Into<String>) -> S3Dumps {
        S3Dumps::new(self.s3.clone(), self.caller.clone(), bucket.into())
    }

    /// A table, which need not exist yet.
    pub fn table(&self, name: impl Into<String>) -> DynamoTable {
        DynamoTable::new(self.dynamodb.clone(), self.caller.clone(), name.into())
    }

    /// The stream with this ARN.
    pub fn stream(&self, arn: impl Into<String>) -> DynamoStream {
        DynamoStream::new(self.streams.clone(), self.caller.clone(), arn.into())
    }
}

impl ClientFactory {
    /// Clients with the process's own credentials, in the chain's Region or the one given.
    pub fn own_records(&self, region: Option<&Region>) -> RecordsClients {
        let config = match region {
            Some(region) => self
                .base()
                .to_builder()
                .region(SdkRegion::new(region.to_string()))
                .build(),
            None => self.base().clone(),
        };
        RecordsClients::new(&config, Endpoints::new(self.base().endpoint_url()))
    }

    /// Clients with the role of an account, in the target's Region.
    ///
    /// # Errors
    /// The role cannot be assumed.
    pub async fn records(&self, target: &Target) -> Result<RecordsClients, CloudError> {
        let access = self.open(target).await?;
        Ok(RecordsClients::new(
            access.clients.config(),
            access.endpoints.clone(),
        ))
    }
}
