//! The runs that change a vault. Making and deleting one is a kind of its own, since more people may do that.

mod create;
mod delete;
mod lock;
mod policy;
mod unlock;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidemark_domain::{
    Scope, Vault,
    runs::StepError,
    vaults::{VaultChange, VaultRequest},
};
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, parse_params};

use super::session::session_policy;
use crate::{
    ports::{AccountStore, Target, VaultCloud},
    runs::{Refresh, run_target, step_error},
    sync::SyncQueue,
};

/// The name in the run store of the kind that makes and deletes vaults.
pub const CHANGE_VAULT_KIND: &str = "change-vault";
/// The name in the run store of the kind that locks vaults, and changes who may use them.
pub const PROTECT_VAULT_KIND: &str = "protect-vault";

/// The parameters: as it was shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct VaultParams {
    /// As asked for.
    pub(crate) request: VaultRequest,
    /// The vault as it was shown; none where it is created.
    pub(crate) shown: Option<Vault>,
    /// Its access policy as it was shown, byte for byte.
    pub(crate) policy_before: Option<String>,
    /// Its access policy as it will be.
    pub(crate) policy_after: Option<String>,
    /// Digest of the plan.
    pub(crate) digest: String,
}

/// The kind that a change is a run of.
pub(super) fn kind_of(request: &VaultRequest) -> &'static str {
    if request.protects() {
        PROTECT_VAULT_KIND
    } else {
        CHANGE_VAULT_KIND
    }
}

/// What only one unfinished run may change.
pub(super) fn target_of(request: &VaultRequest) -> String {
    format!("vault:{}", request.arn())
}

/// The same for a run that is begun again.
pub(crate) fn targets_of(params: &Value) -> Vec<String> {
    let params: Result<VaultParams, _> = parse_params(params);
    params
        .map(|params| vec![target_of(&params.request)])
        .unwrap_or_default()
}

/// The run kinds *change a vault* and *protect a vault*.
pub struct VaultRun {
    name: &'static str,
    accounts: Arc<dyn AccountStore>,
    vaults: Arc<dyn VaultCloud>,
    sync: SyncQueue,
}

impl VaultRun {
    /// The kind that makes and deletes vaults, over its ports.
    pub fn change(
        accounts: Arc<dyn AccountStore>,
        vaults: Arc<dyn VaultCloud>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            name: CHANGE_VAULT_KIND,
            accounts,
            vaults,
            sync,
        }
    }

    /// The kind that locks vaults and changes who may use them, over its ports.
    pub fn protection(
        accounts: Arc<dyn AccountStore>,
        vaults: Arc<dyn VaultCloud>,
        sync: SyncQueue,
    ) -> Self {
        Self {
            name: PROTECT_VAULT_KIND,
            accounts,
            vaults,
            sync,
        }
    }
}

impl RunKind for VaultRun {
    fn name(&self) -> &'static str {
        self.name
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: Arc<VaultParams> = Arc::new(parse_params(params)?);
        let world = || World {
            accounts: Arc::clone(&self.accounts),
            vaults: Arc::clone(&self.vaults),
            params: Arc::clone(&params),
        };
        let mut steps: Vec<Box<dyn Step>> = match &params.request.change {
            VaultChange::Create(new) => {
                let mut steps: Vec<Box<dyn Step>> = vec![Box::new(create::CreateVault {
                    world: world(),
                    new: new.clone(),
                })];
                if new.policy.is_some() {
                    steps.push(Box::new(policy::PutPolicy(world())));
                }
                steps
            }
            VaultChange::Policy(_) => vec![Box::new(policy::PutPolicy(world()))],
            VaultChange::Lock(wish) => vec![Box::new(lock::LockVault {
                world: world(),
                wish: wish.clone(),
            })],
            VaultChange::Unlock => vec![Box::new(unlock::UnlockVault(world()))],
            VaultChange::Delete => vec![Box::new(delete::DeleteVault(world()))],
        };
        let request = &params.request;
        steps.push(Box::new(Refresh::of(
            self.sync.clone(),
            Scope {
                account: request.account.clone(),
                region: request.region.clone(),
            },
        )));
        Ok(steps)
    }
}

/// What every step works with.
struct World {
    accounts: Arc<dyn AccountStore>,
    vaults: Arc<dyn VaultCloud>,
    params: Arc<VaultParams>,
}

impl World {
    fn name(&self) -> &tidemark_domain::VaultName {
        &self.params.request.vault
    }

    async fn target(&self, ctx: &StepCtx) -> Result<Target, StepError> {
        let request = &self.params.request;
        run_target(
            self.accounts.as_ref(),
            &request.account,
            &request.region,
            ctx.run_id(),
            &ctx.source_identity(),
            session_policy(request).fitted(),
        )
        .await
    }

    async fn found(&self, target: &Target) -> Result<Option<Vault>, StepError> {
        let found = self.vaults.vault(target, self.name()).await;
        Ok(found
            .map_err(|error| step_error(&error))?
            .map(|found| found.vault))
    }

    /// The vault, which must be the one that was shown.
    async fn same_vault(&self, target: &Target) -> Result<Vault, StepError> {
        let shown = self
            .params
            .shown
            .as_ref()
            .and_then(|vault| vault.created_at);
        match self.found(target).await? {
            Some(vault) if vault.created_at == shown => Ok(vault),
            Some(_) => Err(changed(
                "The vault was deleted, and another of its name was created, since it was shown.",
            )),
            None => Err(changed("The vault was deleted since it was shown.")),
        }
    }

    /// Whether the vault's lock is as it was shown.
    fn lock_as_shown(&self, vault: &Vault) -> bool {
        let lock = |vault: &Vault| {
            (
                vault.locked,
                vault.lock_date,
                vault.min_retention_days,
                vault.max_retention_days,
            )
        };
        self.params
            .shown
            .as_ref()
            .is_some_and(|shown| lock(shown) == lock(vault))
    }
}

/// Somebody else was quicker.
fn changed(what: &str) -> StepError {
    StepError::permanent(format!("{what} Nothing was changed."))
        .with_guidance("Look at the plan again: it starts from the vault as it is now.")
}
