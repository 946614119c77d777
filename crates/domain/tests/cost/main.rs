//! What backups cost, by estimate.
#![expect(clippy::unwrap_used, reason = "tests")]

use jiff::Timestamp;
use serde_json::json;
use tidemark_domain::{
    Arn, PointSource, RecoveryPoint, ResourceType, Tier,
    cost::{PlanFuture, PriceList, StoredBytes, TakenType, early_deletion, estimate, forecast},
    plan::BackupPlan,
    simulate::{PlanVersion, Scene, SimPlan, SimResource, Simulation},
};

const GIB: u64 = 1 << 30;

fn prices() -> PriceList {
    let price = |kind: &str, resource_type: &str, region: &str, amount: f64| {
        json!({
            "resource_type": resource_type, "region": region, "kind": kind, "amount": amount,
            "source": "a test", "date": "2026-01-01",
        })
    };
    serde_json::from_value(json!({
        "as_of": "2026-01-01",
        "currency": "USD",
        "prices": [
            price("warm_gb_month", "*", "*", 1.0),
            price("warm_gb_month", "*", "eu-west-1", 2.0),
            price("warm_gb_month", "DynamoDB", "*", 3.0),
            price("warm_gb_month", "DynamoDB", "eu-west-1", 4.0),
            price("cold_gb_month", "DynamoDB", "*", 0.5),
            price("copy_gb", "*", "*", 0.25),
        ],
    }))
    .unwrap()
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} is not {b}");
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn stored(resource_type: &str, region: &str, tier: Tier, gib: u64) -> StoredBytes {
    StoredBytes {
        resource_type: resource_type.into(),
        region: region.parse().unwrap(),
        tier,
        bytes: gib * GIB,
        points: 1,
    }
}

#[test]
fn the_price_that_fits_best_counts() {
    for (resource_type, region, amount) in [
        ("DynamoDB", "eu-west-1", 4.0),
        ("DynamoDB", "us-east-1", 3.0),
        ("RDS", "eu-west-1", 2.0),
        ("RDS", "us-east-1", 1.0),
    ] {
        let parts = [stored(resource_type, region, Tier::Warm, 1)];
        near(estimate(&parts, &prices()).monthly(), amount);
    }
}

#[test]
fn tiers_are_summed_and_types_without_a_price_are_told() {
    let parts = [
        stored("DynamoDB", "eu-west-1", Tier::Warm, 10),
        stored("DynamoDB", "eu-west-1", Tier::Cold, 100),
        stored("RDS", "eu-west-1", Tier::Cold, 7),
    ];
    let estimate = estimate(&parts, &prices());
    near(estimate.stored.warm, 40.0);
    near(estimate.stored.cold, 50.0);
    assert_eq!(estimate.stored.cold_bytes, 107 * GIB);
    assert_eq!(estimate.unpriced, [ResourceType::Rds].into());
    assert_eq!(estimate.stored.points, 3);
}

#[test]
fn a_list_of_prices_is_checked() {
    assert!(prices().check().is_ok());
    let mut wrong = prices();
    wrong.prices[1].amount = -1.0;
    assert_eq!(wrong.check().unwrap_err().field, "prices[1].amount");
    wrong.prices[1].amount = f64::NAN;
    assert!(wrong.check().is_err());
    wrong.prices[1].amount = 1.0;
    wrong.prices[1].source = " ".to_owned();
    assert_eq!(wrong.check().unwrap_err().field, "prices[1].source");
}

/// A point on the first of each month of 30 GiB, cold after 15 days, deleted after 105, copied for a day.
fn monthly(until: &str) -> Simulation {
    let copy = json!({
        "DestinationBackupVaultArn": "arn:aws:backup:us-east-1:111122223333:backup-vault:far",
        "Lifecycle": {"DeleteAfterDays": 1},
    });
    let rule = json!({
        "RuleName": "monthly", "TargetBackupVaultName": "main",
        "ScheduleExpression": "cron(0 0 1 * ? *)",
        "Lifecycle": {"MoveToColdStorageAfterDays": 15, "DeleteAfterDays": 105},
        "CopyActions": [copy],
    });
    simulated(&rule, until)
}

/// What a rule makes of the table `orders` of 30 GiB from the end of May on.
fn simulated(rule: &serde_json::Value, until: &str) -> Simulation {
    let plan = json!({"BackupPlanName": "a plan", "Rules": [rule]});
    let plan: BackupPlan = serde_json::from_value(plan).unwrap();
    let scene = Scene {
        plans: vec![SimPlan {
            id: "p".to_owned(),
            account: "111122223333".parse().unwrap(),
            region: "eu-west-1".parse().unwrap(),
            versions: vec![PlanVersion {
                id: "v".to_owned(),
                plan,
                valid_from: at("2026-05-31T12:00:00Z"),
                valid_until: None,
            }],
            resources: vec![SimResource {
                arn: Arn::parse("arn:aws:dynamodb:eu-west-1:111122223333:table/orders").unwrap(),
                resource_type: ResourceType::DynamoDb,
                size_bytes: Some(30 * GIB),
                cold: true,
                cold_by_opt_in: false,
                continuous: false,
            }],
        }],
        ..Scene::default()
    };
    Simulation::run(&scene, at("2026-05-31T12:00:00Z"), at(until))
}

#[test]
fn a_future_costs_each_point_for_the_time_for_which_it_exists() {
    let months = forecast(&monthly("2026-07-01T00:00:00Z"), &prices());
    assert_eq!(months.len(), 2);
    let june = &months[1];
    assert_eq!(june.month.to_string(), "2026-06-01");
    near(june.covered, 1.0);
    // Half of June warm at 4, the copy a thirtieth of it at 3, half of June cold at 0.5.
    near(june.warm, 30.0 * 4.0 * 0.5 + 30.0 * 3.0 / 30.0);
    near(june.cold, 30.0 * 0.5 * 0.5);
    near(june.copies, 30.0 * 0.25);
    near(months[0].total(), 0.0);
    assert!(months[0].covered < 0.02);
}

#[test]
fn a_plans_future_tells_what_is_kept_how_far_back_it_reaches_and_when_its_cost_is_level() {
    let orders = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
    let taken = |resource_type: &str, example: &str| TakenType {
        resource_type: resource_type.into(),
        example: Arn::parse(example).unwrap(),
        resources: 3,
        bytes: 30 * GIB,
        without_size: 1,
        priced: false,
    };
    let future = |simulation: Simulation, taken: Vec<TakenType>| {
        let region = "eu-west-1".parse().unwrap();
        PlanFuture::of("gold".to_owned(), &simulation, taken, &region, &prices())
    };
    let year = monthly("2027-07-01T00:00:00Z");
    let year = future(year, vec![taken("DynamoDB", orders)]);
    assert!(year.taken[0].priced);
    let november = &year.months[6];
    assert_eq!(november.cost.month.to_string(), "2026-11-01");
    assert_eq!(november.at, at("2026-12-01T00:00:00Z"));
    // At the end of November: the points of September, October and November, cold for long, and that of
    // December, made just then. A copy lives for a day: that of December is not there before the point is.
    assert_eq!(november.cold_points, 3 * 3);
    assert_eq!(november.cold_bytes, 3 * 30 * GIB);
    assert_eq!(november.furthest, Some(at("2026-09-01T00:00:00Z")));
    let first = &year.months[0];
    assert!(!first.is_whole());
    assert!(year.last_whole().unwrap().is_whole());

    // Thirty points at any time, from the first of July on.
    let daily = |until: &str| {
        let rule = json!({
            "RuleName": "daily", "TargetBackupVaultName": "main",
            "ScheduleExpression": "cron(0 0 * * ? *)",
            "Lifecycle": {"DeleteAfterDays": 30},
        });
        future(simulated(&rule, until), vec![taken("DynamoDB", orders)])
    };
    let level = daily("2027-07-01T00:00:00Z");
    let from = level.level_from().unwrap();
    assert_eq!(from.cost.month.to_string(), "2026-07-01");
    near(from.cost.total(), 30.0 * 30.0 * 4.0);
    assert_eq!(from.warm_points, 3 * 30);
    let growing = daily("2026-08-01T00:00:00Z");
    assert!(
        growing.level_from().is_none(),
        "nothing shows that July is not growing"
    );

    // What has no point yet reaches nowhere, and with it the plan.
    let other = "arn:aws:dynamodb:eu-west-1:111122223333:table/another";
    let both = vec![taken("DynamoDB", orders), taken("Unknown", other)];
    let both = future(monthly("2026-08-20T00:00:00Z"), both);
    assert!(both.months.iter().all(|month| month.furthest.is_none()));
}

#[test]
fn deleting_cold_points_early_costs_the_rest_of_ninety_days() {
    let point = |tier: Tier, cold_at: &str, gib: Option<u64>| RecoveryPoint {
        arn: Arn::parse("arn:aws:backup:eu-west-1:111122223333:recovery-point:p").unwrap(),
        resource_arn: Arn::parse("arn:aws:dynamodb:eu-west-1:111122223333:table/t").unwrap(),
        resource_type: ResourceType::DynamoDb,
        account: "111122223333".parse().unwrap(),
        region: "eu-west-1".parse().unwrap(),
        vault: Some("main".to_owned()),
        source: PointSource::AwsBackup,
        status: "COMPLETED".to_owned(),
        status_message: None,
        created_at: at("2026-01-01T00:00:00Z"),
        completed_at: None,
        size_bytes: gib.map(|gib| gib * GIB),
        tier,
        cold_at: Some(at(cold_at)),
        delete_at: None,
        locked: false,
        held: false,
        copied_from: None,
        copied_from_vault: None,
        parent: None,
        plan_id: None,
        rule_id: None,
    };
    let now = at("2026-04-01T00:00:00Z");
    let points = [
        // 30 of its 90 days are over.
        point(Tier::Cold, "2026-03-02T00:00:00Z", Some(10)),
        point(Tier::Cold, "2025-01-01T00:00:00Z", Some(10)),
        point(Tier::Warm, "2026-05-01T00:00:00Z", Some(10)),
        point(Tier::Cold, "2026-03-02T00:00:00Z", None),
    ];
    let charge = early_deletion(&points, &prices(), now);
    assert_eq!((charge.points, charge.unknown), (1, 1));
    near(charge.amount, 10.0 * 0.5 * 2.0);
}
