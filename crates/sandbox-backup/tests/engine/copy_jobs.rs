use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_sandbox_backup::{
    CreateVault, ErrorKind, LockRequest, Organization, PointFilter, StartCopyJob, StartRestoreJob,
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
    assert!(job.message.unwrap().contains("backup:CopyIntoBackupVault"));
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

#[test]
fn an_aws_managed_key_does_not_cross_accounts_but_crosses_regions() {
    let (world, _) = welcomed();
    world
        .engine
        .create_vault(
            &home(),
            CreateVault {
                name: "default".to_owned(),
                ..CreateVault::default()
            },
            start(),
        )
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
    let near = Scope::new(home().account, "eu-central-1");
    vault(&world.engine, &near, "near");
    for (to, expected) in [
        (FAR_VAULT, CopyJobState::Failed),
        (
            "arn:aws:backup:eu-central-1:111122223333:backup-vault:near",
            CopyJobState::Completed,
        ),
    ] {
        let job = world
            .engine
            .start_copy_job(
                &home(),
                StartCopyJob {
                    point_arn: arn.clone(),
                    source_vault: "default".to_owned(),
                    destination_vault_arn: to.to_owned(),
                    iam_role_arn: ROLE.to_owned(),
                    ..StartCopyJob::default()
                },
                start(),
            )
            .unwrap();
        world.engine.tick(start());
        let job = world.engine.describe_copy_job(&home(), &job.id).unwrap();
        assert_eq!(job.state, expected, "{:?}", job.message);
        if expected == CopyJobState::Failed {
            assert!(job.message.unwrap().contains("AWS managed KMS key"));
        }
    }
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
