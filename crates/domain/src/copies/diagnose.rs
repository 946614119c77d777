use super::CopyProblem;
use crate::{AccountId, ResourceType};

/// Between what a copy job goes.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// Account of the point.
    pub source: &'a AccountId,
    /// Account of the vault.
    pub destination: &'a AccountId,
    /// Name of the vault.
    pub vault: &'a str,
    /// Type of the resource.
    pub resource_type: &'a ResourceType,
}

/// What the status message of a copy job that failed means; none for words that are not known.
///
/// AWS gives no codes there. The messages are those of AWS's knowledge centre ("Why did my cross-account copy in AWS
/// Backup fail?", "How can I resolve the *Access Denied trying to call AWS Backup service* error", "How do I resolve
/// the *Given key ID is not accessible* error").
pub fn diagnose(message: &str, route: Route<'_>) -> Option<CopyProblem> {
    let text = message.to_lowercase();
    let says = |words: &[&str]| words.iter().all(|word| text.contains(word));
    let crosses = route.source != route.destination;
    if says(&["member of the same organization"]) {
        return Some(CopyProblem::OtherOrganization {
            source: route.source.clone(),
            destination: route.destination.clone(),
        });
    }
    if says(&["cross-account", "not enabled"]) || says(&["cross account", "not enabled"]) {
        return Some(CopyProblem::CrossAccountOff);
    }
    if crosses && says(&["access denied", "aws backup service"]) {
        return Some(CopyProblem::VaultPolicy {
            vault: route.vault.to_owned(),
            account: route.source.clone(),
        });
    }
    if says(&["aws managed", "key"])
        || says(&["aws-managed", "key"])
        || says(&["default", "service key"])
    {
        return Some(if says(&["destination backup vault"]) {
            CopyProblem::DestinationManagedKey {
                vault: route.vault.to_owned(),
                resource_type: route.resource_type.clone(),
            }
        } else {
            CopyProblem::ManagedKey {
                resource_type: route.resource_type.clone(),
            }
        });
    }
    let key_out_of_reach = says(&["key id is not accessible"])
        || says(&["kms key does not exist, is not enabled or you do not have permissions"]);
    if crosses && key_out_of_reach {
        return Some(CopyProblem::UnsharedKey {
            key: None,
            account: route.destination.clone(),
        });
    }
    if says(&["feature is not supported for provided resource type"]) {
        let resource_type = route.resource_type.clone();
        return Some(match resource_type {
            ResourceType::DynamoDb => CopyProblem::PlainDynamoDb,
            _ if says(&["cross-account", "cross-region"]) || crosses => {
                CopyProblem::OneBoundary { resource_type }
            }
            _ => CopyProblem::NotCopied { resource_type },
        });
    }
    if says(&["retention", "lock"])
        || says(&["retention", "minimum"])
        || says(&["retention", "maximum"])
    {
        return Some(CopyProblem::Lock {
            vault: route.vault.to_owned(),
            days: None,
        });
    }
    let gone = says(&["destination", "vault", "does not exist"])
        || says(&["destination", "vault", "cannot be found"]);
    gone.then(|| CopyProblem::NoVault {
        vault: route.vault.to_owned(),
    })
}
