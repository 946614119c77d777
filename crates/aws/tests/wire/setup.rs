//! Factories and targets for worlds on the wire.

use std::time::Duration;

use tidemark_aws::{AwsCloud, ClientFactory, ClientFactoryBuilder, Settings};
use tidemark_domain::{AccountConnection, AccountId, ExternalId, Region, RoleArn, SessionName};
use tidemark_services::ports::{SessionIdentity, Target};

/// The console's own account in every world.
pub(crate) const CONSOLE: &str = "000000000042";
pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const ROLE: &str = "TidemarkAccess";

/// An account id that no other test uses, so that tests share an emulator without a reset.
pub(crate) fn fresh_account() -> String {
    format!("7{:011}", uuid::Uuid::new_v4().as_u128() % 100_000_000_000)
}

/// The way into an account by its role and external id.
pub(crate) fn target(account: &str) -> anyhow::Result<Target> {
    Ok(Target {
        connection: AccountConnection {
            account: AccountId::parse(account)?,
            role: RoleArn::parse(format!("arn:aws:iam::{account}:role/{ROLE}"))?,
            external_id: ExternalId::parse(format!("secret-{account}"))?,
        },
        region: Region::parse(REGION)?,
        session: SessionIdentity {
            session_name: SessionName::from_text("contract"),
            source_identity: None,
            policy: None,
        },
    })
}

/// Deadlines short enough for a test and long enough for an emulator on a busy machine.
pub(crate) fn settings() -> Settings {
    Settings {
        read_timeout: Duration::from_secs(20),
        attempt_timeout: Duration::from_secs(20),
        operation_timeout: Duration::from_secs(40),
        ..Settings::default()
    }
}

/// A factory for an endpoint, with the console's account as its own.
pub(crate) fn factory(endpoint: &str) -> ClientFactoryBuilder {
    ClientFactory::builder()
        .endpoint(endpoint)
        .own_credentials(CONSOLE, "test")
        .settings(settings())
}

/// The port over an endpoint.
pub(crate) async fn cloud(endpoint: &str) -> AwsCloud {
    AwsCloud::new(factory(endpoint).build().await)
}
