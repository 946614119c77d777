//! Whether roles may do what a grant is to allow: by asking what both sides' policies say, and by a put
//! and a get as the role where it can be assumed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{
    AccountId, Invalid, RoleArn, Verdict,
    policy::{AccessProof, AccessRequest, Document, Grant, HowProved, PROOF_TAG, PROOF_TAG_VALUE},
};

use super::judge::{Known, judge};
use crate::ports::{PolicyCloud, RoleSays, Simulation, Target, Tried};

/// The account of a role.
pub(super) fn account_of(role: &RoleArn) -> Result<AccountId, Invalid> {
    AccountId::parse(role.account())
}

/// What is known of one role: each action with what its own policies say.
pub(super) type Says = (RoleArn, BTreeMap<String, Known>);

/// Finds out, and words it.
pub(super) struct Prover<'a> {
    pub(super) policies: &'a dyn PolicyCloud,
    pub(super) request: &'a AccessRequest,
    pub(super) notes: Vec<String>,
}

impl Prover<'_> {
    /// Asks what a role's own policies say; its account may be one that nobody registered.
    pub(super) async fn ask_role(
        &mut self,
        target: Option<&Target>,
        role: &RoleArn,
        grants: &[Grant],
    ) -> Says {
        let mut says = BTreeMap::new();
        let own: Vec<&Grant> = grants
            .iter()
            .filter(|grant| grant.principal.as_str() == role.as_str())
            .collect();
        let Some(target) = target else {
            let why = format!("account {} is not registered here.", role.account());
            for grant in own {
                says.insert(grant.action.clone(), Err(why.clone()));
            }
            return (role.clone(), says);
        };
        for grant in own {
            let simulation = Simulation {
                actions: vec![grant.action.clone()],
                resources: vec![grant.resource.clone()],
                context: grant.context.clone(),
            };
            let answer = self.policies.simulate_role(target, role, &simulation).await;
            let known = match answer {
                Ok(answers) => Ok(answers
                    .get(&grant.action)
                    .copied()
                    .unwrap_or(RoleSays::NotAllowed)),
                Err(error) => Err(format!("{error}.")),
            };
            says.insert(grant.action.clone(), known);
        }
        (role.clone(), says)
    }

    /// Puts everything together. What was tried counts more than what was evaluated.
    pub(super) fn judge(
        &mut self,
        document: &Document,
        grants: &[Grant],
        says: Vec<Says>,
        tried: &[(RoleArn, Tried)],
        now: Timestamp,
    ) -> AccessProof {
        let says: BTreeMap<String, BTreeMap<String, Known>> = says
            .into_iter()
            .map(|(role, says)| (role.to_string(), says))
            .collect();
        let unasked: Known = Err("it was not asked.".to_owned());
        let mut all = Vec::new();
        for grant in grants {
            let same = grant.principal.account() == self.request.account.as_str();
            let known = says
                .get(grant.principal.as_str())
                .and_then(|says| says.get(&grant.action))
                .unwrap_or(&unasked);
            let mut proof = judge(document, grant, same, known);
            let trial = tried
                .iter()
                .find(|(role, _)| role.as_str() == grant.principal.as_str());
            if let Some((_, Tried::As { put, get })) = trial {
                // A get is only telling of an object that is there.
                let said = match grant.action.rsplit(':').next() {
                    Some("PutObject") => Some(put),
                    Some("GetObject") if put.is_none() => Some(get),
                    _ => None,
                };
                if let Some(said) = said {
                    overrule(&mut proof, grant, said.as_deref());
                }
            }
            all.push(proof);
        }
        for (role, tried) in tried {
            if let Tried::NotAssumed { why } = tried {
                self.notes.push(format!(
                    "{role} was not tried itself, since it cannot be assumed ({why}). To have it tried, let it trust its account, and tag it {PROOF_TAG}={PROOF_TAG_VALUE}."
                ));
            }
        }
        AccessProof {
            grants: all,
            notes: std::mem::take(&mut self.notes),
            checked_at: now,
        }
    }
}

/// What happened says more than what was expected; where they differ, that is said.
fn overrule(proof: &mut tidemark_domain::policy::GrantProof, grant: &Grant, said: Option<&str>) {
    proof.how = HowProved::Tried;
    match (said, proof.verdict) {
        (None, _) => {
            proof.verdict = Verdict::Pass;
            proof.missing = None;
            proof.detail = format!("{} worked.", grant.words());
        }
        // The reason that was found stands.
        (Some(_), Verdict::Fail) => {}
        (Some(said), _) => {
            proof.verdict = Verdict::Fail;
            proof.missing = None;
            proof.detail = format!(
                "{} was refused, although the policies seem to allow it: {said}. Look at the bucket's key, the organization's policies and access points.",
                grant.words()
            );
        }
    }
}
