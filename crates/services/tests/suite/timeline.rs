use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    ResourceFilter, Role,
    records::{Capture, CaptureStatus, GapBounds},
    timeline::{BandKind, Lane, MarkKind},
};
use tidemark_services::{
    ServiceError,
    ports::Captures as _,
    timeline::{self, Shown, Window},
};
use tidemark_testkit::build;

use crate::{
    plans::with_gold,
    world::{World, caller},
};

fn window(world: &World, before: i64, after: i64, columns: u16) -> Window {
    let now = world.services.clock.now();
    Window {
        from: now - SignedDuration::from_hours(before * 24),
        until: now + SignedDuration::from_hours(after * 24),
        columns,
    }
}

async fn lane(world: &World, window: &Window) -> Lane {
    let shown = Shown::One(world.orders());
    let page = timeline::list(&world.services, &caller(Role::Owner), shown, window)
        .await
        .unwrap();
    assert_eq!(page.items.len(), 1);
    page.items.into_iter().next().unwrap().lane
}

fn days(lane: &Lane, kind: MarkKind) -> Vec<Timestamp> {
    let marks = lane.marks.iter().filter(|mark| mark.kind == kind);
    marks.map(|mark| mark.at).collect()
}

#[tokio::test]
async fn a_timeline_tells_what_plans_will_make_and_delete() {
    let world = World::new().await;
    with_gold(&world).await;
    let now = world.services.clock.now();
    let lane = lane(&world, &window(&world, 5, 40, 200)).await;
    let scheduled = days(&lane, MarkKind::Scheduled);
    assert!((40..=41).contains(&scheduled.len()), "{scheduled:?}");
    for pair in scheduled.windows(2) {
        assert_eq!(
            pair[1].duration_since(pair[0]),
            SignedDuration::from_hours(24)
        );
    }
    assert!(
        scheduled
            .iter()
            .all(|at| *at > now && at.to_string().contains("T05:00:00"))
    );
    let expiries = days(&lane, MarkKind::Expires);
    let first = scheduled[0] + SignedDuration::from_hours(35 * 24);
    assert_eq!(
        expiries.first(),
        Some(&first),
        "the plan keeps points 35 days"
    );
    assert_eq!(lane.planned_until, Some(lane.until));
}

#[tokio::test]
async fn the_past_has_no_plans_and_the_far_future_is_cut() {
    let world = World::new().await;
    with_gold(&world).await;
    let mut past = window(&world, 5, 0, 40);
    past.until -= SignedDuration::from_hours(24);
    assert_eq!(lane(&world, &past).await.planned_until, None);
    let far = lane(&world, &window(&world, 5, 4000, 40)).await;
    let planned = far.planned_until.unwrap();
    assert!(planned < far.until, "{planned}");
}

#[tokio::test]
async fn owners_see_the_lanes_of_what_is_theirs() {
    let world = World::new().await;
    let window = window(&world, 5, 0, 40);
    let shown = || Shown::Page(ResourceFilter::default());
    let mut owner = caller(Role::Owner);
    let page = timeline::list(&world.services, &owner, shown(), &window)
        .await
        .unwrap();
    assert_eq!(page.items.len(), 1);
    "paul".clone_into(&mut owner.name);
    let page = timeline::list(&world.services, &owner, shown(), &window)
        .await
        .unwrap();
    assert!(page.items.is_empty());
}

#[tokio::test]
async fn a_window_that_makes_no_sense_is_refused() {
    let world = World::new().await;
    let mut backwards = window(&world, 5, 0, 40);
    (backwards.from, backwards.until) = (backwards.until, backwards.from);
    let coarse = window(&world, 5, 0, 1);
    for window in [backwards, coarse] {
        let shown = Shown::One(world.orders());
        let answer = timeline::list(&world.services, &caller(Role::Admin), shown, &window).await;
        assert!(
            matches!(answer, Err(ServiceError::Invalid(_))),
            "{window:?}"
        );
    }
}

#[tokio::test]
async fn a_table_shows_what_its_record_level_backup_restores_and_where_it_has_gaps() {
    let world = World::new().await;
    let now = world.services.clock.now();
    let before = |hours: i64| now - SignedDuration::from_hours(hours);
    let capture = Capture {
        id: "c-1".to_owned(),
        ..build::capture(&world.scope, "orders")
    };
    world.captures.create(&capture).await.unwrap();
    let none = lane(&world, &window(&world, 2, 0, 40)).await;
    assert!(
        none.bands.iter().all(|band| band.capture.is_none()),
        "nothing can be restored before the first copy is done"
    );
    let gap = |from, until| GapBounds {
        shard: "shard-1".to_owned(),
        from: before(from),
        until: before(until),
        noticed_at: before(until),
    };
    let status = CaptureStatus {
        complete_from: Some(before(90)),
        read_until: Some(before(1)),
        gaps: vec![gap(20, 10), gap(80, 70)],
        ..CaptureStatus::default()
    };
    world.captures.put_status("c-1", &status).await.unwrap();
    let lane = lane(&world, &window(&world, 2, 0, 40)).await;
    let of_capture = lane.bands.iter().filter(|band| band.capture.is_some());
    let shown: Vec<_> = of_capture
        .map(|band| (band.kind, band.from, band.until))
        .collect();
    assert_eq!(
        shown,
        [
            (BandKind::Records, before(90), before(1)),
            (BandKind::Gap, before(20), before(10)),
        ],
        "the other gap is before what is shown"
    );
}
