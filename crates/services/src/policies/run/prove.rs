use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::json;
use tidemark_domain::{
    AccountId, RoleArn, Verdict,
    policy::{AccessProof, Document, Grant},
    runs::{OnFailure, StepError},
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{PROVE, Work};
use crate::{
    policies::{
        prove::{Prover, account_of},
        session::{grants_of, proof_folder, roles_policy, trial_policy},
    },
    ports::{SessionIdentity, Target, Trial, Tried},
    runs::{may_pass, run_target, step_error},
};

/// For how long a policy that was just put may still be evaluated as it was before.
const SETTLES: SignedDuration = SignedDuration::from_secs(20);

/// Between looks while it may.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// Proves that each role may do what it is to do.
pub(super) struct ProveAccess(pub(super) Work);

#[async_trait]
impl Step for ProveAccess {
    fn name(&self) -> &'static str {
        PROVE
    }

    fn title(&self) -> String {
        if self.revokes() {
            "See that the roles have no access any more".to_owned()
        } else {
            "Prove that the roles have access".to_owned()
        }
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let proof = self.proof(ctx, &target).await;
        // Also after a failure nothing may lie there.
        if !self.revokes() {
            self.clear(ctx, &target).await?;
        }
        let proof = proof?;
        let wanted = if self.revokes() {
            Verdict::Fail
        } else {
            Verdict::Pass
        };
        if proof.grants.iter().all(|grant| grant.verdict == wanted) {
            return StepOutcome::done_with(proof);
        }
        // IAM and S3 take a moment to know of what was just written.
        let since = ctx.began_at();
        if proof.verdict() != Verdict::Unknown && ctx.now().duration_since(since) < SETTLES {
            let again = ctx.now().checked_add(PAUSE).unwrap_or(ctx.now());
            let message = "The policy is in place, and not in force everywhere yet";
            return Ok(StepOutcome::wait(again, message).into());
        }
        Err(self.failed(&proof))
    }

    /// The policy is in place, proved or not.
    fn on_failure(&self) -> OnFailure {
        OnFailure::Warn
    }
}

impl ProveAccess {
    fn revokes(&self) -> bool {
        self.0.params.request.change == tidemark_domain::policy::AccessChange::Revoke
    }

    async fn proof(&self, ctx: &StepCtx, target: &Target) -> Result<AccessProof, StepError> {
        let request = &self.0.params.request;
        let invalid = |error: tidemark_domain::Invalid| StepError::permanent(error.to_string());
        let policy = self.0.policy(target).await?;
        let document = Document::of(policy.as_deref()).map_err(invalid)?;
        let grants = grants_of(request).map_err(invalid)?;
        let mut prover = Prover {
            policies: &*self.0.policies,
            request,
            notes: Vec::new(),
        };
        let may_try = self.may_try(&mut prover, target, &grants).await;
        let (mut says, mut tried) = (Vec::new(), Vec::new());
        let mut by_account: BTreeMap<AccountId, Vec<&RoleArn>> = BTreeMap::new();
        for role in &request.roles {
            by_account
                .entry(account_of(role).map_err(invalid)?)
                .or_default()
                .push(role);
        }
        for (account, roles) in by_account {
            let way = self.way(ctx, &account, &roles).await?;
            for (number, role) in roles.iter().enumerate() {
                says.push(prover.ask_role(way.as_ref(), role, &grants).await);
                let Some(way) = way.as_ref().filter(|_| may_try) else {
                    continue;
                };
                let key = format!("{}{}-{number}", self.folder(ctx), role.name());
                let trial = Trial {
                    role: (*role).clone(),
                    region: request.region.clone(),
                    bucket: request.bucket.to_string(),
                    policy: trial_policy(request, &key).fitted(),
                    key,
                };
                match self.0.policies.try_object(way, &trial).await {
                    Ok(outcome) => tried.push(((*role).clone(), outcome)),
                    Err(error) if may_pass(&error) => return Err(step_error(&error)),
                    Err(error) => tried.push((
                        (*role).clone(),
                        Tried::NotAssumed {
                            why: error.to_string(),
                        },
                    )),
                }
            }
        }
        Ok(prover.judge(&document, &grants, says, &tried, ctx.now()))
    }

    /// Where this run puts objects, and nobody else does.
    fn folder(&self, ctx: &StepCtx) -> String {
        format!("{}{}/", proof_folder(&self.0.params.request), ctx.run_id())
    }

    /// Objects are only put where they can be taken away again.
    async fn may_try(&self, prover: &mut Prover<'_>, target: &Target, grants: &[Grant]) -> bool {
        let puts = grants
            .iter()
            .any(|grant| grant.action.ends_with(":PutObject"));
        if !puts || self.revokes() {
            return false;
        }
        let bucket = self.0.params.request.bucket.as_str();
        let folder = proof_folder(&self.0.params.request);
        let stays = match self.0.policies.locks_versions(target, bucket).await {
            Ok(true) => "its object lock keeps every new version".to_owned(),
            Ok(false) => match self.0.policies.clear_trials(target, bucket, &folder).await {
                Ok(()) => return true,
                Err(error) => format!("the console could not take it away again ({error})"),
            },
            Err(error) => format!("whether it locks new versions is not known ({error})"),
        };
        prover.notes.push(format!(
            "No object was put into the bucket, since {stays}; the policies were evaluated instead."
        ));
        false
    }

    async fn clear(&self, ctx: &StepCtx, target: &Target) -> Result<(), StepError> {
        let bucket = self.0.params.request.bucket.as_str();
        let cleared = self
            .0
            .policies
            .clear_trials(target, bucket, &self.folder(ctx))
            .await;
        match cleared {
            Err(error) if may_pass(&error) => Err(step_error(&error)),
            // Where nothing may be taken away, nothing was put.
            _ => Ok(()),
        }
    }

    /// The run's way into the account of roles; none where nobody registered it.
    async fn way(
        &self,
        ctx: &StepCtx,
        account: &AccountId,
        roles: &[&RoleArn],
    ) -> Result<Option<Target>, StepError> {
        let known = self.0.accounts.get(account).await.map_err(|error| {
            StepError::retryable(format!("the accounts could not be read: {error}"))
        })?;
        if known.is_none() {
            return Ok(None);
        }
        let region = &self.0.params.request.region;
        let policy = roles_policy(account, region, roles).fitted();
        let target = run_target(
            &*self.0.accounts,
            account,
            region,
            ctx.run_id(),
            &ctx.source_identity(),
            policy,
        )
        .await?;
        Ok(Some(Target {
            session: SessionIdentity {
                // It would stick to the role that is assumed next, whose trust policy need not allow it.
                source_identity: None,
                ..target.session
            },
            ..target
        }))
    }

    fn failed(&self, proof: &AccessProof) -> StepError {
        let message = if self.revokes() {
            let still: Vec<String> = proof
                .grants
                .iter()
                .filter(|grant| grant.verdict != Verdict::Fail)
                .map(|grant| grant.detail.clone())
                .collect();
            format!("Access was not taken back in full. {}", still.join(" "))
        } else {
            format!("Access is not proved. {}", proof.failures().join(" "))
        };
        StepError::permanent(message)
            .with_guidance(
                "The policy is in place. Fix what is missing, then retry: only the proof is done again.",
            )
            .with_detail(json!({ "proof": proof }))
    }
}
