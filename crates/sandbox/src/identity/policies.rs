use awsim_iam::state::IamState;
use awsim_iam_policy::PolicyDocument;

use super::{Caller, CallerKind, Identity, managed};

/// Policies attached to a principal.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    pub(crate) identity: Vec<PolicyDocument>,
    pub(crate) boundary: Option<PolicyDocument>,
}

impl Identity {
    /// The identity policies of a caller; a role's for its sessions. None for root, which needs none.
    pub(crate) fn policies(&self, caller: &Caller) -> Option<Policies> {
        match &caller.kind {
            CallerKind::Root => None,
            CallerKind::User { name } => {
                Some(user_policies(&self.iam(&caller.account), name).unwrap_or_default())
            }
            // A deleted role leaves its sessions with no permission at all.
            CallerKind::Session(session) => Some(
                role_policies(&self.iam(&session.account), &session.role_name).unwrap_or_default(),
            ),
        }
    }

    /// The policies of the user or role with this ARN, and its tags.
    pub(crate) fn policies_of_arn(&self, arn: &str) -> Option<Policies> {
        let account = arn.split(':').nth(4)?;
        let resource = arn.splitn(6, ':').nth(5)?;
        let (kind, path) = resource.split_once('/')?;
        let name = path.rsplit('/').next()?;
        let state = self.iam(account);
        match kind {
            "user" => user_policies(&state, name),
            "role" => role_policies(&state, name),
            _ => None,
        }
    }

    /// Whether there is a role or user with just this ARN, path and all.
    pub(crate) fn has_principal(&self, arn: &str) -> bool {
        let account = arn.split(':').nth(4).unwrap_or_default();
        let name = arn.rsplit('/').next().unwrap_or_default();
        let state = self.iam(account);
        let is_role = state.roles.get(name).is_some_and(|role| role.arn == arn);
        is_role || state.users.get(name).is_some_and(|user| user.arn == arn)
    }

    /// A managed policy by ARN: the account's own or one of AWS's that the sandbox knows.
    pub(crate) fn managed_policy(&self, account: &str, arn: &str) -> Option<PolicyDocument> {
        managed_in(&self.iam(account), arn)
    }
}

fn user_policies(state: &IamState, name: &str) -> Option<Policies> {
    let user = state.users.get(name)?.clone();
    let mut identity = documents(
        state,
        user.inline_policies.values(),
        &user.attached_policies,
    );
    for group in user
        .groups
        .iter()
        .filter_map(|group| state.groups.get(group))
    {
        identity.extend(documents(
            state,
            group.inline_policies.values(),
            &group.attached_policies,
        ));
    }
    let boundary = state
        .user_permissions_boundaries
        .get(name)
        .map(|arn| boundary(state, &arn));
    Some(Policies { identity, boundary })
}

fn role_policies(state: &IamState, name: &str) -> Option<Policies> {
    let role = state.roles.get(name)?.clone();
    let boundary = state
        .role_permissions_boundaries
        .get(name)
        .map(|arn| boundary(state, &arn));
    Some(Policies {
        identity: documents(
            state,
            role.inline_policies.values(),
            &role.attached_policies,
        ),
        boundary,
    })
}

/// A boundary that cannot be read allows nothing.
fn boundary(state: &IamState, arn: &str) -> PolicyDocument {
    managed_in(state, arn).unwrap_or(PolicyDocument {
        version: None,
        id: None,
        statements: Vec::new(),
    })
}

fn documents<'a>(
    state: &IamState,
    inline: impl Iterator<Item = &'a String>,
    attached: &[String],
) -> Vec<PolicyDocument> {
    inline
        .filter_map(|text| awsim_iam_policy::parse(text).ok())
        .chain(attached.iter().filter_map(|arn| managed_in(state, arn)))
        .collect()
}

fn managed_in(state: &IamState, arn: &str) -> Option<PolicyDocument> {
    if let Some(policy) = state.policies.get(arn) {
        return awsim_iam_policy::parse(&policy.policy_document).ok();
    }
    managed::document(arn)
}
