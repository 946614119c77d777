#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    AccountId, Arn, Job, JobKind, Region, Vault, VaultKind, VaultName,
    plan::{BackupPlan, PlanRecord},
    policy::Document,
};

const HOME: &str = "111122223333";

fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

fn region() -> Region {
    Region::parse("eu-west-1").unwrap()
}

fn request(change: VaultChange) -> VaultRequest {
    VaultRequest {
        account: account(HOME),
        region: region(),
        vault: VaultName::parse("kept").unwrap(),
        change,
    }
}

fn vault() -> Vault {
    Vault {
        name: "kept".to_owned(),
        arn: Arn::parse(request(VaultChange::Unlock).arn()).unwrap(),
        account: account(HOME),
        region: region(),
        points: 0,
        locked: false,
        lock_date: None,
        min_retention_days: None,
        max_retention_days: None,
        kind: VaultKind::Standard,
        created_at: None,
        encryption_key: None,
        access_policy: None,
    }
}

fn plan(id: &str, rules: serde_json::Value) -> PlanRecord {
    let plan: BackupPlan =
        serde_json::from_value(json!({"BackupPlanName": id, "Rules": rules})).unwrap();
    PlanRecord {
        account: account(id),
        region: region(),
        id: format!("plan-{id}"),
        arn: Arn::parse(format!("arn:aws:backup:eu-west-1:{id}:backup-plan:{id}")).unwrap(),
        version_id: "v".to_owned(),
        plan,
        selections: Vec::new(),
        created_at: Timestamp::UNIX_EPOCH,
        last_execution: None,
        taken: None,
    }
}

fn plans() -> Vec<PlanRecord> {
    vec![
        plan(
            HOME,
            json!([
                {"RuleName": "daily", "RuleId": "d", "TargetBackupVaultName": "kept",
                 "Lifecycle": {"DeleteAfterDays": 7}},
                {"RuleName": "yearly", "RuleId": "y", "TargetBackupVaultName": "kept"},
                {"RuleName": "other", "RuleId": "o", "TargetBackupVaultName": "other"},
            ]),
        ),
        plan(
            "222233334444",
            json!([{"RuleName": "away", "RuleId": "a", "TargetBackupVaultName": "kept",
            "Lifecycle": {"DeleteAfterDays": 7},
            "CopyActions": [
                {"DestinationBackupVaultArn": vault().arn.as_str(), "Lifecycle": {"DeleteAfterDays": 90}},
                {"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:222233334444:backup-vault:kept"},
            ]}]),
        ),
    ]
}

fn job(kind: JobKind, owner: &str, rule: Option<&str>) -> Job {
    Job {
        id: format!("{owner}-{}", rule.unwrap_or("none")),
        kind,
        account: account(owner),
        region: region(),
        resource_arn: None,
        point_arn: None,
        status: "RUNNING".to_owned(),
        message: None,
        percent: None,
        created_at: Timestamp::UNIX_EPOCH,
        completed_at: None,
        vault: Some("kept".to_owned()),
        plan_id: Some(format!("plan-{owner}")),
        rule_id: rule.map(str::to_owned),
        start_by: None,
    }
}

fn wish(mode: LockMode, days: Option<i64>, min: Option<i64>, max: Option<i64>) -> LockWish {
    LockWish {
        mode,
        changeable_for_days: days,
        min_retention_days: min,
        max_retention_days: max,
        accept_failures: false,
    }
}

#[test]
fn the_rehearsal_names_each_rule_and_job_that_the_limits_would_fail() {
    let limits = wish(LockMode::Governance, None, Some(30), Some(365)).limits();
    let jobs = [
        job(JobKind::Backup, HOME, Some("d")),
        job(JobKind::Backup, HOME, None),
        job(JobKind::Copy, "222233334444", Some("a")),
        // Into the vault of the same name of its own account.
        job(JobKind::Backup, "222233334444", Some("a")),
    ];
    let found = rehearse(&vault(), &limits, &plans(), &jobs, OutsidePoints::default());
    let told: Vec<(JobKind, &str, Option<i64>, bool)> = found
        .rules
        .iter()
        .map(|rule| {
            (
                rule.kind,
                rule.rule.as_str(),
                rule.days,
                rule.refusal.is_some(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (JobKind::Backup, "daily", Some(7), true),
            (JobKind::Backup, "yearly", None, true),
            (JobKind::Copy, "away", Some(90), false),
        ]
    );
    assert_eq!(found.failing().count(), 2);
    let fates: Vec<&JobFate> = found.jobs.iter().map(|job| &job.fate).collect();
    assert!(
        matches!(
            fates[..],
            [JobFate::Fails { .. }, JobFate::Unknown, JobFate::Fits]
        ),
        "{fates:?}"
    );
    assert_eq!(found.failing_jobs().count(), 1);
}

#[test]
fn a_lock_is_refused_where_aws_refuses_it_and_the_field_is_named() {
    use LockMode::{Compliance, Governance};
    let field = |wish: LockWish| {
        request(VaultChange::Lock(wish))
            .checked()
            .err()
            .map(|wrong| wrong.field)
    };
    let days = Some("changeable_for_days".to_owned());
    assert_eq!(field(wish(Compliance, None, None, None)), days);
    assert_eq!(field(wish(Compliance, Some(2), None, None)), days);
    assert_eq!(field(wish(Compliance, Some(36_501), None, None)), days);
    assert_eq!(field(wish(Governance, Some(3), None, None)), days);
    assert_eq!(
        field(wish(Compliance, Some(3), Some(1), Some(36_500))),
        None
    );
    let min = Some("min_retention_days".to_owned());
    let max = Some("max_retention_days".to_owned());
    assert_eq!(field(wish(Governance, None, Some(0), None)), min);
    assert_eq!(field(wish(Governance, None, None, Some(36_501))), max);
    assert_eq!(field(wish(Governance, None, Some(8), Some(7))), max);
    assert_eq!(field(wish(Governance, None, None, None)), None);
}

#[test]
fn what_cannot_be_taken_back_wants_the_name() {
    let wants = |change| request(change).wants_name();
    assert!(wants(VaultChange::Delete));
    assert!(wants(VaultChange::Lock(wish(
        LockMode::Compliance,
        Some(3),
        None,
        None
    ))));
    assert!(!wants(VaultChange::Lock(wish(
        LockMode::Governance,
        None,
        None,
        None
    ))));
    assert!(!wants(VaultChange::Create(NewVault::default())));
    assert!(!request(VaultChange::Create(NewVault::default())).protects());
    let policy = Some("{}".to_owned());
    let new = NewVault {
        policy,
        ..NewVault::default()
    };
    assert!(request(VaultChange::Create(new)).protects());
}

#[test]
fn a_lock_that_is_set_is_told_from_one_that_was_set_before() {
    let wish = wish(LockMode::Compliance, Some(3), Some(7), None);
    let now = Timestamp::from_second(1_000_000_000).unwrap();
    let after = |days: i64| now + SignedDuration::from_hours(24 * days);
    let locked = |date| Vault {
        locked: true,
        lock_date: Some(date),
        min_retention_days: Some(7),
        ..vault()
    };
    let later = now + SignedDuration::from_mins(1);
    assert!(wish.is_set(&locked(after(3)), now, later));
    assert!(!wish.is_set(&locked(after(2)), now, later));
    assert!(!wish.is_set(&vault(), now, later));
    let governance = LockWish {
        changeable_for_days: None,
        mode: LockMode::Governance,
        ..wish
    };
    assert!(!governance.is_set(&locked(after(3)), now, later));
}

#[test]
fn a_new_vault_is_refused_where_aws_refuses_it() {
    let field = |new: NewVault| {
        request(VaultChange::Create(new))
            .checked()
            .err()
            .map(|wrong| wrong.field)
    };
    let key = |text: &str| NewVault {
        key: Some(Arn::parse(text).unwrap()),
        ..NewVault::default()
    };
    assert_eq!(field(key("arn:aws:kms:eu-west-1:111122223333:key/k")), None);
    let named = Some("key".to_owned());
    assert_eq!(
        field(key("arn:aws:kms:eu-west-2:111122223333:key/k")),
        named
    );
    assert_eq!(
        field(key("arn:aws:kms:eu-west-1:111122223333:alias/k")),
        named
    );
    let tag = |name: &str| NewVault {
        tags: [(name.to_owned(), String::new())].into(),
        ..NewVault::default()
    };
    assert_eq!(field(tag("team")), None);
    assert_eq!(field(tag("AWS:x")), Some("tags".to_owned()));
    assert_eq!(field(tag("")), Some("tags".to_owned()));
    let policy = Some("[]".to_owned());
    assert_eq!(
        field(NewVault {
            policy,
            ..NewVault::default()
        }),
        Some("policy".to_owned())
    );
}

#[test]
fn a_hold_takes_a_whole_date_range_or_none_and_names_only_its_own_account() {
    let field = |change: NewHold| {
        let request = HoldRequest {
            account: account(HOME),
            region: region(),
            change: HoldChange::Create(change),
        };
        request.checked().err().map(|wrong| wrong.field)
    };
    let new = NewHold {
        title: " Case 1 ".to_owned(),
        description: "why".to_owned(),
        ..NewHold::default()
    };
    assert_eq!(field(new.clone()), None);
    let untitled = NewHold {
        title: "  ".to_owned(),
        ..new.clone()
    };
    assert_eq!(field(untitled), Some("title".to_owned()));
    let open = NewHold {
        from: Some(Timestamp::UNIX_EPOCH),
        ..new.clone()
    };
    assert_eq!(field(open), Some("from".to_owned()));
    let away = "arn:aws:dynamodb:eu-west-1:222233334444:table/t";
    let away = NewHold {
        resources: vec![Arn::parse(away).unwrap()],
        ..new
    };
    assert_eq!(field(away), Some("resources".to_owned()));
}

proptest! {
    #[test]
    fn copies_are_allowed_and_stopped_without_touching_what_others_wrote(
        space in "[ \n\t]{0,4}",
        ids in proptest::collection::btree_set(100_000_000_000_u64..999_999_999_999, 1..5),
    ) {
        let foreign = format!(
            r#"{{{space}"Id":"kept","Statement":{space}[{{"Sid":"Other","Effect":"Deny","Principal":"*",{space}"Action":"backup:*","Resource":"*"}}]}}"#
        );
        let accounts: BTreeSet<AccountId> = ids.iter().map(|id| account(&id.to_string())).collect();
        let allow = PolicyEdit::AllowCopies { accounts: accounts.clone() };
        let apply = |text: &str, edit: &PolicyEdit| {
            let document = Document::read(text).unwrap();
            edited(&document, Some(text), edit, &region()).unwrap().unwrap()
        };
        let opened = apply(&foreign, &allow);
        let document = Document::read(&opened).unwrap();
        prop_assert_eq!(document.statements().len(), 1 + accounts.len());
        let other = Document::read(&foreign).unwrap();
        prop_assert_eq!(document.statement_text(0), other.statement_text(0));
        prop_assert_eq!(&apply(&opened, &allow), &opened);
        for id in &accounts {
            prop_assert_eq!(crate::plan::allows_copies(&opened, id), Some(false));
        }
        let closed = apply(&opened, &PolicyEdit::StopCopies { accounts });
        let document = Document::read(&closed).unwrap();
        prop_assert_eq!(document.statements().len(), 1);
        prop_assert_eq!(document.statement_text(0), other.statement_text(0));
    }
}

#[test]
fn a_vault_without_a_policy_gets_one_and_loses_it_with_the_last_statement() {
    let edit = |before: Option<&str>, edit: &PolicyEdit| {
        edited(&Document::of(before).unwrap(), before, edit, &region()).unwrap()
    };
    let accounts: BTreeSet<AccountId> = [account("222233334444")].into();
    let opened = edit(
        None,
        &PolicyEdit::AllowCopies {
            accounts: accounts.clone(),
        },
    )
    .unwrap();
    assert_eq!(
        crate::plan::allows_copies(&opened, &account("222233334444")),
        Some(true)
    );
    assert_eq!(
        edit(Some(&opened), &PolicyEdit::StopCopies { accounts }),
        None
    );
    assert_eq!(edit(None, &PolicyEdit::AllowDeletion), None);
    let denied = edit(None, &PolicyEdit::DenyDeletion).unwrap();
    assert_eq!(
        edit(Some(&denied), &PolicyEdit::DenyDeletion).as_deref(),
        Some(&*denied)
    );
}
