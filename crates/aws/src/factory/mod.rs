//! How the console gets into accounts.

mod build;
mod by_way_of;
mod clients;
mod limits;
mod role;
mod settings;

use std::{fmt, sync::Arc};

use aws_config::{SdkConfig, identity::IdentityCache};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::region::Region as SdkRegion;
use jiff::Timestamp;
use moka::future::Cache;
use tidemark_domain::{Partition, Region};
use tidemark_records::ports::Clock as RecordsClock;
use tidemark_services::ports::{CloudError, Target};

pub(crate) use crate::endpoints::Endpoints;
pub use build::ClientFactoryBuilder;
pub(crate) use clients::Clients;
pub(crate) use limits::Limits;
pub(crate) use role::{AssumedRole, RoleCredentials, RoleKey};
pub use settings::Settings;

use crate::{
    access::Access,
    backup::{Documents, OlderCopies},
};

/// The present moment; given by the server, moved by tests.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Makes clients for the accounts: assumes their roles with external id, session name, source
/// identity and session policy; keeps credentials fresh, clients cached, and reads within the caps.
pub struct ClientFactory {
    base: SdkConfig,
    sts: aws_sdk_sts::Client,
    settings: Settings,
    clock: Clock,
    records_clock: Arc<dyn RecordsClock>,
    endpoints: Endpoints,
    limits: Arc<Limits>,
    roles: Cache<RoleKey, Arc<AssumedRole>>,
    clients: Cache<(RoleKey, Region), Arc<Clients>>,
    documents: Documents,
    older_copies: OlderCopies,
}

impl fmt::Debug for ClientFactory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientFactory")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl ClientFactory {
    /// A factory to configure; everything that is not set comes from the SDK's own chain.
    pub fn builder() -> ClientFactoryBuilder {
        ClientFactoryBuilder::default()
    }

    /// Gets into an account: credentials are there when it succeeds.
    pub(crate) async fn open(&self, target: &Target) -> Result<Access, CloudError> {
        self.open_as(target, RoleKey::of(target)).await
    }

    /// Assumes the target's role anew, whatever is held, and keeps nothing.
    pub(crate) async fn assume(&self, target: &Target) -> Result<(), CloudError> {
        self.bare_role(RoleKey::of(target)).fresh().await.map(drop)
    }

    /// Gets into the target's account and Region by another role or with other credentials.
    pub(crate) async fn open_as(
        &self,
        target: &Target,
        key: RoleKey,
    ) -> Result<Access, CloudError> {
        let role = self.role(&key).await;
        role.fresh().await?;
        let clients = self
            .clients
            .get_with((key, target.region.clone()), async {
                let config = self
                    .base
                    .to_builder()
                    .region(SdkRegion::new(target.region.to_string()))
                    .identity_cache(IdentityCache::no_cache())
                    .credentials_provider(SharedCredentialsProvider::new(RoleCredentials(
                        Arc::clone(&role),
                    )))
                    .build();
                Arc::new(Clients::new(
                    config,
                    target.connection.account.as_str(),
                    self.base.endpoint_url().is_some(),
                ))
            })
            .await;
        Ok(Access {
            account: target.connection.account.clone(),
            region: target.region.clone(),
            partition: Partition::of(&target.region).id(),
            role,
            clients,
            endpoints: self.endpoints.clone(),
            limits: Arc::clone(&self.limits),
            documents: self.documents.clone(),
            older_copies: self.older_copies.clone(),
            now: (self.clock)(),
        })
    }

    /// The role of a key: the same one for the same key, so that credentials are shared.
    async fn role(&self, key: &RoleKey) -> Arc<AssumedRole> {
        self.roles
            .get_with(key.clone(), async { Arc::new(self.bare_role(key.clone())) })
            .await
    }

    /// A role that shares its credentials with nobody, for trying.
    pub(crate) fn bare_role(&self, key: RoleKey) -> AssumedRole {
        AssumedRole::new(
            self.sts.clone(),
            self.sts_endpoint(),
            key,
            &self.settings,
            Arc::clone(&self.clock),
        )
    }

    /// The client with the console's own credentials.
    pub(crate) fn own(&self) -> &aws_sdk_sts::Client {
        &self.sts
    }

    /// The clock by which record-level backups wait.
    pub(crate) fn records_clock(&self) -> Arc<dyn RecordsClock> {
        Arc::clone(&self.records_clock)
    }

    pub(crate) fn base(&self) -> &SdkConfig {
        &self.base
    }

    /// Where `AssumeRole` goes, in words.
    pub(crate) fn sts_endpoint(&self) -> String {
        let region = self.base.region().map_or("us-east-1", |r| r.as_ref());
        self.endpoints.of("sts", region)
    }
}
