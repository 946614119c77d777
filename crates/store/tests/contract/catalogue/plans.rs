use serde_json::json;
use tidemark_domain::timeline::MarkKind;
use tidemark_domain::{
    AccountId,
    plan::{
        BackupPlan, PlanFilter, PlanKey, PlanRecord, PlanVersion, RegionSettings, SelectionRecord,
    },
};
use tidemark_services::ports::{KnownVersion, PartialFailure, ScopeSnapshot};

use super::lanes::{lane, query};
use tidemark_store::Store;

use crate::{
    builders::{
        A, B, account, arn, backup_job, minute, point, scope, scope_error, table, table_arn,
    },
    harness::on_both,
};

on_both!(
    a_plan_comes_back_as_it_was_read,
    plans_are_listed_by_name_page_by_page_and_filtered,
    versions_stay_when_their_plan_is_gone,
    plans_that_could_not_be_read_stay,
    points_and_jobs_of_a_plan_are_found,
    settings_stay_until_they_are_read_again,
    candidates_are_the_resources_that_exist,
    a_forgotten_account_leaves_no_plans,
    points_that_came_and_went_unseen_are_told_by_their_jobs,
);

fn document(name: &str, days: i64) -> BackupPlan {
    serde_json::from_value(json!({
        "BackupPlanName": name,
        "Later": {"a": [1, null, 2.5]},
        "Rules": [{
            "RuleName": "daily",
            "TargetBackupVaultName": "daily",
            "RuleId": "rule-1",
            "Lifecycle": {"DeleteAfterDays": days, "New": true},
        }],
    }))
    .unwrap()
}

fn plan(account: &str, id: &str, name: &str) -> PlanRecord {
    let scope = scope(account);
    PlanRecord {
        arn: arn(&format!(
            "arn:aws:backup:eu-west-1:{account}:backup-plan:{id}"
        )),
        account: scope.account,
        region: scope.region,
        id: id.to_owned(),
        version_id: format!("{id}-v1"),
        plan: document(name, 35),
        selections: vec![SelectionRecord {
            id: "selection-1".to_owned(),
            created_at: Some(minute(3)),
            selection: serde_json::from_value(json!({
                "SelectionName": "all",
                "IamRoleArn": format!("arn:aws:iam::{account}:role/backup"),
                "Resources": ["*"],
                "Someday": 1,
            }))
            .unwrap(),
        }],
        created_at: minute(2),
        last_execution: Some(minute(4)),
        taken: Some(7),
    }
}

fn version(plan: &PlanRecord, id: &str, days: i64, at: i64) -> KnownVersion {
    KnownVersion {
        plan_id: plan.id.clone(),
        version: PlanVersion {
            version_id: id.to_owned(),
            created_at: minute(at),
            deleted_at: None,
            plan: document(&plan.plan.backup_plan_name, days),
        },
    }
}

fn read(plans: Vec<PlanRecord>) -> ScopeSnapshot {
    ScopeSnapshot {
        plan_versions: plans
            .iter()
            .map(|plan| version(plan, &plan.version_id, 35, 2))
            .collect(),
        plans,
        settings: Some(RegionSettings::default()),
        ..ScopeSnapshot::default()
    }
}

async fn apply(store: &Store, account: &str, snapshot: &ScopeSnapshot, at: i64) {
    store
        .catalogue()
        .apply_sync(&scope(account), snapshot, minute(at))
        .await
        .unwrap();
}

async fn a_plan_comes_back_as_it_was_read(store: Store) {
    let gold = plan(A, "p1", "Gold");
    for at in [10, 11] {
        apply(&store, A, &read(vec![gold.clone()]), at).await;
        let catalogue = store.catalogue();
        assert_eq!(
            catalogue.plan(&gold.key()).await.unwrap(),
            Some(gold.clone())
        );
        assert_eq!(
            catalogue.plans_of(&scope(A)).await.unwrap(),
            vec![gold.clone()]
        );
    }
    let mut changed = gold.clone();
    changed.taken = Some(8);
    changed.plan = document("Platinum", 50);
    apply(&store, A, &read(vec![changed.clone()]), 12).await;
    let catalogue = store.catalogue();
    assert_eq!(catalogue.plan(&gold.key()).await.unwrap(), Some(changed));
    assert!(catalogue.plans_named("Gold").await.unwrap().is_empty());
    let absent = PlanKey {
        id: "absent".to_owned(),
        ..gold.key()
    };
    assert_eq!(catalogue.plan(&absent).await.unwrap(), None);
}

async fn plans_are_listed_by_name_page_by_page_and_filtered(store: Store) {
    let names = ["beta", "Alpha", "gamma_1", "Delta"];
    let of = |account: &str| {
        names
            .iter()
            .enumerate()
            .map(|(n, name)| plan(account, &format!("p{n}"), name))
            .collect::<Vec<_>>()
    };
    apply(&store, A, &read(of(A)), 10).await;
    apply(&store, B, &read(of(B)), 10).await;
    let catalogue = store.catalogue();
    for descending in [false, true] {
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = catalogue
                .plans(&PlanFilter {
                    cursor,
                    limit: Some(3),
                    descending,
                    ..PlanFilter::default()
                })
                .await
                .unwrap();
            assert_eq!(page.total, Some(8));
            seen.extend(page.items.into_iter().map(|p| p.plan.backup_plan_name));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let mut wanted = [
            "Alpha", "Alpha", "beta", "beta", "Delta", "Delta", "gamma_1", "gamma_1",
        ];
        if descending {
            wanted.reverse();
        }
        assert_eq!(seen, wanted);
    }
    let count = async |filter: PlanFilter| catalogue.plans(&filter).await.unwrap().items.len();
    let text = |text: &str| PlanFilter {
        text: Some(text.to_owned()),
        ..PlanFilter::default()
    };
    assert_eq!(count(text("ALPH")).await, 2);
    // Not a wildcard.
    assert_eq!(count(text("a_1")).await, 2);
    assert_eq!(count(text("a%1")).await, 0);
    let of_a = PlanFilter {
        account: Some(AccountId::parse(A).unwrap()),
        ..PlanFilter::default()
    };
    assert_eq!(count(of_a).await, 4);
    let by_name = PlanFilter {
        name: Some("beta".to_owned()),
        ..PlanFilter::default()
    };
    assert_eq!(count(by_name).await, 2);
    let same = catalogue.plans_named("beta").await.unwrap();
    assert_eq!(same.len(), 2);
    let foreign = PlanFilter {
        cursor: Some("nonsense".to_owned()),
        ..PlanFilter::default()
    };
    assert!(catalogue.plans(&foreign).await.is_err());
}

async fn versions_stay_when_their_plan_is_gone(store: Store) {
    let gold = plan(A, "p1", "gold");
    let mut snapshot = read(vec![gold.clone()]);
    snapshot.plan_versions.push(version(&gold, "p1-v2", 50, 9));
    apply(&store, A, &snapshot, 10).await;
    // AWS tells only of the newest from now on.
    snapshot.plan_versions.remove(0);
    apply(&store, A, &snapshot, 11).await;
    let catalogue = store.catalogue();
    let versions = catalogue.plan_versions(&gold.key()).await.unwrap();
    let ids: Vec<&str> = versions.iter().map(|v| v.version_id.as_str()).collect();
    assert_eq!(ids, ["p1-v2", "p1-v1"]);
    assert_eq!(versions[0].plan, document("gold", 50));
    assert_eq!(versions[0].deleted_at, None);

    apply(&store, A, &read(Vec::new()), 20).await;
    assert_eq!(catalogue.plan(&gold.key()).await.unwrap(), None);
    let versions = catalogue.plan_versions(&gold.key()).await.unwrap();
    assert_eq!(versions.len(), 2);
    assert!(versions.iter().all(|v| v.deleted_at == Some(minute(20))));
    // The moment stays.
    apply(&store, A, &read(Vec::new()), 30).await;
    let versions = catalogue.plan_versions(&gold.key()).await.unwrap();
    assert!(versions.iter().all(|v| v.deleted_at == Some(minute(20))));
}

async fn plans_that_could_not_be_read_stay(store: Store) {
    let gold = plan(A, "p1", "gold");
    apply(&store, A, &read(vec![gold.clone()]), 10).await;
    let mut refused = read(Vec::new());
    refused.partial = vec![PartialFailure {
        part: "plans".to_owned(),
        error: scope_error("backup:ListBackupPlans is denied"),
    }];
    apply(&store, A, &refused, 20).await;
    let catalogue = store.catalogue();
    assert_eq!(
        catalogue.plan(&gold.key()).await.unwrap(),
        Some(gold.clone())
    );
    let versions = catalogue.plan_versions(&gold.key()).await.unwrap();
    assert_eq!(versions[0].deleted_at, None);
}

async fn points_and_jobs_of_a_plan_are_found(store: Store) {
    let orders = table_arn(A, "orders");
    let mut by_hand = backup_job(A, "by-hand", &orders, "COMPLETED", 30);
    by_hand.plan_id = None;
    let mut missed = backup_job(A, "missed", &orders, "EXPIRED", 40);
    missed.start_by = Some(minute(100));
    let snapshot = ScopeSnapshot {
        resources: vec![table(A, "orders")],
        points: vec![point(A, "1", &orders, 10), point(A, "2", &orders, 20)],
        jobs: vec![
            backup_job(A, "first", &orders, "COMPLETED", 10),
            by_hand,
            missed.clone(),
        ],
        ..read(vec![plan(A, "plan-1", "gold")])
    };
    apply(&store, A, &snapshot, 50).await;
    apply(&store, B, &read(vec![plan(B, "plan-1", "gold")]), 50).await;
    let catalogue = store.catalogue();
    let key = plan(A, "plan-1", "gold").key();
    assert_eq!(catalogue.plan_points(&key).await.unwrap(), 2);
    let jobs = catalogue.plan_jobs(&key, 10).await.unwrap();
    let ids: Vec<&str> = jobs.iter().map(|job| job.id.as_str()).collect();
    assert_eq!(ids, ["missed", "first"]);
    assert_eq!(jobs[0], missed);
    assert_eq!(catalogue.plan_jobs(&key, 1).await.unwrap().len(), 1);
    let elsewhere = plan(B, "plan-1", "gold").key();
    assert_eq!(catalogue.plan_points(&elsewhere).await.unwrap(), 0);
    assert!(
        catalogue
            .plan_jobs(&elsewhere, 10)
            .await
            .unwrap()
            .is_empty()
    );
    let found = catalogue.point(&snapshot.points[0].arn).await.unwrap();
    assert_eq!(found.unwrap().rule_id.as_deref(), Some("rule-1"));
}

async fn settings_stay_until_they_are_read_again(store: Store) {
    let catalogue = store.catalogue();
    assert_eq!(catalogue.region_settings(&scope(A)).await.unwrap(), None);
    let mut snapshot = read(Vec::new());
    let settings = RegionSettings {
        opt_in: [("EBS".to_owned(), false), ("EFS".to_owned(), true)].into(),
        management: [("DynamoDB".to_owned(), true)].into(),
    };
    snapshot.settings = Some(settings.clone());
    apply(&store, A, &snapshot, 10).await;
    snapshot.settings = None;
    apply(&store, A, &snapshot, 11).await;
    let kept = catalogue.region_settings(&scope(A)).await.unwrap().unwrap();
    assert_eq!(kept, settings);
    assert!(!kept.opted_in("EBS") && kept.opted_in("EFS") && kept.opted_in("S3"));
}

async fn candidates_are_the_resources_that_exist(store: Store) {
    let gone = table_arn(A, "gone");
    let mut tagged = table(A, "orders");
    tagged.tags.insert("stage".to_owned(), "prod".to_owned());
    let snapshot = ScopeSnapshot {
        resources: vec![table(A, "users"), tagged.clone()],
        points: vec![point(A, "p", &gone, 1)],
        ..ScopeSnapshot::default()
    };
    apply(&store, A, &snapshot, 10).await;
    let elsewhere = ScopeSnapshot {
        resources: vec![table(B, "elsewhere")],
        ..ScopeSnapshot::default()
    };
    apply(&store, B, &elsewhere, 10).await;
    let candidates = store.catalogue().candidates(&scope(A)).await.unwrap();
    assert_eq!(candidates, [tagged, table(A, "users")]);
}

async fn a_forgotten_account_leaves_no_plans(store: Store) {
    store.accounts().add(&account(A, "prod")).await.unwrap();
    let gold = plan(A, "p1", "gold");
    apply(&store, A, &read(vec![gold.clone()]), 10).await;
    let catalogue = store.catalogue();
    catalogue.forget(&gold.account).await.unwrap();
    assert_eq!(catalogue.plan(&gold.key()).await.unwrap(), None);
    assert!(
        catalogue
            .plan_versions(&gold.key())
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(catalogue.region_settings(&scope(A)).await.unwrap(), None);
}

async fn points_that_came_and_went_unseen_are_told_by_their_jobs(store: Store) {
    let day = 24 * 60;
    let orders = table_arn(A, "orders");
    let gold = plan(A, "plan-1", "Gold");
    let mut reading = read(vec![gold.clone()]);
    // A day's retention at first, ten days from the third day on.
    reading.plan_versions = vec![
        version(&gold, "v1", 1, 2),
        version(&gold, "v2", 10, 3 * day),
    ];
    reading.resources = vec![table(A, "orders")];
    let made = |id: &str, at: i64| {
        let mut job = backup_job(A, id, &orders, "COMPLETED", at);
        job.point_arn = Some(point(A, id, &orders, at).arn);
        job
    };
    let now = 5 * day;
    let mut of_another_plan = made("other-plan", 20);
    of_another_plan.plan_id = Some("unknown".to_owned());
    reading.jobs = vec![
        made("pruned", 10),
        made("there", 3 * day + 10),
        made("deleted", 4 * day),
        made("just-made", now - 30),
        of_another_plan,
    ];
    reading.points = vec![point(A, "there", &orders, 3 * day + 10)];
    let marks = async || {
        let query = query(minute(0), minute(now), 2000);
        let lane = lane(&*store.catalogue(), &query).await;
        let told: Vec<_> = lane
            .marks
            .iter()
            .map(|mark| (mark.at, mark.kind, mark.count))
            .collect();
        told
    };
    let mut denied = reading.clone();
    denied.partial = vec![PartialFailure {
        part: "points:daily".to_owned(),
        error: scope_error("denied"),
    }];
    apply(&store, A, &denied, now - 1).await;
    assert_eq!(
        marks().await,
        [(minute(3 * day + 10), MarkKind::Point, 1)],
        "what could not be read is unknown, not gone"
    );
    let expected = [
        (minute(10), MarkKind::Pruned, 1),
        (minute(3 * day + 10), MarkKind::Point, 1),
        (minute(4 * day), MarkKind::Deleted, 1),
    ];
    for again in 0..2 {
        apply(&store, A, &reading, now + again).await;
        assert_eq!(marks().await, expected);
    }
    // Found after all: it was not gone.
    reading.points.push(point(A, "deleted", &orders, 4 * day));
    apply(&store, A, &reading, now + 2).await;
    assert_eq!(marks().await[2], (minute(4 * day), MarkKind::Point, 1));
}
