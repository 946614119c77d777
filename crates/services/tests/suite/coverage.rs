use jiff::SignedDuration;
use tidemark_domain::{
    Role, Verdict,
    coverage::{Control, ControlKind, ControlScope, Coverage, CoverageFilter},
};
use tidemark_services::{Caller, ServiceError, audit::AuditOutcome, cost, coverage, plans};

use crate::{
    plans::with_gold,
    world::{World, caller},
};

fn filter() -> CoverageFilter {
    CoverageFilter::default()
}

fn control(id: &str, kind: ControlKind) -> Control {
    Control {
        id: id.to_owned(),
        name: id.to_owned(),
        kind,
        scope: ControlScope::default(),
        enabled: true,
    }
}

fn verdict(page: &tidemark_domain::coverage::CoveragePage, id: &str) -> Verdict {
    page.rows.items[0]
        .results
        .iter()
        .find(|(own, _)| own == id)
        .unwrap()
        .1
        .verdict
}

#[tokio::test]
async fn a_table_is_covered_by_hand_until_a_plan_takes_it() {
    let world = World::new().await;
    let admin = caller(Role::Admin);
    let before = coverage::report(&world.services, &admin, &filter())
        .await
        .unwrap();
    assert_eq!(before.rows.items[0].coverage, Coverage::ByHand);
    assert_eq!(verdict(&before, "in-plan"), Verdict::Fail);
    assert_eq!(verdict(&before, "daily"), Verdict::Pass, "by its window");
    with_gold(&world).await;
    let after = coverage::report(&world.services, &admin, &filter())
        .await
        .unwrap();
    assert_eq!(after.rows.items[0].plans, ["gold"]);
    assert_eq!(verdict(&after, "in-plan"), Verdict::Pass);
    assert_eq!(
        (after.totals.by_plan, after.totals.by_hand, after.totals.not),
        (1, 0, 0)
    );
    assert_eq!(after.accounts.len(), 1);
}

#[tokio::test]
async fn the_first_change_keeps_the_controls_that_the_console_begins_with() {
    let world = World::new().await;
    let admin = caller(Role::Admin);
    let strict = control("daily", ControlKind::Frequency { hours: 1 });
    coverage::put_control(&world.services, &admin, &strict)
        .await
        .unwrap();
    let controls = coverage::controls(&world.services, &admin).await.unwrap();
    assert_eq!(controls.len(), Control::defaults().len());
    assert!(controls.contains(&strict));
    let changes = coverage::changes(&world.services, &admin).await.unwrap();
    assert_eq!(changes[0].by, admin.name);
    assert_eq!(changes[0].control, Some(strict));
    coverage::remove_control(&world.services, &admin, "daily")
        .await
        .unwrap();
    let error = coverage::remove_control(&world.services, &admin, "daily")
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::NotFound(_)));
    let audited: Vec<String> = world
        .audit
        .records()
        .into_iter()
        .filter(|record| record.entry.outcome == AuditOutcome::Allowed)
        .map(|record| record.entry.action)
        .filter(|action| action.starts_with("control."))
        .collect();
    assert_eq!(audited, ["control.put", "control.remove"]);
}

#[tokio::test]
async fn removing_the_last_control_does_not_bring_the_defaults_back() {
    let world = World::new().await;
    let admin = caller(Role::Admin);
    for control in Control::defaults() {
        coverage::remove_control(&world.services, &admin, &control.id)
            .await
            .unwrap();
    }
    assert!(
        coverage::controls(&world.services, &admin)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_control_that_breaks_a_rule_is_refused_with_its_field() {
    let world = World::new().await;
    let wrong = control("Not An Id", ControlKind::InPlan);
    let error = coverage::put_control(&world.services, &caller(Role::Admin), &wrong)
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Invalid(ref invalid) if invalid.field == "id"));
}

#[tokio::test]
async fn days_are_kept_and_shown_to_those_who_see_the_whole_estate() {
    let world = World::new().await;
    coverage::record_day(&world.services).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(24));
    coverage::record_day(&world.services).await.unwrap();
    coverage::record_day(&world.services).await.unwrap();
    let page = coverage::report(&world.services, &caller(Role::Viewer), &filter())
        .await
        .unwrap();
    let days: Vec<_> = page
        .history
        .iter()
        .filter(|day| day.control == "daily")
        .map(|day| (day.passed, day.failed))
        .collect();
    assert!(days.iter().all(|(passed, failed)| passed + failed == 1));
    assert_eq!(days.len(), 2, "one row for each day");
    let owner = coverage::report(&world.services, &caller(Role::Owner), &filter())
        .await
        .unwrap();
    assert!(owner.history.is_empty());
}

#[tokio::test]
async fn owners_see_their_own_resources_only_in_report_csv_and_cost() {
    let world = World::new().await;
    let stranger = Caller {
        name: "paul".to_owned(),
        ..caller(Role::Owner)
    };
    let page = coverage::report(&world.services, &stranger, &filter())
        .await
        .unwrap();
    assert_eq!(page.totals.resources, 0);
    let csv = coverage::csv(&world.services, &stranger, &filter())
        .await
        .unwrap();
    assert_eq!(csv.lines().count(), 1, "the heading");
    let report = cost::report(&world.services, &stranger).await.unwrap();
    assert_eq!(report.total.stored.points, 0);
    let error = cost::resource(&world.services, &stranger, &world.orders())
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::NotFound(_)));
    let own = coverage::csv(&world.services, &caller(Role::Owner), &filter())
        .await
        .unwrap();
    assert_eq!(own.lines().count(), 2);
    assert!(own.lines().nth(1).unwrap().contains("table/orders"));
}

#[tokio::test]
async fn what_a_plan_will_cost_grows_until_its_retention_is_reached() {
    let world = World::new().await;
    let key = with_gold(&world).await;
    let future = plans::future(&world.services, &caller(Role::Viewer), &key)
        .await
        .unwrap();
    assert_eq!(future.name, "gold");
    assert_eq!(future.taken.len(), 1);
    assert_eq!(future.taken[0].resources, 1);
    assert!(future.months.len() >= 13, "{}", future.months.len());
    let whole: Vec<_> = future.months.iter().filter(|m| m.is_whole()).collect();
    assert!(whole[0].cost.total() > 0.0);
    assert!(whole[1].cost.total() >= whole[0].cost.total());
    let last = future.last_whole().unwrap();
    assert!(last.warm_points > 0 && last.warm_bytes > 0);
    assert!(last.furthest.unwrap() < last.at);
    assert!(future.failures.is_empty(), "{:?}", future.failures);
}
