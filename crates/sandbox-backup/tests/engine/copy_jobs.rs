use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use tidemark_sandbox_backup::{
    Captured, CreateVault, ErrorKind, Key, Keys, LockRequest, Organization, PointFilter,
    ProviderError, Quotas, ResourceProvider, SimResource, StartCopyJob, StartRestoreJob,
    model::{CopyJob, CopyJobState, Lifecycle, PageRequest, RecoveryPoint, Scope},
};

use crate::support::{ROLE, World, days, home, start, vault, world};

fn far() -> Scope {
    Scope::new("444455556666", "eu-central-1")
}

const FAR_VAULT: &str = "arn:aws:backup:eu-central-1:444455556666:backup-vault:safe";

const WELCOME: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [{
        "Effect": "Allow",
        "Principal": { "AWS": "arn:aws:iam::111122223333:root" },
        "Action": "backup:CopyIntoBackupVault",
        "Resource": "*"
    }]
}"#;

fn copy(
    world: &World,
    point: &RecoveryPoint,
    to: &str,
    lifecycle: Option<Lifecycle>,
    now: Timestamp,
) -> CopyJob {
    let job = world
        .engine
        .start_copy_job(
            &home(),
            StartCopyJob {
                point_arn: point.arn.clone(),
                source_vault: "main".to_owned(),
                destination_vault_arn: to.to_owned(),
                iam_role_arn: ROLE.to_owned(),
                lifecycle,
                ..StartCopyJob::default()
            },
            now,
        )
        .unwrap();
    assert_eq!(job.state, CopyJobState::Created);
    world.engine.tick(now);
    world.engine.describe_copy_job(&home(), &job.id).unwrap()
}

fn welcomed() -> (World, RecoveryPoint) {
    let world = world();
    vault(&world.engine, &far(), "safe");
    world
        .engine
        .put_access_policy(&far(), "safe", WELCOME)
        .unwrap();
    let point = world.backed_up(Lifecycle::delete_after(30), start());
    (world, point)
}

fn far_points(world: &World) -> Vec<RecoveryPoint> {
    world
        .engine
        .list_points_by_vault(
            &far(),
            "safe",
            &PointFilter::default(),
            &PageRequest::default(),
        )
        .unwrap()
        .items
}

#[test]
fn a_copy_arrives_in_another_account_and_region_and_can_be_restored_there() {
    let (world, point) = welcomed();
    let job = copy(
        &world,
        &point,
        FAR_VAULT,
        Some(Lifecycle::delete_after(90)),
        start() + days(2),
    );
    assert_eq!(job.state, CopyJobState::Completed, "{:?}", job.message);
    let copied = far_points(&world).remove(0);
    assert_eq!(Some(&copied.arn), job.destination_point_arn.as_ref());
    assert!(
        copied
            .arn
            .starts_with("arn:aws:backup:eu-central-1:444455556666:recovery-point:")
    );
    assert_eq!(
        copied.created, point.created,
        "a copy keeps its source's date"
    );
    assert_eq!(
        copied.calculated_lifecycle().delete_at,
        Some(start() + days(90))
    );
    assert_eq!(copied.source_vault_arn, Some(point.vault_arn));

    world
        .engine
        .start_restore_job(
            &far(),
            StartRestoreJob {
                point_arn: copied.arn,
                metadata: BTreeMap::from([("targetTableName".to_owned(), "rescued".to_owned())]),
                ..StartRestoreJob::default()
            },
            start() + days(3),
        )
        .unwrap();
    world.engine.tick(start() + days(3));
    let arn = "arn:aws:dynamodb:eu-central-1:444455556666:table/rescued";
    assert_eq!(world.tables.read(&far(), arn).as_deref(), Some("first"));
}

#[test]
fn a_copy_without_expiry_keeps_that_of_its_source() {
    let (world, point) = welcomed();
    let never = Lifecycle {
        delete_after_days: Some(-1),
        ..Lifecycle::default()
    };
    copy(&world, &point, FAR_VAULT, Some(never), start() + days(1));
    let copied = far_points(&world).remove(0);
    assert_eq!(
        copied.calculated_lifecycle().delete_at,
        Some(start() + days(30))
    );
    world.engine.tick(start() + days(30));
    assert!(far_points(&world).is_empty());
}

#[test]
fn a_copy_to_another_organization_fails_and_says_so() {
    let (world, point) = welcomed();
    world.engine.set_organization(Organization {
        members: BTreeMap::from([(far().account, "o-stranger".to_owned())]),
        ..Organization::default()
    });
    let job = copy(&world, &point, FAR_VAULT, None, start());
    assert_eq!(job.state, CopyJobState::Failed);
    assert!(job.message.unwrap().contains("same organization"));
    assert!(far_points(&world).is_empty());
}

#[test]
fn a_copy_that_the_destinations_access_policy_does_not_allow_fails_and_says_so() {
    let (world, point) = welcomed();
    world.engine.delete_access_policy(&far(), "safe").unwrap();
    let job = copy(&world, &point, FAR_VAULT, None, start());
    assert_eq!(job.state, CopyJobState::Failed);
    assert_eq!(
        job.message.unwrap(),
        "Access Denied trying to call AWS Backup service"
    );
}

#[test]
fn an_access_policy_may_name_the_organization_and_a_denial_wins() {
    let (world, point) = welcomed();
    let by_organization = r#"{"Version":"2012-10-17","Statement":[{
        "Effect":"Allow","Principal":"*","Action":"backup:CopyIntoBackupVault","Resource":"*",
        "Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-tidemark000"}}}]}"#;
    world
        .engine
        .put_access_policy(&far(), "safe", by_organization)
        .unwrap();
    let job = copy(&world, &point, FAR_VAULT, None, start());
    assert_eq!(job.state, CopyJobState::Completed, "{:?}", job.message);

    let denied = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Principal":"*","Action":"backup:CopyIntoBackupVault","Resource":"*"},
        {"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"backup:*","Resource":"*"}]}"#;
    world
        .engine
        .put_access_policy(&far(), "safe", denied)
        .unwrap();
    let job = copy(&world, &point, FAR_VAULT, None, start());
    assert_eq!(job.state, CopyJobState::Failed);
}

/// Volumes whose key the test chooses.
struct Volumes(Option<&'static str>);

impl ResourceProvider for Volumes {
    fn resource_type(&self) -> &'static str {
        "EBS"
    }

    fn list(&self, _account: &str, _region: &str) -> Vec<SimResource> {
        vec![SimResource {
            arn: VOLUME.to_owned(),
            name: "vol-1".to_owned(),
            tags: BTreeMap::new(),
            size_bytes: 1,
        }]
    }

    fn capture(
        &self,
        _account: &str,
        _region: &str,
        _arn: &str,
        _at: Timestamp,
    ) -> Result<Captured, ProviderError> {
        let key = self.0.map(|key| ("kmsKeyId".to_owned(), key.to_owned()));
        Ok(Captured {
            size_bytes: 1,
            restore_metadata: key.into_iter().collect(),
            data: Arc::new(()),
        })
    }

    fn restore(
        &self,
        _account: &str,
        _region: &str,
        _captured: &Captured,
        _metadata: &BTreeMap<String, String>,
        _at: Timestamp,
    ) -> Result<String, ProviderError> {
        Ok(VOLUME.to_owned())
    }

    fn supports_cold_storage(&self) -> bool {
        false
    }

    fn supports_continuous(&self) -> bool {
        false
    }
}

const VOLUME: &str = "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1";

/// A point of a volume under that key, in vault `main`.
fn snapshot(world: &World, key: Option<&'static str>) -> RecoveryPoint {
    world.engine.register_provider(Arc::new(Volumes(key)));
    let job = world
        .engine
        .start_backup_job(
            &home(),
            tidemark_sandbox_backup::StartBackupJob {
                resource_arn: VOLUME.to_owned(),
                ..crate::support::request()
            },
            start(),
        )
        .unwrap();
    world.engine.tick(start());
    let arn = world.job(&job).point_arn.unwrap();
    world.engine.describe_point(&home(), "main", &arn).unwrap()
}

#[test]
fn an_aws_managed_key_stops_types_that_keep_the_key_of_their_resource_between_accounts_only() {
    let (world, _) = welcomed();
    let near = Scope::new(home().account, "eu-central-1");
    vault(&world.engine, &near, "near");
    let point = snapshot(
        &world,
        Some("arn:aws:kms:eu-west-1:111122223333:alias/aws/ebs"),
    );
    let away = copy(&world, &point, FAR_VAULT, None, start());
    assert_eq!(away.state, CopyJobState::Failed);
    assert!(away.message.unwrap().contains("AWS managed KMS key"));
    let there = "arn:aws:backup:eu-central-1:111122223333:backup-vault:near";
    let within = copy(&world, &point, there, None, start());
    assert_eq!(
        within.state,
        CopyJobState::Completed,
        "{:?}",
        within.message
    );
    let plain = snapshot(&world, None);
    let away = copy(&world, &plain, FAR_VAULT, None, start());
    assert_eq!(away.state, CopyJobState::Completed, "{:?}", away.message);
}

#[test]
fn what_aws_backup_manages_fully_crosses_accounts_under_the_key_of_a_default_vault() {
    let (world, _) = welcomed();
    let name = "default".to_owned();
    let request = CreateVault {
        name,
        ..CreateVault::default()
    };
    world
        .engine
        .create_vault(&home(), request, start())
        .unwrap();
    let job = world
        .engine
        .start_backup_job(
            &home(),
            tidemark_sandbox_backup::StartBackupJob {
                vault: "default".to_owned(),
                ..crate::support::request()
            },
            start(),
        )
        .unwrap();
    world.engine.tick(start());
    let arn = world.job(&job).point_arn.unwrap();
    let job = world
        .engine
        .start_copy_job(
            &home(),
            StartCopyJob {
                point_arn: arn,
                source_vault: "default".to_owned(),
                destination_vault_arn: FAR_VAULT.to_owned(),
                iam_role_arn: ROLE.to_owned(),
                ..StartCopyJob::default()
            },
            start(),
        )
        .unwrap();
    world.engine.tick(start());
    let job = world.engine.describe_copy_job(&home(), &job.id).unwrap();
    assert_eq!(job.state, CopyJobState::Completed, "{:?}", job.message);
}

/// One customer managed key.
struct OneKey(String);

impl Keys for OneKey {
    fn key(&self, arn: &str) -> Option<Key> {
        let policy = self.0.clone();
        (arn == KEY).then_some(Key {
            enabled: true,
            policy,
        })
    }
}

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1";

#[test]
fn a_customer_managed_key_must_let_the_other_account_use_it() {
    let (world, _) = welcomed();
    let point = snapshot(&world, Some(KEY));
    let policy = |account: &str, action: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{account}:root"}},"Action":"{action}","Resource":"*"}}]}}"#
        )
    };
    for (account, action, expected) in [
        ("444455556666", "kms:*", CopyJobState::Completed),
        ("444455556666", "kms:Decrypt", CopyJobState::Failed),
        ("111122223333", "kms:*", CopyJobState::Failed),
    ] {
        let keys = OneKey(policy(account, action));
        world.engine.register_keys(Arc::new(keys));
        let job = copy(&world, &point, FAR_VAULT, None, start());
        assert_eq!(job.state, expected, "{account} {action}: {:?}", job.message);
        if expected == CopyJobState::Failed {
            let message = job.message.unwrap();
            assert!(
                message.contains("KMS key does not exist, is not enabled"),
                "{message}"
            );
        }
    }
}

#[test]
fn as_many_copies_as_the_quota_run_at_once_and_a_token_names_its_job_also_then() {
    let (world, point) = welcomed();
    world.engine.set_quotas(Quotas {
        copies_at_once: 2,
        ..Quotas::default()
    });
    let ask = |token: &str| {
        world.engine.start_copy_job(
            &home(),
            StartCopyJob {
                point_arn: point.arn.clone(),
                source_vault: "main".to_owned(),
                destination_vault_arn: FAR_VAULT.to_owned(),
                iam_role_arn: ROLE.to_owned(),
                idempotency_token: Some(token.to_owned()),
                ..StartCopyJob::default()
            },
            start(),
        )
    };
    let first = ask("one").unwrap();
    ask("two").unwrap();
    assert_eq!(ask("three").unwrap_err().kind, ErrorKind::LimitExceeded);
    assert_eq!(ask("one").unwrap().id, first.id);
    world.engine.tick(start());
    assert!(ask("three").is_ok());
}

#[test]
fn a_locked_destination_refuses_a_retention_outside_its_bounds() {
    let (world, point) = welcomed();
    let lock = LockRequest {
        min_retention_days: Some(60),
        ..LockRequest::default()
    };
    world
        .engine
        .put_lock(&far(), "safe", lock, start())
        .unwrap();
    let short = copy(&world, &point, FAR_VAULT, None, start());
    assert_eq!(short.state, CopyJobState::Failed);
    assert!(short.message.unwrap().contains("minimum retention"));
    let long = copy(
        &world,
        &point,
        FAR_VAULT,
        Some(Lifecycle::delete_after(60)),
        start(),
    );
    assert_eq!(long.state, CopyJobState::Completed);
}

#[test]
fn a_cold_point_cannot_be_copied() {
    let world = world();
    vault(&world.engine, &far(), "safe");
    let point = world.backed_up(
        Lifecycle {
            move_to_cold_storage_after_days: Some(1),
            ..Lifecycle::delete_after(100)
        },
        start(),
    );
    world.engine.tick(start() + days(2));
    let refused = world
        .engine
        .start_copy_job(
            &home(),
            StartCopyJob {
                point_arn: point.arn,
                source_vault: "main".to_owned(),
                destination_vault_arn: FAR_VAULT.to_owned(),
                iam_role_arn: ROLE.to_owned(),
                ..StartCopyJob::default()
            },
            start() + days(2),
        )
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
}
