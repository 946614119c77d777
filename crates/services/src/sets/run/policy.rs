use std::collections::BTreeSet;

use tidemark_domain::{Arn, BackupRequest, Scope};

use super::SetBackupParams;
use crate::calls::{Call, SessionPolicy};

/// A session policy holds few ARNs: many tables are named by their account and Region.
const FEW: usize = 8;

/// The accounts and Regions in which jobs are started.
pub(in crate::sets) fn scopes(params: &SetBackupParams) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = Vec::new();
    for member in params
        .members
        .iter()
        .filter(|member| member.request().is_some())
    {
        let scope = member.scope();
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

/// What the run may do in one account and Region: start, watch and stop jobs into the vaults that its members there name.
pub(in crate::sets) fn session_policy(params: &SetBackupParams, scope: &Scope) -> SessionPolicy {
    let requests: Vec<&BackupRequest> = params
        .members
        .iter()
        .filter(|member| member.scope() == *scope)
        .filter_map(|member| member.request())
        .collect();
    let partition = requests
        .first()
        .map_or("aws", |request| request.resource.partition());
    let Scope { account, region } = scope;
    let vaults: BTreeSet<String> = requests
        .iter()
        .map(|request| {
            format!(
                "arn:{partition}:backup:{region}:{account}:backup-vault:{}",
                request.vault
            )
        })
        .collect();
    let roles: BTreeSet<&str> = requests
        .iter()
        .filter_map(|request| request.service_role.as_deref())
        .collect();
    let tables: Vec<&Arn> = requests
        .iter()
        .map(|request| &request.resource)
        .filter(|arn| arn.service() == "dynamodb")
        .collect();
    let tables: Vec<String> = if tables.len() <= FEW {
        tables.iter().map(ToString::to_string).collect()
    } else {
        vec![format!(
            "arn:{partition}:dynamodb:{region}:{account}:table/*"
        )]
    };
    let vaults: Vec<String> = if vaults.len() <= FEW {
        vaults.into_iter().collect()
    } else {
        vec![format!(
            "arn:{partition}:backup:{region}:{account}:backup-vault:*"
        )]
    };
    let policy = SessionPolicy::new(partition, account, region)
        .roles(roles)
        .allow(&[Call::StartBackupJob], &vaults)
        .allow_any(&[Call::DescribeBackupJob, Call::StopBackupJob]);
    if tables.is_empty() {
        policy
    } else {
        policy.allow(&[Call::StartAwsBackupJob], &tables)
    }
}
