//! Values with little to say about themselves.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{
    Account, AccountConnection, AccountId, Arn, ExternalId, Features, Job, JobKind, PointSource,
    RecoveryPoint, Region, Resource, ResourceType, RoleArn, Scope, ScopeCause, ScopeError, Tier,
    Vault, VaultKind,
};

pub(crate) const A: &str = "111111111111";
pub(crate) const B: &str = "222222222222";

/// So many minutes after the first of January 2026.
pub(crate) fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + minutes * 60).unwrap()
}

pub(crate) fn account_id(account: &str) -> AccountId {
    AccountId::parse(account).unwrap()
}

pub(crate) fn region(region: &str) -> Region {
    Region::parse(region).unwrap()
}

pub(crate) fn arn(text: &str) -> Arn {
    Arn::parse(text).unwrap()
}

pub(crate) fn account(id: &str, alias: &str) -> Account {
    Account {
        connection: AccountConnection {
            account: account_id(id),
            role: RoleArn::parse(format!("arn:aws:iam::{id}:role/TidemarkAccess")).unwrap(),
            external_id: ExternalId::parse(format!("external-{id}")).unwrap(),
        },
        alias: alias.to_owned(),
        regions: vec![region("eu-west-1"), region("us-east-1")],
        added_at: minute(0),
        features: Features::all(),
        pending: None,
    }
}

pub(crate) fn scope(account: &str) -> Scope {
    Scope {
        account: account_id(account),
        region: region("eu-west-1"),
    }
}

pub(crate) fn table_arn(account: &str, name: &str) -> Arn {
    arn(&format!(
        "arn:aws:dynamodb:eu-west-1:{account}:table/{name}"
    ))
}

pub(crate) fn table(account: &str, name: &str) -> Resource {
    Resource {
        arn: table_arn(account, name),
        resource_type: ResourceType::DynamoDb,
        account: account_id(account),
        region: region("eu-west-1"),
        name: name.to_owned(),
        tags: BTreeMap::new(),
        size_bytes: Some(1000),
        created_at: Some(minute(0)),
        pitr: None,
        deleted: false,
    }
}

/// A point of a resource in a vault of an account, made at that minute.
pub(crate) fn point(account: &str, id: &str, resource: &Arn, at: i64) -> RecoveryPoint {
    RecoveryPoint {
        arn: arn(&format!(
            "arn:aws:backup:eu-west-1:{account}:recovery-point:{id}"
        )),
        resource_arn: resource.clone(),
        resource_type: ResourceType::DynamoDb,
        account: account_id(account),
        region: region("eu-west-1"),
        vault: Some("daily".to_owned()),
        source: PointSource::AwsBackup,
        status: "COMPLETED".to_owned(),
        status_message: None,
        created_at: minute(at),
        completed_at: Some(minute(at + 1)),
        size_bytes: Some(100),
        tier: Tier::Warm,
        cold_at: None,
        delete_at: Some(minute(at + 50_000)),
        locked: false,
        held: false,
        copied_from: None,
        copied_from_vault: None,
        parent: None,
        plan_id: Some("plan-1".to_owned()),
        rule_id: Some("rule-1".to_owned()),
    }
}

pub(crate) fn backup_job(account: &str, id: &str, resource: &Arn, status: &str, at: i64) -> Job {
    Job {
        id: id.to_owned(),
        kind: JobKind::Backup,
        account: account_id(account),
        region: region("eu-west-1"),
        resource_arn: Some(resource.clone()),
        point_arn: None,
        status: status.to_owned(),
        message: Some("as AWS tells".to_owned()),
        percent: Some(12.5),
        created_at: minute(at),
        completed_at: Some(minute(at + 1)),
        vault: Some("daily".to_owned()),
        plan_id: Some("plan-1".to_owned()),
        rule_id: Some("rule-1".to_owned()),
        start_by: None,
    }
}

pub(crate) fn vault(account: &str, name: &str) -> Vault {
    Vault {
        name: name.to_owned(),
        arn: arn(&format!(
            "arn:aws:backup:eu-west-1:{account}:backup-vault:{name}"
        )),
        account: account_id(account),
        region: region("eu-west-1"),
        points: 3,
        locked: true,
        lock_date: Some(minute(7)),
        min_retention_days: Some(7),
        max_retention_days: None,
        kind: VaultKind::Standard,
        created_at: None,
        encryption_key: None,
        access_policy: None,
    }
}

pub(crate) fn scope_error(message: &str) -> ScopeError {
    ScopeError {
        cause: ScopeCause::Permission,
        message: message.to_owned(),
        fix: "Allow it.".to_owned(),
        code: Some("AccessDenied".to_owned()),
        request_id: Some("request-1".to_owned()),
    }
}
