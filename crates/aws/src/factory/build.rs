use std::{sync::Arc, time::Duration};

use aws_config::{
    BehaviorVersion, Region as SdkRegion, environment::region::EnvironmentVariableRegionProvider,
    meta::region::RegionProviderChain, profile::region::ProfileFileRegionProvider,
    retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder as HttpClient,
    tls::{Provider, rustls_provider::CryptoMode},
};
use jiff::Timestamp;
use moka::future::Cache;
use tidemark_records::ports::Clock as RecordsClock;

use super::{ClientFactory, Clock, Endpoints, Limits, Settings};
use crate::{
    WallClock,
    backup::{Documents, OlderCopies},
};

/// How long unused credentials and clients are kept.
const IDLE: Duration = Duration::from_hours(2);

/// Builds a [`ClientFactory`].
#[derive(Default)]
pub struct ClientFactoryBuilder {
    settings: Settings,
    endpoint: Option<String>,
    own: Option<(String, String)>,
    clock: Option<Clock>,
    records_clock: Option<Arc<dyn RecordsClock>>,
}

impl std::fmt::Debug for ClientFactoryBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientFactoryBuilder")
            .field("settings", &self.settings)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl ClientFactoryBuilder {
    /// Deadlines, retries and caps.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The endpoint of every service, in place of the chain's (`AWS_ENDPOINT_URL`).
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// The console's own access key, in place of the chain's.
    #[must_use]
    pub fn own_credentials(mut self, key_id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.own = Some((key_id.into(), secret.into()));
        self
    }

    /// The clock by which credentials expire; the wall's by default.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The clock by which record-level backups wait before they try again, in place of real waiting.
    #[must_use]
    pub fn records_clock(mut self, clock: Arc<dyn RecordsClock>) -> Self {
        self.records_clock = Some(clock);
        self
    }

    /// Reads the chain and makes the factory. Nothing is called yet, so this does not fail.
    pub async fn build(self) -> ClientFactory {
        let settings = self.settings;
        // Every client names its own Region; this one is for AssumeRole. The instance metadata
        // service is not asked, since asking it takes seconds where there is none.
        let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
            .or_else(ProfileFileRegionProvider::new())
            .or_else(SdkRegion::new("us-east-1"));
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(settings.connect_timeout)
            .read_timeout(settings.read_timeout)
            .operation_attempt_timeout(settings.attempt_timeout)
            .operation_timeout(settings.operation_timeout)
            .build();
        let retries = if settings.slow_down {
            RetryConfig::adaptive()
        } else {
            RetryConfig::standard()
        };
        let retries = retries
            .with_max_attempts(settings.max_attempts)
            .with_initial_backoff(Duration::from_millis(200))
            .with_max_backoff(Duration::from_secs(5));
        // One client for all, so that connections and the TLS roots are shared.
        let http = HttpClient::new()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .build_https();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(region)
            .timeout_config(timeouts)
            .retry_config(retries)
            .http_client(http);
        if let Some(endpoint) = &self.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        if let Some((id, secret)) = self.own {
            let own = Credentials::new(id, secret, None, None, "tidemark");
            loader = loader.credentials_provider(SharedCredentialsProvider::new(own));
        }
        let base = loader.load().await;
        let clock: Clock = self.clock.unwrap_or_else(|| Arc::new(Timestamp::now));
        ClientFactory {
            records_clock: self
                .records_clock
                .unwrap_or_else(|| Arc::new(WallClock::new(Arc::clone(&clock)))),
            sts: aws_sdk_sts::Client::new(&base),
            endpoints: Endpoints::new(base.endpoint_url()),
            limits: Arc::new(Limits::new(
                settings.reads_per_account,
                settings.reads_overall,
            )),
            roles: Cache::builder()
                .max_capacity(10_000)
                .time_to_idle(IDLE)
                .build(),
            clients: Cache::builder()
                .max_capacity(10_000)
                .time_to_idle(IDLE)
                .build(),
            documents: Documents::new(),
            older_copies: OlderCopies::new(),
            clock,
            settings,
            base,
        }
    }
}
