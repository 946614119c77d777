#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::{
    AccountId, Arn, PointSource, RecoveryPoint, Region, ResourceType, Tier, VaultKind,
    change::NewLifecycle,
    plan::{TypeSupport, VaultLimits},
    policy::Document,
};

const SOURCE: &str = "111122223333";
const OTHER: &str = "444455556666";
const ROLE: &str = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1";
const MANAGED: &str = "arn:aws:kms:eu-west-1:111122223333:key/2";

fn day(days: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + days * 86_400).unwrap()
}

fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

fn point() -> RecoveryPoint {
    RecoveryPoint {
        arn: Arn::parse("arn:aws:ec2:eu-west-1::snapshot/snap-1").unwrap(),
        resource_arn: Arn::parse("arn:aws:ec2:eu-west-1:111122223333:volume/vol-1").unwrap(),
        resource_type: ResourceType::Ebs,
        account: account(SOURCE),
        region: Region::parse("eu-west-1").unwrap(),
        vault: Some("daily".to_owned()),
        source: PointSource::AwsBackup,
        status: "COMPLETED".to_owned(),
        status_message: None,
        created_at: day(0),
        completed_at: None,
        size_bytes: None,
        tier: Tier::Warm,
        cold_at: None,
        delete_at: Some(day(35)),
        locked: false,
        held: false,
        copied_from: None,
        copied_from_vault: None,
        parent: None,
        plan_id: None,
        rule_id: None,
    }
}

/// A point that AWS Backup keeps itself.
fn managed() -> RecoveryPoint {
    RecoveryPoint {
        arn: Arn::parse("arn:aws:backup:eu-west-1:111122223333:recovery-point:1").unwrap(),
        resource_type: ResourceType::Efs,
        ..point()
    }
}

fn of_type(name: &str) -> RecoveryPoint {
    RecoveryPoint {
        resource_type: ResourceType::from(name),
        ..point()
    }
}

fn welcome(who: &Value, condition: Option<Value>) -> Document {
    let mut statement = json!({
        "Sid": "Copies", "Effect": "Allow", "Principal": who, "Action": "backup:CopyIntoBackupVault", "Resource": "*",
    });
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    Document::read(&json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()).unwrap()
}

/// A vault of another account in another Region, to which nothing stands in the way.
fn facts() -> CopyFacts {
    let member = || Membership::Of("o-1".to_owned());
    CopyFacts {
        destination: Destination {
            arn: Arn::parse("arn:aws:backup:eu-central-1:444455556666:backup-vault:safe").unwrap(),
            name: "safe".to_owned(),
            account: account(OTHER),
            region: Region::parse("eu-central-1").unwrap(),
            kind: VaultKind::Standard,
            limits: None,
            key: KeyManager::Customer,
            policy: Ok(Some(welcome(
                &json!({"AWS": "arn:aws:iam::111122223333:root"}),
                None,
            ))),
        },
        organizations: BTreeMap::from([(account(SOURCE), member()), (account(OTHER), member())]),
        cross_account: BTreeMap::from([(account(SOURCE), true)]),
        keys: BTreeMap::from([
            (
                KEY.to_owned(),
                KeyFacts {
                    manager: KeyManager::Customer,
                    sharing: Sharing::Shared,
                },
            ),
            (
                MANAGED.to_owned(),
                KeyFacts {
                    manager: KeyManager::Aws,
                    sharing: Sharing::Not("kms:Decrypt".to_owned()),
                },
            ),
        ]),
        support: TypeSupport::default(),
    }
}

fn of(point: &RecoveryPoint, key: &str, facts: &CopyFacts) -> Vec<CopyProblem> {
    judge(
        point,
        &PointKey::Key(key.to_owned()),
        None,
        ROLE,
        facts,
        day(1),
    )
}

#[test]
fn nothing_stands_in_the_way_of_a_copy_that_is_prepared() {
    assert_eq!(of(&point(), KEY, &facts()), []);
    assert_eq!(
        judge(&point(), &PointKey::Plain, None, ROLE, &facts(), day(1)),
        []
    );
}

#[rstest]
#[case(RecoveryPoint { vault: None, ..point() }, CopyProblem::OutsideVaults)]
#[case(RecoveryPoint { parent: Some(point().arn), ..point() }, CopyProblem::Member)]
#[case(RecoveryPoint { status: "CREATING".to_owned(), ..point() }, CopyProblem::Busy)]
#[case(RecoveryPoint { status: "PARTIAL".to_owned(), ..point() }, CopyProblem::Busy)]
#[case(RecoveryPoint { tier: Tier::Cold, ..point() }, CopyProblem::Cold)]
#[case(
    RecoveryPoint {
        account: account(OTHER),
        region: Region::parse("eu-central-1").unwrap(),
        vault: Some("safe".to_owned()),
        ..point()
    },
    CopyProblem::SameVault
)]
fn what_no_copy_job_is_made_of_is_never_tried(
    #[case] point: RecoveryPoint,
    #[case] problem: CopyProblem,
) {
    assert_eq!(problem.level(), CopyLevel::Never);
    assert_eq!(of(&point, KEY, &facts()), [problem]);
}

#[rstest]
#[case("RDS", true, false, false)]
#[case("RDS", false, true, false)]
#[case("RDS", true, true, true)]
#[case("Aurora", true, true, true)]
#[case("EBS", true, true, false)]
#[case("EBS", false, false, false)]
fn some_types_cross_accounts_or_regions_but_not_both(
    #[case] name: &str,
    #[case] other_account: bool,
    #[case] other_region: bool,
    #[case] expected: bool,
) {
    let mut facts = facts();
    if !other_account {
        facts.destination.account = account(SOURCE);
    }
    if !other_region {
        facts.destination.region = Region::parse("eu-west-1").unwrap();
    }
    let problems = of(&of_type(name), KEY, &facts);
    let is_stuck = matches!(problems.as_slice(), [CopyProblem::OneBoundary { .. }]);
    assert_eq!(is_stuck, expected, "{problems:?}");
    assert!(is_stuck || problems.is_empty(), "{problems:?}");
}

#[test]
fn types_without_copies_are_named_wherever_the_copy_goes() {
    let mut near = facts();
    near.destination.account = account(SOURCE);
    near.destination.region = Region::parse("eu-west-1").unwrap();
    let table = RecoveryPoint {
        arn: Arn::parse("arn:aws:dynamodb:eu-west-1:111122223333:table/t/backup/1").unwrap(),
        ..of_type("DynamoDB")
    };
    for facts in [near, facts()] {
        assert_eq!(of(&table, KEY, &facts)[0], CopyProblem::PlainDynamoDb);
        assert!(matches!(
            of(&of_type("Redshift"), KEY, &facts)[0],
            CopyProblem::NotCopied { .. }
        ));
        let advanced = RecoveryPoint {
            resource_type: ResourceType::DynamoDb,
            ..managed()
        };
        assert_eq!(of(&advanced, KEY, &facts), []);
    }
}

#[rstest]
#[case(json!("*"), None, None)]
#[case(json!("*"), Some(json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}})), None)]
#[case(json!("*"), Some(json!({"StringEquals": {"aws:PrincipalOrgID": "o-2"}})), Some(false))]
#[case(json!({"AWS": ROLE}), None, None)]
#[case(json!({"AWS": "arn:aws:iam::999900001111:root"}), None, Some(false))]
#[case(json!("*"), Some(json!({"StringEquals": {"example:unheard": "1"}})), Some(true))]
fn an_access_policy_is_asked_for_the_role_that_copies(
    #[case] who: Value,
    #[case] condition: Option<Value>,
    #[case] unknown: Option<bool>,
) {
    let mut facts = facts();
    facts.destination.policy = Ok(Some(welcome(&who, condition)));
    let problems = of(&point(), KEY, &facts);
    match unknown {
        None => assert_eq!(problems, []),
        Some(true) => assert!(
            matches!(problems.as_slice(), [CopyProblem::NotKnown { .. }]),
            "{problems:?}"
        ),
        Some(false) => assert_eq!(
            problems,
            [CopyProblem::VaultPolicy {
                vault: "safe".to_owned(),
                account: account(SOURCE)
            }]
        ),
    }
}

#[test]
fn a_vault_without_a_policy_lets_no_other_account_in_and_needs_none_for_its_own() {
    let mut facts = facts();
    facts.destination.policy = Ok(None);
    let problems = of(&point(), KEY, &facts);
    assert!(
        matches!(problems.as_slice(), [CopyProblem::VaultPolicy { .. }]),
        "{problems:?}"
    );
    facts.destination.account = account(SOURCE);
    assert_eq!(of(&point(), KEY, &facts), []);
}

#[test]
fn a_key_that_aws_manages_stops_only_types_that_keep_the_key_of_their_resource() {
    let problems = of(&point(), MANAGED, &facts());
    assert!(
        matches!(problems.as_slice(), [CopyProblem::ManagedKey { .. }]),
        "{problems:?}"
    );
    assert_eq!(of(&managed(), MANAGED, &facts()), []);
    let mut to_default = facts();
    to_default.destination.key = KeyManager::Aws;
    let problems = of(&point(), KEY, &to_default);
    assert!(
        matches!(
            problems.as_slice(),
            [CopyProblem::DestinationManagedKey { .. }]
        ),
        "{problems:?}"
    );
    assert_eq!(of(&managed(), KEY, &to_default), []);
    let mut near = facts();
    near.destination.account = account(SOURCE);
    assert_eq!(
        of(&point(), MANAGED, &near),
        [],
        "within an account, keys of AWS cross Regions"
    );
}

#[rstest]
#[case(json!({"AWS": "arn:aws:iam::444455556666:root"}), json!("kms:*"), None, Sharing::Shared)]
#[case(
    json!({"AWS": "arn:aws:iam::444455556666:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"}),
    json!(["kms:DescribeKey", "kms:Decrypt", "kms:ReEncrypt*", "kms:CreateGrant"]),
    None,
    Sharing::Shared
)]
#[case(
    json!({"AWS": "444455556666"}), json!(["kms:DescribeKey", "kms:Decrypt", "kms:ReEncrypt*"]), None,
    Sharing::Not("kms:CreateGrant".to_owned())
)]
#[case(
    json!({"AWS": "444455556666"}), json!("kms:*"), Some(json!({"Bool": {"kms:GrantIsForAWSResource": "true"}})),
    Sharing::Shared
)]
#[case(json!({"AWS": "arn:aws:iam::111122223333:root"}), json!("kms:*"), None, Sharing::Not("kms:DescribeKey".to_owned()))]
fn a_keys_policy_shares_it_with_all_that_a_copy_takes(
    #[case] who: Value,
    #[case] action: Value,
    #[case] condition: Option<Value>,
    #[case] expected: Sharing,
) {
    let mut statement =
        json!({"Effect": "Allow", "Principal": who, "Action": action, "Resource": "*"});
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    assert_eq!(Sharing::of(&policy, KEY, &account(OTHER), "aws"), expected);
}

#[test]
fn a_key_that_is_not_shared_is_named_and_one_that_nobody_saw_is_not_called_fine() {
    let mut facts = facts();
    facts.keys.insert(
        KEY.to_owned(),
        KeyFacts {
            manager: KeyManager::Customer,
            sharing: Sharing::Not("kms:Decrypt".to_owned()),
        },
    );
    let unshared = CopyProblem::UnsharedKey {
        key: Some(KEY.to_owned()),
        account: account(OTHER),
    };
    assert_eq!(of(&point(), KEY, &facts), std::slice::from_ref(&unshared));
    assert_eq!(of(&managed(), KEY, &facts), [unshared]);
    for key in [
        PointKey::Unknown,
        PointKey::Key("arn:aws:kms:eu-west-1:111122223333:key/3".to_owned()),
    ] {
        let problems = judge(&point(), &key, None, ROLE, &facts, day(1));
        assert!(
            matches!(problems.as_slice(), [CopyProblem::NotKnown { .. }]),
            "{problems:?}"
        );
    }
}

#[test]
fn the_organization_is_that_of_both_accounts() {
    let with = |one: Membership, other: Membership| {
        let mut facts = facts();
        facts.organizations = BTreeMap::from([(account(SOURCE), one), (account(OTHER), other)]);
        of(&point(), KEY, &facts)
    };
    let member = |id: &str| Membership::Of(id.to_owned());
    let apart = with(member("o-1"), member("o-2"));
    assert!(
        matches!(apart.as_slice(), [CopyProblem::OtherOrganization { .. }]),
        "{apart:?}"
    );
    assert_eq!(with(member("o-1"), Membership::None), apart);
    let unknown = with(member("o-1"), Membership::Unknown("denied".to_owned()));
    assert!(
        matches!(unknown.as_slice(), [CopyProblem::NotKnown { .. }]),
        "{unknown:?}"
    );
    let mut off = facts();
    off.cross_account = BTreeMap::from([(account(SOURCE), false)]);
    assert_eq!(of(&point(), KEY, &off), [CopyProblem::CrossAccountOff]);
}

#[test]
fn a_lock_is_held_against_the_retention_that_the_copy_would_have() {
    let mut facts = facts();
    facts.destination.limits = Some(VaultLimits {
        min_days: Some(30),
        max_days: Some(100),
    });
    let asked = |days: Option<i64>| {
        let lifecycle = NewLifecycle {
            cold_after_days: None,
            delete_after_days: days,
        };
        let key = PointKey::Key(KEY.to_owned());
        judge(&point(), &key, Some(lifecycle), ROLE, &facts, day(1))
    };
    let lock = CopyProblem::Lock {
        vault: "safe".to_owned(),
        days: Some((Some(30), Some(100))),
    };
    assert_eq!(of(&point(), KEY, &facts), [], "the source's own 35 days");
    assert_eq!(asked(Some(30)), []);
    assert_eq!(asked(Some(29)), std::slice::from_ref(&lock));
    assert_eq!(asked(Some(101)), std::slice::from_ref(&lock));
    assert_eq!(asked(None), [lock.clone(), CopyProblem::KeepsExpiry]);
    assert!(lock.fix().contains("30 to 100 days"), "{}", lock.fix());
}

#[test]
fn air_gapped_and_restore_access_vaults_take_not_everything() {
    let mut facts = facts();
    facts.destination.kind = VaultKind::AirGapped;
    assert_eq!(of(&point(), KEY, &facts), []);
    facts.support.not_air_gapped.insert("EBS".to_owned());
    assert!(matches!(
        of(&point(), KEY, &facts).as_slice(),
        [CopyProblem::NotAirGapped { .. }]
    ));
    facts.destination.kind = VaultKind::Other("RESTORE_ACCESS_BACKUP_VAULT".to_owned());
    assert_eq!(of(&point(), KEY, &facts), [CopyProblem::RestoreAccessVault]);
}

#[test]
fn what_is_only_to_be_known_does_not_stop_a_copy() {
    let continuous = RecoveryPoint {
        source: PointSource::Continuous,
        ..managed()
    };
    assert_eq!(of(&continuous, KEY, &facts()), [CopyProblem::Continuous]);
    let short = NewLifecycle {
        cold_after_days: None,
        delete_after_days: Some(3),
    };
    let key = PointKey::Key(KEY.to_owned());
    let problems = judge(&point(), &key, Some(short), ROLE, &facts(), day(9));
    assert_eq!(problems, [CopyProblem::OverOnArrival]);
    assert!(
        problems
            .iter()
            .all(|problem| problem.level() == CopyLevel::Note)
    );
}

#[test]
fn a_failed_job_is_told_in_the_words_of_the_check_before_it() {
    let (source, destination) = (account(SOURCE), account(OTHER));
    let ebs = ResourceType::Ebs;
    let said = |message: &str| {
        let route = Route {
            source: &source,
            destination: &destination,
            vault: "safe",
            resource_type: &ebs,
        };
        diagnose(message, route)
    };
    let apart = CopyProblem::OtherOrganization {
        source: source.clone(),
        destination: destination.clone(),
    };
    assert_eq!(
        said(
            "Access denied: Copy job failed. Both source and destination account must be a member of the same organization."
        ),
        Some(apart)
    );
    let policy = CopyProblem::VaultPolicy {
        vault: "safe".to_owned(),
        account: source.clone(),
    };
    assert_eq!(
        said("Access Denied trying to call AWS Backup service"),
        Some(policy)
    );
    let unshared = Some(CopyProblem::UnsharedKey {
        key: None,
        account: destination.clone(),
    });
    assert_eq!(
        said(
            "AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions on the default CMK"
        ),
        unshared
    );
    assert_eq!(
        said(
            "The source snapshot KMS key does not exist, is not enabled or you do not have permissions to access it"
        ),
        unshared
    );
    let managed = said(
        "Recovery points encrypted with an AWS managed KMS key cannot be copied to another account.",
    );
    assert_eq!(
        managed,
        Some(CopyProblem::ManagedKey {
            resource_type: ebs.clone()
        })
    );
    let unsupported = said(
        "Copy job from us-west-2 to us-east-1 cannot be initiated for RDS resources. Feature is not supported for provided resource type.",
    );
    assert!(
        matches!(unsupported, Some(CopyProblem::OneBoundary { .. })),
        "{unsupported:?}"
    );
    assert_eq!(said("An internal error occurred"), None);
}

#[test]
fn a_request_names_a_vault_and_a_lifecycle_that_aws_takes() {
    let request = |destination: &str, days: Option<(i64, i64)>| CopyRequest {
        selection: crate::change::PointSelection::Matching(Box::default()),
        all: true,
        destination: Arn::parse(destination).unwrap(),
        lifecycle: days.map(|(cold, delete)| NewLifecycle {
            cold_after_days: Some(cold),
            delete_after_days: Some(delete),
        }),
        service_role: None,
        anyway: false,
    };
    let vault = "arn:aws:backup:eu-west-1:111122223333:backup-vault:v";
    assert!(request(vault, Some((30, 120))).check().is_ok());
    assert!(request(vault, Some((30, 119))).check().is_err());
    let field = |request: CopyRequest| request.check().unwrap_err().field;
    assert_eq!(field(request("arn:aws:s3:::bucket", None)), "destination");
    assert_eq!(
        field(CopyRequest {
            all: false,
            ..request(vault, None)
        }),
        "selection"
    );
}
