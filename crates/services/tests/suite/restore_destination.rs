//! Where restores go: something new by default, something that exists only when it is said and typed.

use std::collections::BTreeMap;

use tidemark_domain::{
    Arn, Existence, RecoveryPoint, Resource, ResourceType, RestorePlan, RestoreRequest,
    RestoreSource, Role, Verdict,
};
use tidemark_services::{ServiceError, audit::AuditOutcome, ports::CloudErrorKind, restore};
use tidemark_testkit::{FakeTable, When, build};

use crate::{
    restore_kinds::{Kind, Pairs, kind, kinds, pairs},
    world::{ACCOUNT, World, caller, hour_ago},
};

fn resource(world: &World, kind: &Kind) -> Resource {
    let mut resource = build::resource(&world.scope, "")
        .of(ResourceType::from(kind.name), kind.arn)
        .tag("owner", "olga")
        .build();
    resource.arn.name().clone_into(&mut resource.name);
    resource
}

/// A resource of the type with a recovery point, both read into the catalogue.
pub(crate) async fn backed_up(world: &World, kind: &Kind) -> RecoveryPoint {
    let resource = resource(world, kind);
    let point = build::point(&resource, "p-1").build();
    world.aws.add_resource(resource);
    world.aws.add_point(point.clone(), pairs(&kind.proposed), 0);
    world.sync().await;
    point
}

pub(crate) fn request(point: &RecoveryPoint, metadata: BTreeMap<String, String>) -> RestoreRequest {
    RestoreRequest {
        resource: point.resource_arn.clone(),
        source: RestoreSource::RecoveryPoint {
            arn: point.arn.clone(),
            vault: "Default".to_owned(),
        },
        target_table: None,
        metadata,
        service_role: None,
        put_back: std::collections::BTreeSet::new(),
        tags: None,
        confirmation: None,
        reason: String::new(),
    }
}

pub(crate) async fn plan(world: &World, role: Role, request: &RestoreRequest) -> RestorePlan {
    restore::plan(&world.services, &caller(role), request.clone())
        .await
        .unwrap()
}

pub(crate) async fn start(
    world: &World,
    role: Role,
    request: &RestoreRequest,
    typed: Option<&str>,
) -> Result<tidemark_domain::runs::RunId, ServiceError> {
    let plan = plan(world, role, request).await;
    let mut request = request.clone();
    request.confirmation = typed.map(str::to_owned);
    restore::start(&world.services, &caller(role), request, &plan.digest).await
}

pub(crate) async fn refused_field(world: &World, request: RestoreRequest) -> String {
    match restore::plan(&world.services, &caller(Role::Operator), request).await {
        Err(ServiceError::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_default_restore_of_every_type_makes_something_new_and_is_open_to_owners() {
    for kind in kinds() {
        let world = World::new().await;
        let point = backed_up(&world, &kind).await;
        let from = RestoreSource::RecoveryPoint {
            arn: point.arn.clone(),
            vault: "Default".to_owned(),
        };
        let owner = caller(Role::Owner);
        let prefill = restore::prefill(&world.services, &owner, &point.resource_arn, &from)
            .await
            .unwrap();
        let request = request(&point, prefill.metadata);
        let plan = plan(&world, Role::Owner, &request).await;
        assert!(plan.can_start(), "{} {:?}", kind.name, plan.checks);
        assert!(plan.changes.is_empty(), "{} {:?}", kind.name, plan.changes);
        assert_eq!(plan.creates.len(), 1, "{}", kind.name);
        assert_eq!(plan.confirmation, None, "{}", kind.name);
        assert!(
            plan.summary.contains("itself is not touched"),
            "{}",
            plan.summary
        );
        let destination = plan.destination.clone().unwrap();
        assert!(
            matches!(destination.exists, Existence::No | Existence::NotChecked),
            "{destination:?}"
        );
        assert_ne!(destination.arn.as_ref(), Some(&point.resource_arn));
        if let Some(name) = &destination.name {
            assert!(name.contains("-restored-"), "{name}");
            assert!(destination.key().is_some());
        }
        start(&world, Role::Owner, &request, None).await.unwrap();
    }
}

#[tokio::test]
async fn a_second_copy_of_the_same_moment_gets_another_name() {
    let world = World::new().await;
    let kind = &kinds()[4];
    let point = backed_up(&world, kind).await;
    let from = RestoreSource::RecoveryPoint {
        arn: point.arn.clone(),
        vault: "Default".to_owned(),
    };
    let operator = caller(Role::Operator);
    let named = async || {
        let prefill = restore::prefill(&world.services, &operator, &point.resource_arn, &from);
        prefill.await.unwrap().metadata["DBInstanceIdentifier"].clone()
    };
    let first = named().await;
    assert_eq!(first, "main-restored-20260115120000");
    let arn = format!("arn:aws:rds:eu-west-1:{ACCOUNT}:db:{first}");
    let copy = build::resource(&world.scope, &first).of(ResourceType::Rds, &arn);
    world.aws.add_resource(copy.build());
    world.sync().await;
    assert_eq!(named().await, "main-restored-20260115120000-2");
}

/// Ways to name something that exists: the type, what is changed of its proposal, and the name.
fn ways() -> Vec<(&'static str, Pairs, &'static str)> {
    vec![
        ("S3", vec![("NewBucket", "false")], "media-originals"),
        ("S3", vec![("NewBucket", "true")], "media-originals"),
        (
            "S3",
            vec![
                ("DestinationBucketName", "other-live"),
                ("NewBucket", "false"),
            ],
            "other-live",
        ),
        (
            "S3",
            vec![
                ("DestinationBucketName", "other-live"),
                ("NewBucket", "true"),
            ],
            "other-live",
        ),
        ("EFS", vec![("newFileSystem", "false")], "fs-0live"),
        (
            "EFS",
            vec![("newFileSystem", "false"), ("file-system-id", "fs-0other")],
            "fs-0other",
        ),
        (
            "EFS",
            vec![("file-system-id", ""), ("CreationToken", "used-before")],
            "fs-0live",
        ),
        ("EBS", vec![("volumeId", "vol-0live")], "vol-0live"),
        ("EC2", vec![("InstanceId", "i-0live")], "i-0live"),
        ("RDS", vec![], "main"),
        ("RDS", vec![("DBInstanceIdentifier", "MAIN")], "main"),
        (
            "RDS",
            vec![
                ("DBInstanceIdentifier", "fresh"),
                ("TargetDBInstanceIdentifier", "main"),
            ],
            "fresh",
        ),
        ("Aurora", vec![], "shop"),
        ("MemoryDB", vec![], "sessions"),
        ("DocumentDB", vec![], "papers"),
        ("Neptune", vec![], "graph"),
        (
            "FSx",
            vec![(
                "ontapConfiguration",
                r#"{"storageVirtualMachineId":"svm-0live"}"#,
            )],
            "svm-0live",
        ),
    ]
}

#[tokio::test]
async fn each_way_of_naming_something_that_exists_is_a_change_of_it_and_refused_for_owners() {
    for (name, changed, typed) in ways() {
        let world = World::new().await;
        let kind = kinds().into_iter().find(|kind| kind.name == name).unwrap();
        let other = build::resource(&world.scope, "other-live")
            .of(ResourceType::S3, "arn:aws:s3:::other-live")
            .build();
        world.aws.add_resource(other);
        let point = backed_up(&world, &kind).await;
        let mut metadata = pairs(&kind.proposed);
        metadata.extend(pairs(&changed));
        let request = request(&point, metadata);
        let what = format!("{name} {changed:?}");

        let shown = plan(&world, Role::Operator, &request).await;
        assert!(shown.creates.is_empty(), "{what} {:?}", shown.creates);
        assert_eq!(shown.changes.len(), 1, "{what}");
        assert_eq!(shown.confirmation.as_deref(), Some(typed), "{what}");
        assert!(shown.can_start(), "{what} {:?}", shown.checks);
        assert!(shown.destination.unwrap().is_change(), "{what}");

        for wrong in [None, Some(""), Some("yes"), Some("something-else")] {
            match start(&world, Role::Operator, &request, wrong).await {
                Err(ServiceError::Invalid(invalid)) => {
                    assert_eq!(invalid.field, "confirmation", "{what}");
                    assert!(invalid.rule.contains(typed), "{what} {invalid}");
                }
                other => panic!("{what}: {other:?}"),
            }
        }
        let of_owner = plan(&world, Role::Owner, &request).await;
        assert!(!of_owner.can_start(), "{what}");
        let refused = start(&world, Role::Owner, &request, Some(typed)).await;
        assert!(
            matches!(refused, Err(ServiceError::Forbidden(_))),
            "{what} {refused:?}"
        );
        let last = world.audit.records().pop().unwrap().entry;
        assert_eq!(last.outcome, AuditOutcome::Denied, "{what}");
        assert_eq!(world.cloud.count("start_restore"), 0, "{what}");

        start(&world, Role::Operator, &request, Some(typed))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_type_that_is_not_known_keeps_its_form_and_must_be_confirmed() {
    let world = World::new().await;
    let kind = kind(
        "Redshift",
        "arn:aws:redshift:eu-west-1:111122223333:cluster:dwh",
        vec![("ClusterIdentifier", "dwh")],
    );
    let point = backed_up(&world, &kind).await;
    let from = RestoreSource::RecoveryPoint {
        arn: point.arn.clone(),
        vault: "Default".to_owned(),
    };
    let operator = caller(Role::Operator);
    let prefill = restore::prefill(&world.services, &operator, &point.resource_arn, &from)
        .await
        .unwrap();
    assert_eq!(prefill.metadata, pairs(&kind.proposed));
    let request = request(&point, prefill.metadata);
    let shown = plan(&world, Role::Operator, &request).await;
    assert!(
        shown
            .summary
            .contains("cannot be told whether this changes something that exists")
    );
    assert!(!shown.summary.contains("not touched"), "{}", shown.summary);
    assert_eq!(shown.confirmation.as_deref(), Some("dwh"));
    assert!(start(&world, Role::Operator, &request, None).await.is_err());
    assert!(
        start(&world, Role::Owner, &request, Some("dwh"))
            .await
            .is_err()
    );
    start(&world, Role::Operator, &request, Some("dwh"))
        .await
        .unwrap();
}

#[tokio::test]
async fn keys_that_differ_from_a_known_one_by_spelling_are_refused_by_name() {
    for (name, key) in [
        ("S3", "destinationBucketName"),
        ("S3", "newbucket"),
        ("EFS", "File-System-Id"),
        ("EFS", "newfilesystem"),
        ("RDS", "dbInstanceidentifier"),
        ("Aurora", "dbclusteridentifier"),
        ("MemoryDB", "ClusterName"),
        ("EBS", "AvailabilityZone"),
        ("EC2", "instancetype"),
        ("FSx", "OntapConfiguration"),
    ] {
        let world = World::new().await;
        let kind = kinds().into_iter().find(|kind| kind.name == name).unwrap();
        let point = backed_up(&world, &kind).await;
        let metadata = BTreeMap::from([(key.to_owned(), "media-originals".to_owned())]);
        let field = refused_field(&world, request(&point, metadata)).await;
        assert_eq!(field, format!("restore metadata {key}"), "{name}");
    }
}

#[tokio::test]
async fn no_metadata_names_a_table() {
    let world = World::new().await;
    let orders = build::resource(&world.scope, "orders").build();
    let point = build::point(&orders, "p-1").build();
    let proposed = BTreeMap::from([("targetTableName".to_owned(), "orders".to_owned())]);
    world.aws.add_point(point.clone(), proposed, 42);
    world.sync().await;
    let with = |key: &str| RestoreRequest {
        target_table: Some("orders-back".to_owned()),
        ..request(
            &point,
            BTreeMap::from([(key.to_owned(), "products".to_owned())]),
        )
    };
    for key in [
        "targetTableName",
        "TargetTableName",
        "TARGETTABLENAME",
        "target-table-name",
        "originalTableName",
        "EncryptionType",
        "whatever",
    ] {
        let field = refused_field(&world, with(key)).await;
        assert_eq!(field, format!("restore metadata {key}"));
    }
    plan(&world, Role::Operator, &with("kmsMasterKeyArn")).await;
    // A second of the table's own window takes none at all.
    let mut second = hour_ago(&world);
    second
        .metadata
        .insert("encryptionType".to_owned(), "Default".to_owned());
    let field = refused_field(&world, second).await;
    assert_eq!(field, "restore metadata encryptionType");
}

#[tokio::test]
async fn a_taken_table_name_is_a_change_that_cannot_start_and_owners_are_refused() {
    let world = World::new().await;
    let table = FakeTable::new("orders-back");
    world.aws.add_table(&world.scope, table);
    let shown = plan(&world, Role::Operator, &hour_ago(&world)).await;
    assert!(shown.creates.is_empty() && shown.changes.len() == 1);
    assert_eq!(shown.confirmation.as_deref(), Some("orders-back"));
    let start = |role, typed| start_of(&world, role, typed);
    assert!(matches!(
        start(Role::Operator, Some("orders-back")).await,
        Err(ServiceError::Checks(_))
    ));
    assert!(matches!(
        start(Role::Owner, Some("orders-back")).await,
        Err(ServiceError::Forbidden(_))
    ));
}

async fn start_of(
    world: &World,
    role: Role,
    typed: Option<&str>,
) -> Result<tidemark_domain::runs::RunId, ServiceError> {
    start(world, role, &hour_ago(world), typed).await
}

#[tokio::test]
async fn a_service_role_is_one_plain_role_and_the_policy_passes_it_to_aws_backup_alone() {
    let world = World::new().await;
    let point = backed_up(&world, &kinds()[2]).await;
    let volume = pairs(&kinds()[2].proposed);
    for role in ["*", "Restore*", "${aws:username}", "a/../b c"] {
        let request = RestoreRequest {
            service_role: Some(format!("arn:aws:iam::{ACCOUNT}:role/{role}")),
            ..request(&point, volume.clone())
        };
        assert_eq!(
            refused_field(&world, request).await,
            "service role",
            "{role}"
        );
    }
    let role = format!("arn:aws:iam::{ACCOUNT}:role/backup/Restore");
    let request = RestoreRequest {
        service_role: Some(role.clone()),
        ..request(&point, volume)
    };
    let shown = plan(&world, Role::Operator, &request).await;
    let policy: serde_json::Value = serde_json::from_str(&shown.session_policy).unwrap();
    let pass = policy["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .find(|statement| statement["Action"] == "iam:PassRole")
        .unwrap();
    assert_eq!(pass["Resource"], role);
    assert_eq!(
        pass["Condition"]["StringEquals"]["iam:PassedToService"],
        "backup.amazonaws.com"
    );
}

#[tokio::test]
async fn a_bucket_that_appears_after_the_plan_makes_it_another_plan() {
    let world = World::new().await;
    let point = backed_up(&world, &kinds()[0]).await;
    let metadata = BTreeMap::from([
        ("DestinationBucketName".to_owned(), "fresh-one".to_owned()),
        ("NewBucket".to_owned(), "true".to_owned()),
    ]);
    let request = request(&point, metadata);
    let shown = plan(&world, Role::Operator, &request).await;
    assert_eq!(shown.confirmation, None);
    let bucket = build::resource(&world.scope, "fresh-one")
        .of(ResourceType::S3, "arn:aws:s3:::fresh-one")
        .build();
    world.aws.add_resource(bucket);
    let started = restore::start(
        &world.services,
        &caller(Role::Operator),
        request.clone(),
        &shown.digest,
    )
    .await;
    assert!(
        matches!(started, Err(ServiceError::Conflict(_))),
        "{started:?}"
    );

    // A name that cannot be asked about is not taken for free.
    world
        .cloud
        .fail_always("bucket_exists", CloudErrorKind::Throttled, When::Before);
    let shown = plan(&world, Role::Operator, &request).await;
    assert_eq!(shown.confirmation.as_deref(), Some("fresh-one"));
    assert!(
        shown
            .checks
            .iter()
            .any(|check| check.verdict == Verdict::Unknown),
        "{:?}",
        shown.checks
    );
}

#[tokio::test]
async fn a_bucket_that_is_not_there_or_elsewhere_fails_the_check() {
    let world = World::new().await;
    let other = world.add_account("444455556666").await;
    let elsewhere = build::resource(&other, "elsewhere")
        .of(ResourceType::S3, "arn:aws:s3:::elsewhere")
        .build();
    world.aws.add_resource(elsewhere);
    let account = build::account("444455556666");
    tidemark_services::sync::sync_scope(&world.services, &account, &other.region)
        .await
        .unwrap();
    let point = backed_up(&world, &kinds()[0]).await;
    for (bucket, says) in [
        ("nowhere", "There is no bucket"),
        ("elsewhere", "444455556666"),
    ] {
        let metadata = BTreeMap::from([
            ("DestinationBucketName".to_owned(), bucket.to_owned()),
            ("NewBucket".to_owned(), "false".to_owned()),
        ]);
        let shown = plan(&world, Role::Operator, &request(&point, metadata)).await;
        assert!(!shown.can_start(), "{bucket}");
        assert!(
            shown.checks.iter().any(|check| check.detail.contains(says)),
            "{:?}",
            shown.checks
        );
    }
}

#[tokio::test]
async fn a_copy_in_another_account_is_shown_under_that_accounts_alias_and_is_not_for_owners() {
    let world = World::new().await;
    let recovery = world.add_account("444455556666").await;
    let orders = build::resource(&world.scope, "orders").build();
    let mut copy = build::point(&orders, "copy").build();
    copy.account = recovery.account.clone();
    copy.region = recovery.region.clone();
    copy.arn = Arn::parse("arn:aws:backup:eu-west-1:444455556666:recovery-point:copy").unwrap();
    world.aws.add_point(copy.clone(), BTreeMap::new(), 42);
    let account = build::account("444455556666");
    tidemark_services::sync::sync_scope(&world.services, &account, &recovery.region)
        .await
        .unwrap();
    let request = RestoreRequest {
        target_table: Some("orders-back".to_owned()),
        ..request(&copy, BTreeMap::new())
    };
    let shown = plan(&world, Role::Operator, &request).await;
    for text in [&shown.summary, &shown.creates[0]] {
        assert!(
            text.contains("account-444455556666 (444455556666)"),
            "{text}"
        );
        assert!(!text.contains("account-111122223333"), "{text}");
    }
    assert_eq!(shown.destination.unwrap().alias, "account-444455556666");
    start(&world, Role::Operator, &request, None).await.unwrap();

    let of_owner = plan(&world, Role::Owner, &request).await;
    let check = of_owner
        .checks
        .iter()
        .find(|check| check.verdict == Verdict::Fail)
        .unwrap();
    assert!(check.detail.contains("account-444455556666"), "{check:?}");
    let started = start(&world, Role::Owner, &request, None).await;
    assert!(
        matches!(started, Err(ServiceError::Forbidden(_))),
        "{started:?}"
    );
}

#[tokio::test]
async fn what_was_typed_is_no_part_of_the_plan() {
    let world = World::new().await;
    let bare = plan(&world, Role::Operator, &hour_ago(&world)).await;
    let typed = RestoreRequest {
        confirmation: Some("orders-back".to_owned()),
        ..hour_ago(&world)
    };
    let typed = plan(&world, Role::Operator, &typed).await;
    assert_eq!(typed.digest, bare.digest);
    assert_eq!(typed.request.confirmation, None);
}
