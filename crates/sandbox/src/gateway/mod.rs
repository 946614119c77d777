//! One loopback endpoint for every simulated service: signature scope, faults, permission,
//! dispatch, record.

mod dispatch;
mod parse;
mod permission;
mod refusal;
mod scope;

pub(crate) use refusal::{Refusal, refuse};
pub(crate) use scope::{Scope, scope_of};

use std::{collections::HashMap, sync::Arc};

use awsim_core::{AccountRegionStore, RequestContext, RouteDefinition, ServiceHandler};
use awsim_kms::state::KmsState;
use awsim_s3::state::S3State;
use jiff::SignedDuration;
use tidemark_sandbox_backup::{BackupEngine, SimClock};

use crate::{
    calls::CallLog, contents::Contents, faults::Faults, identity::Identity,
    services::cloudformation::Stacks,
};

/// A service that the gateway can reach.
pub(crate) struct Service {
    pub(crate) handler: Arc<dyn ServiceHandler>,
    pub(crate) routes: Vec<RouteDefinition>,
}

/// Everything a request passes through.
pub(crate) struct Gateway {
    services: HashMap<String, Service>,
    pub(crate) identity: Identity,
    pub(crate) calls: Arc<CallLog>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) clock: SimClock,
    pub(crate) contents: Contents,
    pub(crate) backup: BackupEngine,
    pub(crate) buckets: AccountRegionStore<S3State>,
    pub(crate) keys: AccountRegionStore<KmsState>,
    pub(crate) stacks: Stacks,
    authority: String,
}

impl Gateway {
    #[expect(
        clippy::too_many_arguments,
        reason = "what every request passes through"
    )]
    pub(crate) fn new(
        handlers: Vec<Arc<dyn ServiceHandler>>,
        identity: Identity,
        clock: SimClock,
        contents: Contents,
        backup: BackupEngine,
        buckets: AccountRegionStore<S3State>,
        keys: AccountRegionStore<KmsState>,
        stacks: Stacks,
        authority: String,
    ) -> Self {
        let services = handlers
            .into_iter()
            .map(|handler| {
                let routes = handler.routes();
                (
                    handler.signing_name().to_owned(),
                    Service { handler, routes },
                )
            })
            .collect();
        Self {
            services,
            identity,
            calls: Arc::default(),
            faults: Arc::default(),
            clock,
            contents,
            backup,
            buckets,
            keys,
            stacks,
            authority,
        }
    }

    pub(crate) fn service(&self, signing_name: &str) -> Option<&Service> {
        self.services.get(signing_name)
    }

    pub(crate) fn services(&self) -> impl Iterator<Item = &Service> {
        self.services.values()
    }

    /// Moves the clock forward; services have caught up with it when this returns.
    pub(crate) async fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
        let (engine, now) = (self.backup.clone(), self.clock.now());
        // The engine's own driver may be at it too; both bring about the same history.
        if let Err(error) = tokio::task::spawn_blocking(move || engine.tick(now)).await {
            tracing::warn!(%error, "The backup engine could not catch up with the clock.");
        }
        for service in self.services() {
            service.handler.tick().await;
        }
    }

    /// The context with which a handler is called.
    pub(crate) fn context(&self, account: &str, region: &str, service: &str) -> RequestContext {
        let mut ctx = RequestContext::new(service, region);
        account.clone_into(&mut ctx.account_id);
        ctx.endpoint_authority = Some(self.authority.clone());
        ctx
    }
}
