use std::{sync::Arc, time::Duration};

use aws_config::identity::IdentityCache;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::region::Region as SdkRegion;
use tidemark_services::ports::{CloudError, Target, Trial};

use super::{AssumedRole, ClientFactory, Clients, RoleCredentials, RoleKey};
use crate::access::Access;

/// A trial takes a moment; STS gives nothing for less.
const SESSION: Duration = Duration::from_mins(15);

impl ClientFactory {
    /// Gets into a role by way of the target's: `AssumeRole` with the credentials that the target's role
    /// gives. Nothing of it is kept for later.
    pub(crate) async fn open_by_way_of(
        &self,
        target: &Target,
        trial: &Trial,
    ) -> Result<Access, CloudError> {
        let first = self.open(target).await?;
        let key = RoleKey {
            role: trial.role.clone(),
            external_id: None,
            session_name: target.session.session_name.clone(),
            source_identity: None,
            policy: Some(trial.policy.clone()),
        };
        let mut role = AssumedRole::new(
            aws_sdk_sts::Client::new(first.clients.config()),
            self.sts_endpoint(),
            key,
            &self.settings,
            Arc::clone(&self.clock),
        );
        role.session = SESSION;
        let role = Arc::new(role);
        role.fresh().await?;
        let config = self
            .base
            .to_builder()
            .region(SdkRegion::new(trial.region.to_string()))
            .identity_cache(IdentityCache::no_cache())
            .credentials_provider(SharedCredentialsProvider::new(RoleCredentials(Arc::clone(
                &role,
            ))))
            .build();
        let clients = Clients::new(
            config,
            trial.role.account(),
            self.base.endpoint_url().is_some(),
        );
        Ok(Access {
            region: trial.region.clone(),
            role,
            clients: Arc::new(clients),
            ..first
        })
    }
}
