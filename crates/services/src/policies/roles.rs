use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};
use tidemark_domain::{
    AccountId, Privilege, Region,
    policy::{RoleFound, StackRoles},
};

use crate::{
    Caller, ServiceError, Services, accounts, authorize,
    ports::{Stack, StackResource, Target},
};

/// Logical ids that the roles of block storage exporters have in the vendor's stacks.
const USUAL: [&str; 2] = ["InstanceRole", "LambdaRole"];

/// Stacks that one question looks into.
const MAX_STACKS: usize = 200;

/// Roles that one answer names.
const MAX_ROLES: usize = 50;

/// Where to look for roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackQuery {
    /// The account whose stacks are looked into.
    pub account: AccountId,
    /// Their Region.
    pub region: Region,
    /// Only below this stack, by name or id; empty for all.
    #[serde(default)]
    pub stack: String,
    /// Only roles whose name or logical id holds this; empty for those that exporters usually have, or,
    /// below one stack, for all.
    #[serde(default)]
    pub text: String,
}

/// Roles that the stacks of an account made, nested ones at any depth.
pub async fn roles(
    services: &Services,
    caller: &Caller,
    query: &StackQuery,
) -> Result<StackRoles, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManagePolicies,
        "policy.roles",
        query.account.as_str(),
    )
    .await?;
    let account = accounts::find(services, &query.account).await?;
    let target = accounts::reading(&account, &query.region);
    let all = services.policies.stacks(&target).await?;
    let mut found = StackRoles {
        stacks: all
            .iter()
            .filter(|stack| stack.parent.is_none())
            .map(|stack| stack.name.clone())
            .collect(),
        ..StackRoles::default()
    };
    let wanted = query.stack.trim();
    let roots: Vec<&Stack> = all
        .iter()
        .filter(|stack| match wanted {
            "" => stack.parent.is_none(),
            wanted => stack.name == wanted || stack.id == wanted,
        })
        .collect();
    if roots.is_empty() && !wanted.is_empty() {
        return Err(ServiceError::NotFound(format!(
            "a stack {wanted} in {} of {}",
            query.region, query.account
        )));
    }
    let (resources, notes) = walk(services, &target, &roots, &all).await?;
    found.notes = notes;
    let text = query.text.trim().to_lowercase();
    let mut taken: Vec<(Vec<String>, StackResource, String, bool)> = resources
        .into_iter()
        .filter(|(_, resource)| resource.resource_type == "AWS::IAM::Role")
        .filter_map(|(stacks, resource)| {
            let name = resource.physical_id.clone()?;
            let usual = USUAL.contains(&resource.logical_id.as_str());
            Some((stacks, resource, name, usual))
        })
        .filter(|(_, resource, name, usual)| match text.as_str() {
            "" => *usual || !wanted.is_empty(),
            text => {
                name.to_lowercase().contains(text)
                    || resource.logical_id.to_lowercase().contains(text)
            }
        })
        .collect();
    taken.sort_by(|one, other| (!one.3, &one.0, &one.2).cmp(&(!other.3, &other.0, &other.2)));
    if taken.len() > MAX_ROLES {
        found.notes.push(format!(
            "{} roles were found; the first {MAX_ROLES} are shown. Name a stack, or part of a role's name.",
            taken.len()
        ));
        taken.truncate(MAX_ROLES);
    }
    for (stacks, resource, name, is_usual) in taken {
        // A stack knows just the name of a role; its path is part of the ARN.
        match services.policies.role(&target, &name).await {
            Ok(Some(arn)) => found.roles.push(RoleFound {
                arn,
                stacks,
                logical_id: resource.logical_id,
                is_usual,
            }),
            Ok(None) => found.notes.push(format!(
                "The role {name} of {} was deleted outside its stack.",
                stacks.join(" / ")
            )),
            Err(error) => found
                .notes
                .push(format!("The role {name} could not be looked at: {error}.")),
        }
    }
    Ok(found)
}

type Found = Vec<(Vec<String>, StackResource)>;

/// The resources of stacks and of those nested in them, each with the names of the stacks above it.
async fn walk(
    services: &Services,
    target: &Target,
    roots: &[&Stack],
    all: &[Stack],
) -> Result<(Found, Vec<String>), ServiceError> {
    let names: BTreeMap<&str, &str> = all
        .iter()
        .map(|stack| (stack.id.as_str(), stack.name.as_str()))
        .collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut next: VecDeque<(String, Vec<String>)> = roots
        .iter()
        .map(|stack| (stack.id.clone(), vec![stack.name.clone()]))
        .collect();
    let mut found = Vec::new();
    let mut notes = Vec::new();
    while let Some((id, path)) = next.pop_front() {
        if !seen.insert(id.clone()) {
            continue;
        }
        if seen.len() > MAX_STACKS {
            notes.push(format!(
                "Only the first {MAX_STACKS} stacks were looked into. Name the stack of the cluster."
            ));
            break;
        }
        let resources = match services.policies.stack_resources(target, &id).await {
            Ok(resources) => resources,
            Err(error) if seen.len() > 1 => {
                notes.push(format!(
                    "The stack {} could not be looked into: {error}.",
                    path.join(" / ")
                ));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        for resource in resources {
            let nested = resource
                .physical_id
                .as_ref()
                .filter(|_| resource.resource_type == "AWS::CloudFormation::Stack");
            if let Some(id) = nested {
                let name = names
                    .get(id.as_str())
                    .map_or(resource.logical_id.as_str(), |name| name);
                let path = path.iter().cloned().chain([name.to_owned()]).collect();
                next.push_back((id.clone(), path));
            }
            found.push((path.clone(), resource));
        }
    }
    Ok((found, notes))
}
