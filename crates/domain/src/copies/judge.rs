use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{CopyFacts, CopyProblem, KeyManager, Membership, PointKey, Sharing};
use crate::{
    AccountId, Arn, PointSource, RecoveryPoint, ResourceType, Tier, VaultKind,
    change::NewLifecycle,
    plan::Lifecycle,
    policy::{Answer, Asked, Document, evaluate},
};

/// Everything that stands in the way of copying a point, or that is to be known of it.
///
/// `lifecycle` is that of the copy, none for the source's; `role` the one that AWS Backup copies as.
pub fn judge(
    point: &RecoveryPoint,
    key: &PointKey,
    lifecycle: Option<NewLifecycle>,
    role: &str,
    facts: &CopyFacts,
    now: Timestamp,
) -> Vec<CopyProblem> {
    if let Some(never) = never(point, facts) {
        return vec![never];
    }
    let mut problems = Vec::new();
    by_type(point, facts, &mut problems);
    if point.account != facts.destination.account {
        across_accounts(point, key, role, facts, &mut problems);
    }
    retention(point, lifecycle, facts, now, &mut problems);
    if point.source == PointSource::Continuous {
        problems.push(CopyProblem::Continuous);
    }
    problems
}

/// What no copy job is made of.
fn never(point: &RecoveryPoint, facts: &CopyFacts) -> Option<CopyProblem> {
    let Some(vault) = point.vault.as_deref() else {
        return Some(CopyProblem::OutsideVaults);
    };
    let place = &facts.destination;
    if point.account == place.account && point.region == place.region && vault == place.name {
        return Some(CopyProblem::SameVault);
    }
    if point.parent.is_some() {
        return Some(CopyProblem::Member);
    }
    if !matches!(point.status.as_str(), "COMPLETED" | "AVAILABLE" | "STOPPED") {
        return Some(CopyProblem::Busy);
    }
    (point.tier == Tier::Cold).then_some(CopyProblem::Cold)
}

/// Whether AWS Backup keeps the point itself, under its own ARN and the vault's key ("Full AWS Backup management").
fn is_fully_managed(point: &RecoveryPoint) -> bool {
    point.arn.service() == "backup"
}

fn by_type(point: &RecoveryPoint, facts: &CopyFacts, problems: &mut Vec<CopyProblem>) {
    let place = &facts.destination;
    let resource_type = point.resource_type.clone();
    let name = resource_type.as_str().to_owned();
    if matches!(&place.kind, VaultKind::Other(kind) if kind == "RESTORE_ACCESS_BACKUP_VAULT") {
        problems.push(CopyProblem::RestoreAccessVault);
    }
    if resource_type == ResourceType::DynamoDb && !is_fully_managed(point) {
        problems.push(CopyProblem::PlainDynamoDb);
        return;
    }
    if facts.support.not_copied.contains(&name) {
        problems.push(CopyProblem::NotCopied { resource_type });
        return;
    }
    if place.kind == VaultKind::AirGapped && facts.support.not_air_gapped.contains(&name) {
        problems.push(CopyProblem::NotAirGapped {
            resource_type: resource_type.clone(),
        });
    }
    let both = point.account != place.account && point.region != place.region;
    if both && facts.support.one_boundary.contains(&name) {
        problems.push(CopyProblem::OneBoundary { resource_type });
    }
}

fn across_accounts(
    point: &RecoveryPoint,
    key: &PointKey,
    role: &str,
    facts: &CopyFacts,
    problems: &mut Vec<CopyProblem>,
) {
    let place = &facts.destination;
    organization(&point.account, facts, problems);
    let own = facts.organizations.get(&point.account);
    match &place.policy {
        Ok(policy) => {
            let organization = match own {
                Some(Membership::Of(id)) => Some(id.as_str()),
                _ => None,
            };
            let answer = policy.as_ref().map_or(Answer::NotAllowed, |policy| {
                lets_in(policy, &place.arn, role, organization)
            });
            vault_policy(answer, point, facts, problems);
        }
        Err(why) => problems.push(not_known(
            format!(
                "The access policy of vault {} could not be read: {why}.",
                place.name
            ),
            &format!(
                "Check that it allows backup:CopyIntoBackupVault to {}.",
                point.account
            ),
        )),
    }
    if !is_fully_managed(point) {
        match &place.key {
            KeyManager::Aws => problems.push(CopyProblem::DestinationManagedKey {
                vault: place.name.clone(),
                resource_type: point.resource_type.clone(),
            }),
            KeyManager::Customer => {}
            KeyManager::Unknown(why) => problems.push(not_known(
                format!(
                    "Whether vault {} has a customer managed key is not known: {why}.",
                    place.name
                ),
                "Check the key of the vault.",
            )),
        }
    }
    of_key(point, key, facts, problems);
}

fn organization(source: &AccountId, facts: &CopyFacts, problems: &mut Vec<CopyProblem>) {
    let destination = &facts.destination.account;
    let unknown = || Membership::Unknown("nobody asked".to_owned());
    let of = |account: &AccountId| {
        facts
            .organizations
            .get(account)
            .cloned()
            .unwrap_or_else(unknown)
    };
    let apart = || CopyProblem::OtherOrganization {
        source: source.clone(),
        destination: destination.clone(),
    };
    match (of(source), of(destination)) {
        (Membership::None, _) | (_, Membership::None) => problems.push(apart()),
        (Membership::Of(one), Membership::Of(other)) if one != other => problems.push(apart()),
        (Membership::Of(_), Membership::Of(_)) => {}
        (Membership::Unknown(why), _) | (_, Membership::Unknown(why)) => problems.push(not_known(
            format!("Whether accounts {source} and {destination} are in one organization is not known: {why}."),
            "Check both accounts in AWS Organizations.",
        )),
    }
    match facts.cross_account.get(source) {
        Some(true) => {}
        Some(false) => problems.push(CopyProblem::CrossAccountOff),
        None => problems.push(not_known(
            format!("Whether the organization of account {source} lets backups cross accounts is not known."),
            "Check that cross-account backup is on in the organization's management account.",
        )),
    }
}

/// What the access policy of a vault says to a copy from another account.
fn lets_in(policy: &Document, vault: &Arn, role: &str, organization: Option<&str>) -> Answer {
    let Ok(principal) = Arn::parse(role) else {
        return Answer::NotAllowed;
    };
    let mut context = BTreeMap::new();
    if let Some(id) = organization {
        context.insert("aws:PrincipalOrgID".to_owned(), id.to_owned());
    }
    evaluate(
        policy,
        &Asked {
            principal: &principal,
            action: "backup:CopyIntoBackupVault",
            resource: vault.as_str(),
            context: &context,
        },
    )
}

fn vault_policy(
    answer: Answer,
    point: &RecoveryPoint,
    facts: &CopyFacts,
    problems: &mut Vec<CopyProblem>,
) {
    let vault = &facts.destination.name;
    match answer {
        Answer::Allowed { .. } => {}
        Answer::Denied { .. } | Answer::NotAllowed => problems.push(CopyProblem::VaultPolicy {
            vault: vault.clone(),
            account: point.account.clone(),
        }),
        Answer::Unknown { by, why } => problems.push(not_known(
            format!("Whether the access policy of vault {vault} lets account {} copy into it depends on its statement {by}: {why}.", point.account),
            "Check that statement.",
        )),
    }
}

fn of_key(
    point: &RecoveryPoint,
    key: &PointKey,
    facts: &CopyFacts,
    problems: &mut Vec<CopyProblem>,
) {
    let destination = &facts.destination.account;
    let unknown = |why: &str| {
        not_known(
            format!(
                "Whether the recovery point's key can be used by account {destination} is not known: {why}."
            ),
            "Check that it is a customer managed key, and that its policy allows the account to use it.",
        )
    };
    let arn = match key {
        PointKey::Plain => return,
        PointKey::Unknown => {
            problems.push(unknown("AWS Backup does not say which key it is"));
            return;
        }
        PointKey::Key(arn) => arn,
    };
    let Some(facts) = facts.keys.get(arn) else {
        problems.push(unknown("too many keys to look at each"));
        return;
    };
    match (&facts.manager, &facts.sharing) {
        // AWS Backup decrypts by itself what it keeps under its own key.
        (KeyManager::Aws, _) if is_fully_managed(point) => {}
        (KeyManager::Aws, _) => problems.push(CopyProblem::ManagedKey {
            resource_type: point.resource_type.clone(),
        }),
        (KeyManager::Unknown(why), _) | (_, Sharing::Unknown(why)) => problems.push(unknown(why)),
        (KeyManager::Customer, Sharing::Shared) => {}
        (KeyManager::Customer, Sharing::Not(_)) => problems.push(CopyProblem::UnsharedKey {
            key: Some(arn.clone()),
            account: destination.clone(),
        }),
    }
}

fn retention(
    point: &RecoveryPoint,
    lifecycle: Option<NewLifecycle>,
    facts: &CopyFacts,
    now: Timestamp,
    problems: &mut Vec<CopyProblem>,
) {
    let place = &facts.destination;
    let days =
        |at: Option<Timestamp>| at.map(|at| crate::change::days_between(point.created_at, at));
    let of_copy = lifecycle.unwrap_or(NewLifecycle {
        cold_after_days: days(point.cold_at),
        delete_after_days: days(point.delete_at),
    });
    if let Some(limits) = &place.limits {
        let asked = Lifecycle {
            move_to_cold_storage_after_days: of_copy.cold_after_days,
            delete_after_days: of_copy.delete_after_days,
            ..Lifecycle::default()
        };
        if limits.check(Some(&asked)).is_err() {
            problems.push(CopyProblem::Lock {
                vault: place.name.clone(),
                days: Some((limits.min_days, limits.max_days)),
            });
        }
    }
    let Some(given) = lifecycle else { return };
    if given.delete_after_days.is_none() && point.delete_at.is_some() {
        problems.push(CopyProblem::KeepsExpiry);
    }
    let is_over = given
        .delete_at(point.created_at)
        .is_some_and(|at| at <= now);
    if is_over && point.source != PointSource::Continuous {
        problems.push(CopyProblem::OverOnArrival);
    }
}

fn not_known(what: String, fix: &str) -> CopyProblem {
    CopyProblem::NotKnown {
        what,
        fix: fix.to_owned(),
    }
}

/// Whether a key's policy lets another account use the key for a copy. The service-linked role of AWS Backup uses it
/// there ("Creating backup copies across AWS accounts").
pub(super) fn sharing(policy: &str, key: &str, account: &AccountId, partition: &str) -> Sharing {
    let document = match Document::read(policy) {
        Ok(document) => document,
        Err(why) => return Sharing::Unknown(format!("its policy cannot be read: {why}")),
    };
    let role = format!(
        "arn:{partition}:iam::{account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
    );
    let Ok(principal) = Arn::parse(role) else {
        return Sharing::Unknown("the account has no ARN".to_owned());
    };
    let context = BTreeMap::from([
        ("kms:CallerAccount".to_owned(), account.to_string()),
        ("kms:GrantIsForAWSResource".to_owned(), "true".to_owned()),
    ]);
    for action in NEEDED {
        let answer = evaluate(
            &document,
            &Asked {
                principal: &principal,
                action,
                resource: key,
                context: &context,
            },
        );
        match answer {
            Answer::Allowed { .. } => {}
            Answer::Denied { .. } | Answer::NotAllowed => return Sharing::Not(action.to_owned()),
            Answer::Unknown { by, why } => {
                return Sharing::Unknown(format!("its policy's statement {by} decides: {why}"));
            }
        }
    }
    Sharing::Shared
}

/// What a copy takes of the source's key in the destination's account.
const NEEDED: [&str; 4] = [
    "kms:DescribeKey",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:CreateGrant",
];
