//! Drives a sandbox in this process with the AWS SDK for Rust, as the console does.
#![expect(clippy::unwrap_used, reason = "tests")]

mod faults;
mod point_in_time;
mod sessions;
mod shutdown;
mod storage;

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_credential_types::Credentials;
use tidemark_sandbox::{RunningSandbox, Sandbox, SandboxConfig};

/// Account of the console.
const TOOLING: &str = "111111111111";
/// Account that the console works in.
const ORDERS: &str = "222222222222";

async fn sandbox() -> RunningSandbox {
    Sandbox::start(SandboxConfig::default()).await.unwrap()
}

/// SDK configuration with an account's root credentials.
async fn root(sandbox: &RunningSandbox, account: &str) -> SdkConfig {
    with(
        sandbox,
        Credentials::new(account, "any", None, None, "sandbox"),
    )
    .await
}

async fn with(sandbox: &RunningSandbox, credentials: Credentials) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(sandbox.endpoint_url())
        .region(Region::new("eu-west-1"))
        .credentials_provider(credentials)
        .retry_config(RetryConfig::disabled())
        .load()
        .await
}
