//! A restored table that somebody else deletes and makes anew has the same name and ARN, and is not the run's own. A
//! table that the run's own clock or DynamoDB's delay makes look foreign is.

use std::{collections::BTreeMap, sync::Arc};

use jiff::SignedDuration;
use tidemark_domain::{
    Arn, PointSource, PutBack, RestoreRequest, RestoreSource, Role,
    runs::{RunEventKind, RunId, RunState, RunView},
};
use tidemark_services::{
    ports::{Cloud as _, CloudErrorKind, TableRestore},
    restore, runs,
};
use tidemark_testkit::{FakeTable, JobEnd, JobScript, Pace, Takes, When, build};

use crate::world::{World, caller, hour_ago};

const NEW: &str = "orders-back";

/// Where the data of a restored table comes from.
#[derive(Clone, Copy, Debug)]
enum From {
    Second,
    Backup,
    Point,
}

impl From {
    const ALL: [Self; 3] = [Self::Second, Self::Backup, Self::Point];

    async fn request(self, world: &World) -> RestoreRequest {
        let resource = build::resource(&world.scope, "orders").build();
        let source = match self {
            Self::Second => return hour_ago(world),
            Self::Backup => {
                let arn = format!("{}/backup/01", world.orders());
                let point = build::point(&resource, "b-1")
                    .outside_vaults(PointSource::DynamoDbBackup, &arn)
                    .build();
                world.aws.add_point(point.clone(), BTreeMap::new(), 42);
                RestoreSource::DynamoDbBackup { arn: point.arn }
            }
            Self::Point => {
                let point = build::point(&resource, "p-1").build();
                world.aws.add_point(point.clone(), BTreeMap::new(), 42);
                RestoreSource::RecoveryPoint {
                    arn: point.arn,
                    vault: "Default".to_owned(),
                }
            }
        };
        world.sync().await;
        RestoreRequest {
            source,
            ..hour_ago(world)
        }
    }
}

async fn start(world: &World, request: RestoreRequest) -> RunId {
    let operator = caller(Role::Operator);
    let plan = restore::plan(&world.services, &operator, request.clone())
        .await
        .unwrap();
    restore::start(&world.services, &operator, request, &plan.digest)
        .await
        .unwrap()
}

/// Carries the run on until something holds.
async fn until(world: &World, id: RunId, holds: impl Fn(&RunView) -> bool) {
    for _ in 0..100 {
        let due = world.services.runs.run_until_idle().await.unwrap();
        if holds(&world.services.runs.view(id).await.unwrap()) {
            return;
        }
        world.wake(due.unwrap());
    }
    panic!("the run does not come that far");
}

/// Somebody deletes the restored table, and makes another one of that name.
fn replace(world: &World) {
    world.aws.drop_table(&world.scope, NEW);
    world.clock.advance(SignedDuration::from_millis(500));
    world
        .aws
        .add_table(&world.scope, FakeTable::new(NEW).items(7));
}

fn assert_untouched(world: &World, case: &str) {
    assert_eq!(world.aws.items(&world.scope, NEW), Some(7), "{case}");
    let settings = world.aws.settings(&world.scope, NEW).unwrap();
    assert_eq!(
        settings,
        tidemark_domain::TableSettings::default(),
        "{case}"
    );
    assert_eq!(world.cloud.count("delete_table"), 0, "{case}");
}

async fn notes(world: &World, id: RunId) -> Vec<String> {
    let events = runs::events(&world.services, &caller(Role::Operator), id, 0).await;
    let events = events.unwrap().into_iter();
    events
        .filter_map(|event| match event.kind {
            RunEventKind::Note { text, .. } => Some(text),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_table_that_was_replaced_while_it_is_waited_for_is_not_taken_for_the_runs_own() {
    for from in From::ALL {
        let world = World::new().await;
        world.aws.settle_after(50);
        let request = RestoreRequest {
            put_back: PutBack::ALL.into_iter().collect(),
            ..from.request(&world).await
        };
        let id = start(&world, request).await;
        until(&world, id, |view| {
            view.step("wait-until-active")
                .is_some_and(|step| step.work.waiting)
        })
        .await;
        replace(&world);
        let view = world.finish(id).await;
        let case = format!("{from:?}: {view:?}");
        assert_eq!(view.state, RunState::Failed, "{case}");
        let message = view.error.clone().unwrap().message;
        assert!(message.contains("was replaced by another"), "{case}");
        assert_untouched(&world, &case);
    }
}

#[tokio::test]
async fn a_table_that_was_replaced_before_it_was_first_seen_is_not_taken_for_the_jobs() {
    let world = World::new().await;
    let request = From::Point.request(&world).await;
    let id = start(&world, request).await;
    world
        .cloud
        .fail_always("table", CloudErrorKind::Unavailable, When::Before);
    until(&world, id, |view| {
        view.step("wait-until-active")
            .is_some_and(|step| step.work.failing_since.is_some())
    })
    .await;
    replace(&world);
    world.cloud.heal();
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    assert_untouched(&world, "a job's table");
}

#[tokio::test]
async fn nothing_is_put_back_on_a_table_that_took_the_place_of_the_restored_one() {
    for from in From::ALL {
        let world = World::new().await;
        let request = RestoreRequest {
            put_back: PutBack::ALL.into_iter().collect(),
            ..from.request(&world).await
        };
        let id = start(&world, request).await;
        for operation in [
            "put_stream",
            "put_time_to_live",
            "tag_table",
            "put_point_in_time_recovery",
        ] {
            world
                .cloud
                .fail_always(operation, CloudErrorKind::Unavailable, When::Before);
        }
        until(&world, id, |view| {
            view.step("wait-until-active")
                .is_some_and(|step| step.work.finished_at.is_some())
        })
        .await;
        replace(&world);
        world.cloud.heal();
        let view = world.finish(id).await;
        let case = format!("{from:?}: {view:?}");
        assert_eq!(view.state, RunState::SucceededWithWarnings, "{case}");
        let warned: Vec<_> = view.warnings().collect();
        assert_eq!(warned.len(), 4, "{case}");
        for step in warned {
            let error = step.work.error.as_ref().unwrap();
            assert!(error.message.contains("was replaced by another"), "{error}");
        }
        assert_untouched(&world, &case);
    }
}

#[tokio::test]
async fn a_later_run_that_puts_back_what_is_missing_knows_the_table_that_the_first_one_made() {
    for from in From::ALL {
        let world = World::new().await;
        let request = RestoreRequest {
            put_back: PutBack::ALL.into_iter().collect(),
            ..from.request(&world).await
        };
        let id = start(&world, request).await;
        world
            .cloud
            .fail_always("put_stream", CloudErrorKind::Denied, When::Before);
        let view = world.finish(id).await;
        assert_eq!(view.state, RunState::SucceededWithWarnings, "{view:?}");
        world.cloud.heal();
        replace(&world);
        let operator = caller(Role::Operator);
        let again = runs::retry(&world.services, &operator, id).await.unwrap();
        let view = world.finish(again).await;
        let case = format!("{from:?}: {view:?}");
        assert_eq!(view.state, RunState::Failed, "{case}");
        let message = view.error.clone().unwrap().message;
        assert!(message.contains("was replaced by another"), "{case}");
        assert_untouched(&world, &case);
    }
}

/// Also where somebody has restored the very same again.
#[tokio::test]
async fn what_took_the_place_of_a_cancelled_runs_table_stays() {
    let world = World::new().await;
    world.aws.settle_after(50);
    let request = hour_ago(&world);
    let RestoreSource::PointInTime { at } = request.source else {
        panic!("a second");
    };
    let id = start(&world, request).await;
    until(&world, id, |view| {
        view.step("wait-until-active")
            .is_some_and(|step| step.work.waiting)
    })
    .await;
    world.aws.drop_table(&world.scope, NEW);
    let again = TableRestore::PointInTime {
        source: world.orders(),
        target: NEW.to_owned(),
        at,
    };
    let target = build::target(&world.scope);
    world.aws.restore_table(&target, &again).await.unwrap();
    runs::cancel(&world.services, &caller(Role::Operator), id, "wrong second")
        .await
        .unwrap();
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Cancelled, "{view:?}");
    assert_eq!(world.aws.items(&world.scope, NEW), Some(100));
    assert_eq!(world.cloud.count("delete_table"), 0);
    let notes = notes(&world, id).await;
    let arn = build::table_arn(&world.scope, NEW);
    assert!(
        notes.iter().any(|note| note.contains(arn.as_str())),
        "{notes:?}"
    );
}

/// A new table cannot be seen for ten seconds, and is there after a minute.
struct Slow;

impl Pace for Slow {
    fn takes(&self, what: Takes) -> SignedDuration {
        match what {
            Takes::Visibility => SignedDuration::from_secs(10),
            _ => SignedDuration::from_mins(1),
        }
    }

    fn ends(&self, _job: Takes) -> JobEnd {
        JobEnd::Completed
    }
}

#[tokio::test]
async fn a_table_of_which_the_answer_was_lost_is_adopted_once_it_is_to_be_seen() {
    for from in [From::Second, From::Backup] {
        let world = World::new().await;
        let request = from.request(&world).await;
        world.aws.set_pace(Arc::new(Slow));
        let id = start(&world, request).await;
        world
            .cloud
            .fail_nth("restore_table", 1, CloudErrorKind::Timeout, When::After);
        let view = world.finish(id).await;
        assert_eq!(view.state, RunState::Succeeded, "{from:?}: {view:?}");
        assert_eq!(world.cloud.count("delete_table"), 0, "{from:?}");
    }
}

#[tokio::test]
async fn a_cancelled_run_takes_away_the_table_that_was_not_to_be_seen_yet() {
    for lost in [false, true] {
        let world = World::new().await;
        world.aws.set_pace(Arc::new(Slow));
        let id = start(&world, hour_ago(&world)).await;
        if lost {
            world
                .cloud
                .fail_nth("restore_table", 1, CloudErrorKind::Timeout, When::After);
        }
        until(&world, id, |_| world.cloud.count("restore_table") == 1).await;
        assert!(world.aws.items(&world.scope, NEW).is_some());
        runs::cancel(&world.services, &caller(Role::Operator), id, "wrong second")
            .await
            .unwrap();
        let view = world.finish(id).await;
        assert_eq!(view.state, RunState::Cancelled, "lost {lost}: {view:?}");
        world.clock.advance(SignedDuration::from_mins(5));
        let left = world.aws.things(&world.scope);
        let arn = build::table_arn(&world.scope, NEW);
        assert!(!left.contains_key(arn.as_str()), "lost {lost}: {view:?}");
    }
}

#[tokio::test]
async fn a_run_that_was_refused_at_once_waits_for_no_table() {
    let world = World::new().await;
    world.aws.set_pace(Arc::new(Slow));
    let id = start(&world, hour_ago(&world)).await;
    world
        .cloud
        .fail_nth("restore_table", 1, CloudErrorKind::Denied, When::Before);
    let begun = world.clock.now();
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    assert!(world.clock.now() < begun + SignedDuration::from_secs(10));
}

#[tokio::test]
async fn a_clock_that_is_wrong_makes_no_own_table_foreign_and_no_foreign_table_ones_own() {
    for from in [From::Second, From::Backup] {
        let minutes = |minutes: i64| SignedDuration::from_mins(minutes);
        for ahead in [minutes(10), minutes(-10)] {
            // Its own: the answer was lost.
            let world = World::new().await;
            let request = from.request(&world).await;
            world.set_console_ahead(ahead);
            let id = start(&world, request).await;
            world
                .cloud
                .fail_nth("restore_table", 1, CloudErrorKind::Timeout, When::After);
            let view = world.finish(id).await;
            assert_eq!(
                view.state,
                RunState::Succeeded,
                "{from:?} {ahead}: {view:?}"
            );

            // The same restored by somebody else a moment before.
            let world = World::new().await;
            let request = from.request(&world).await;
            world.set_console_ahead(ahead);
            let id = start(&world, request.clone()).await;
            let theirs = match request.source {
                RestoreSource::PointInTime { at } => TableRestore::PointInTime {
                    source: world.orders(),
                    target: NEW.to_owned(),
                    at,
                },
                RestoreSource::DynamoDbBackup { arn } => TableRestore::Backup {
                    backup: arn,
                    target: NEW.to_owned(),
                },
                _ => continue,
            };
            let target = build::target(&world.scope);
            world.aws.restore_table(&target, &theirs).await.unwrap();
            let view = world.finish(id).await;
            assert_eq!(view.state, RunState::Failed, "{from:?} {ahead}: {view:?}");
            assert!(world.aws.items(&world.scope, NEW).is_some());
            assert_eq!(world.cloud.count("delete_table"), 0);
        }
    }
}

async fn cancelled_job(world: &World) -> (RunId, RunView, Arn) {
    let request = From::Point.request(world).await;
    world.aws.script_restores(JobScript {
        polls: 50,
        end: JobEnd::Completed,
    });
    let id = start(world, request).await;
    until(world, id, |_| world.cloud.count("start_restore") == 1).await;
    runs::cancel(&world.services, &caller(Role::Operator), id, "enough")
        .await
        .unwrap();
    let view = world.finish(id).await;
    (id, view, build::table_arn(&world.scope, NEW))
}

#[tokio::test]
async fn a_cancelled_restore_job_names_the_table_that_it_goes_on_to_make() {
    let world = World::new().await;
    let (id, view, table) = cancelled_job(&world).await;
    assert_eq!(view.state, RunState::Cancelled, "{view:?}");
    let notes = notes(&world, id).await;
    let named = |note: &String| note.contains(table.as_str()) && note.contains("restore-job-");
    assert!(notes.iter().any(named), "{notes:?}");
}

#[tokio::test]
async fn a_restore_job_of_which_the_answer_was_lost_is_told_of_by_a_cancelled_run() {
    let world = World::new().await;
    world
        .cloud
        .fail_nth("start_restore", 1, CloudErrorKind::Timeout, When::After);
    let (_, view, table) = cancelled_job(&world).await;
    assert_eq!(
        view.state,
        RunState::Failed,
        "something may be left: {view:?}"
    );
    let left: Vec<_> = view.leftovers().collect();
    let [left] = left.as_slice() else {
        panic!("{view:?}");
    };
    let error = left.undo.error.as_ref().unwrap();
    assert!(error.message.contains(table.as_str()), "{error}");
}

/// A restore job that goes on is the run's own to wait for, whatever the clocks say.
#[tokio::test]
async fn a_jobs_table_is_the_runs_own_also_where_a_clock_is_wrong() {
    for ahead in [-10, 10] {
        let world = World::new().await;
        let request = RestoreRequest {
            put_back: PutBack::ALL.into_iter().collect(),
            ..From::Point.request(&world).await
        };
        world.set_console_ahead(SignedDuration::from_mins(ahead));
        let id = start(&world, request).await;
        let view = world.finish(id).await;
        assert_eq!(view.state, RunState::Succeeded, "{ahead}: {view:?}");
        let settings = world.aws.settings(&world.scope, NEW);
        assert_eq!(settings, world.aws.settings(&world.scope, "orders"));
    }
}
