use std::time::Duration;

use aws_config::{BehaviorVersion, retry::RetryConfig, timeout::TimeoutConfig};
use aws_smithy_http_client::{
    Builder as HttpClient,
    tls::{Provider, rustls_provider::CryptoMode},
};

use super::{S3Store, caller::Caller};
use crate::endpoints::Endpoints;

/// Until an attempt is given up.
const ATTEMPT: Duration = Duration::from_secs(20);
/// Until a call with all its attempts is given up.
const OPERATION: Duration = Duration::from_mins(1);
/// Attempts of one call by the SDK; the engine waits out longer troubles by itself.
const ATTEMPTS: u32 = 3;

/// A bucket with the process's own credentials, Region and endpoint, as the SDK's chain finds them:
/// in a Lambda function, those of its role.
pub async fn own_bucket(bucket: impl Into<String>) -> S3Store {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build();
    let retries = RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(Duration::from_millis(50))
        .with_max_backoff(Duration::from_secs(2));
    let http = HttpClient::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .build_https();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .retry_config(retries)
        .http_client(http)
        .load()
        .await;
    let region = config.region().map_or("us-east-1", |r| r.as_ref());
    let caller = Caller::new(Endpoints::new(config.endpoint_url()), region);
    // An endpoint of one's own rarely has a name per bucket.
    let path_style =
        config.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
    let s3 = aws_sdk_s3::config::Builder::from(&config)
        .force_path_style(path_style)
        .build();
    S3Store::new(aws_sdk_s3::Client::from_conf(s3), caller, bucket.into())
}
