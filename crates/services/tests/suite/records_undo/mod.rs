//! Records of a captured table over fakes: found, compared, planned, undone; who may, and what makes
//! no sense.

mod keys;
pub(crate) mod scene;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tidemark_domain::{
    RestoreRequest, RestoreSource, Role,
    records::{
        ComparisonAsk, DifferenceFilter, DifferenceKind, KeyAsk, RecordSearch, UndoAsk, UndoChoice,
        UndoResult, VersionKind, VersionOrigin,
    },
    runs::{Outcome, RunId},
};
use tidemark_records::{testing::MemoryTable, wire::Item};
use tidemark_runs::{
    ManualClock,
    battery::{self, Subject, World as BatteryWorld},
};
use tidemark_services::{
    ServiceError,
    audit::AuditOutcome,
    records::{
        self,
        compare::compare,
        undo::{self, Confirmed, UndoRun},
    },
    restore,
    runs::RunListFilter,
};
use tidemark_testkit::FakeTable;

use self::scene::{Scene, confirmed, id, items, key, put};
use crate::world::{caller, hour_ago};

#[tokio::test]
async fn what_differs_is_counted_filtered_and_turned_page_by_page() {
    let scene = Scene::new().await;
    let services = &scene.world.services;
    let operator = caller(Role::Operator);
    let found = compare(services, &operator, &scene.capture, &scene.ask())
        .await
        .unwrap();
    let counts = found.counts;
    assert_eq!(
        (
            counts.changed,
            counts.created,
            counts.deleted,
            counts.unchanged
        ),
        (12, 1, 1, 17)
    );
    assert_eq!(found.attributes.len(), 1);
    assert_eq!(
        (
            found.attributes[0].name.as_str(),
            found.attributes[0].records
        ),
        ("v", 12)
    );
    let first = &found.records[0];
    assert_eq!(first.key.label(), "\"record-000\"");
    let change = &first.changes.listed[0];
    assert_eq!(change.path, "v");
    assert_eq!(change.before.as_ref().unwrap().text, "\"good\"");
    assert_eq!(change.after.as_ref().unwrap().text, "\"spoiled\"");

    let page = ComparisonAsk {
        start: 5,
        rows: 4,
        ..scene.ask()
    };
    let page = compare(services, &operator, &scene.capture, &page)
        .await
        .unwrap();
    let labels: Vec<String> = page.records.iter().map(|r| r.key.label()).collect();
    assert_eq!(page.matching, 14);
    assert_eq!(labels[0], "\"record-005\"");
    assert_eq!(labels.len(), 4);
    let deleted = ComparisonAsk {
        filter: DifferenceFilter {
            kind: Some(DifferenceKind::Deleted),
            ..DifferenceFilter::default()
        },
        ..scene.ask()
    };
    let deleted = compare(services, &operator, &scene.capture, &deleted)
        .await
        .unwrap();
    assert_eq!(deleted.records[0].key.label(), "\"record-020\"");

    // The live table has gone on since.
    put(&scene.table, 29, "written since");
    let live = ComparisonAsk {
        to: None,
        ..scene.ask()
    };
    let live = compare(services, &operator, &scene.capture, &live)
        .await
        .unwrap();
    assert_eq!(live.counts.changed, 13);
    put(&scene.table, 28, "and again");
    let shown = ComparisonAsk {
        to: None,
        compared_at: Some(live.compared_at),
        ..scene.ask()
    };
    let shown = compare(services, &operator, &scene.capture, &shown)
        .await
        .unwrap();
    assert_eq!(shown.counts.changed, 13, "the comparison that was shown");
}

#[tokio::test]
async fn chosen_records_are_undone_and_what_changed_since_is_left_and_named() {
    let scene = Scene::new().await;
    let before = items(&scene.table);
    // One is mended by hand before the plan, another one after it.
    put(&scene.table, 3, "mended");
    let plan = scene.plan(scene.undo_of((0..10).chain([20, 40]))).await;
    assert_eq!(
        (
            plan.counts.overwrite,
            plan.counts.create,
            plan.counts.delete
        ),
        (9, 1, 1)
    );
    assert_eq!(plan.conflicts_total, 1);
    assert_eq!(plan.conflicts[0].label(), "\"record-003\"");
    assert!(plan.progress.is_none());
    put(&scene.table, 4, "mended later");
    let run = scene.start(&plan).await;
    let view = scene.world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    assert_eq!(view.summary["plan"]["conflicts"], 1);
    assert_eq!(view.summary["result"]["left"], 1);
    let said = serde_json::to_string(&view).unwrap();
    assert!(
        !said.contains("record-00"),
        "keys are not for who reads runs: {said}"
    );

    let mut wanted = before;
    for number in (0..10)
        .filter(|number| ![3, 4].contains(number))
        .chain([20])
    {
        let text =
            json!({"id": {"S": id(number)}, "n": {"N": number.to_string()}, "v": {"S": "good"}});
        wanted.insert(
            key(number),
            Item::parse(text.to_string()).unwrap().as_str().to_owned(),
        );
    }
    wanted.remove(&key(40));
    for (number, value) in [(3, "mended"), (4, "mended later")] {
        let text =
            json!({"id": {"S": id(number)}, "n": {"N": number.to_string()}, "v": {"S": value}});
        wanted.insert(
            key(number),
            Item::parse(text.to_string()).unwrap().as_str().to_owned(),
        );
    }
    assert_eq!(items(&scene.table), wanted);

    let operator = caller(Role::Operator);
    let after = undo::get(
        &scene.world.services,
        &operator,
        &scene.capture,
        &plan.id,
        0,
    )
    .await
    .unwrap();
    let progress = after.progress.unwrap();
    assert!(progress.finished);
    assert_eq!((progress.done, progress.left), (10, 1));
    let left = after
        .actions
        .iter()
        .filter(|a| a.result == Some(UndoResult::Left));
    assert_eq!(left.count(), 1);
    let entry = scene
        .world
        .audit
        .records()
        .into_iter()
        .find(|record| record.entry.action == "records.undo")
        .unwrap();
    assert_eq!(entry.entry.outcome, AuditOutcome::Allowed);
    assert_eq!(entry.entry.plan_digest, Some(plan.digest.clone()));
    // A plan is carried out once; what is sent within a minute is a repeat, and answers with its run.
    scene.world.clock.advance(SignedDuration::from_mins(2));
    let again = undo::start(
        &scene.world.services,
        &operator,
        &scene.capture,
        &plan.id,
        &confirmed(&plan),
    )
    .await
    .unwrap_err();
    assert!(matches!(again, ServiceError::Conflict(_)), "{again}");
}

#[tokio::test]
async fn all_that_a_filter_takes_is_undone_without_naming_each() {
    let scene = Scene::new().await;
    let ask = UndoAsk {
        from: scene.from,
        to: Some(scene.to),
        records: UndoChoice::Matching {
            compared_at: None,
            filter: DifferenceFilter {
                attribute: "v".to_owned(),
                ..DifferenceFilter::default()
            },
        },
    };
    let plan = scene.plan(ask).await;
    assert_eq!((plan.counts.overwrite, plan.counts.actions()), (12, 12));
}

#[tokio::test]
async fn a_plan_that_is_not_confirmed_as_shown_starts_nothing() {
    let scene = Scene::new().await;
    let plan = scene.plan(scene.undo_of(0..2)).await;
    let operator = caller(Role::Operator);
    let start = async |change: fn(&mut Confirmed)| {
        let mut confirmed = confirmed(&plan);
        change(&mut confirmed);
        undo::start(
            &scene.world.services,
            &operator,
            &scene.capture,
            &plan.id,
            &confirmed,
        )
        .await
        .unwrap_err()
    };
    let error = start(|c| "0".clone_into(&mut c.digest)).await;
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
    let error = start(|c| "products".clone_into(&mut c.confirmation)).await;
    assert!(matches!(error, ServiceError::Invalid(i) if i.field == "confirmation"));
    let error = start(|c| c.reason.clear()).await;
    assert!(matches!(error, ServiceError::Invalid(i) if i.field == "reason"));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_field() {
    let scene = Scene::new().await;
    let services = &scene.world.services;
    let operator = caller(Role::Operator);
    let hour = SignedDuration::from_hours(1);
    for (ask, field) in [
        (
            ComparisonAsk {
                to: Some(scene.from),
                ..scene.ask()
            },
            "to",
        ),
        (
            ComparisonAsk {
                to: Some(scene.to + hour),
                ..scene.ask()
            },
            "to",
        ),
        (
            ComparisonAsk {
                from: scene.to + hour,
                ..scene.ask()
            },
            "from",
        ),
        (
            ComparisonAsk {
                from: scene.from - hour * 24,
                ..scene.ask()
            },
            "from",
        ),
        (
            ComparisonAsk {
                rows: 0,
                ..scene.ask()
            },
            "rows",
        ),
    ] {
        match compare(services, &operator, &scene.capture, &ask).await {
            Err(ServiceError::Invalid(invalid)) => assert_eq!(invalid.field, field, "{ask:?}"),
            other => panic!("{ask:?}: {other:?}"),
        }
    }
    for (ask, field) in [
        (
            KeyAsk {
                text: "{".to_owned(),
                ..KeyAsk::default()
            },
            "key",
        ),
        (
            KeyAsk {
                text: r#"{"id":{"N":"1"}}"#.to_owned(),
                ..KeyAsk::default()
            },
            "key",
        ),
        (
            KeyAsk {
                text: "x".repeat(20_000),
                ..KeyAsk::default()
            },
            "key",
        ),
        (KeyAsk::default(), "partition key"),
        (
            KeyAsk {
                partition: "a".to_owned(),
                sort: "b".to_owned(),
                ..KeyAsk::default()
            },
            "sort key",
        ),
    ] {
        match records::history(services, &operator, &scene.capture, &ask, None).await {
            Err(ServiceError::Invalid(invalid)) => assert_eq!(invalid.field, field, "{ask:?}"),
            other => panic!("{ask:?}: {other:?}"),
        }
    }
    let future = RecordSearch {
        as_of: Some(scene.to + hour),
        ..RecordSearch::default()
    };
    let error = records::search(services, &operator, &scene.capture, &future).await;
    assert!(matches!(error, Err(ServiceError::Invalid(i)) if i.field == "as of"));
    let error = undo::plan(services, &operator, &scene.capture, scene.undo_of(0..0)).await;
    assert!(matches!(error, Err(ServiceError::Invalid(i)) if i.field == "records"));
    let error = undo::get(services, &operator, &scene.capture, "undo-../../x", 0).await;
    assert!(matches!(error, Err(ServiceError::Invalid(i)) if i.field == "plan"));
    let error = undo::get(services, &operator, &scene.capture, "undo-0", 0).await;
    assert!(matches!(error, Err(ServiceError::NotFound(_))));
}

#[tokio::test]
async fn a_record_is_found_as_it_was_and_its_versions_say_what_changed() {
    let scene = Scene::new().await;
    let services = &scene.world.services;
    let operator = caller(Role::Operator);
    let ask = RecordSearch {
        begins: "record-00".to_owned(),
        as_of: Some(scene.from),
    };
    let found = records::search(services, &operator, &scene.capture, &ask)
        .await
        .unwrap();
    assert_eq!(found.records.len(), 10);
    assert!(
        found
            .records
            .iter()
            .all(|record| record.item.text.contains("good"))
    );
    assert_eq!(found.key_names[0].name, "id");

    let ask = KeyAsk {
        partition: id(1),
        ..KeyAsk::default()
    };
    let history = records::history(services, &operator, &scene.capture, &ask, None)
        .await
        .unwrap();
    assert_eq!(history.total, 2);
    let newest = &history.versions[0];
    assert_eq!(
        (newest.kind, newest.origin),
        (VersionKind::Changed, VersionOrigin::Stream)
    );
    assert_eq!(newest.changes.listed.len(), 1);
    let oldest = &history.versions[1];
    assert_eq!(
        (oldest.kind, oldest.origin),
        (VersionKind::Found, VersionOrigin::Backfill)
    );
    let text = records::version_text(services, &operator, &scene.capture, &ask, 1)
        .await
        .unwrap();
    assert!(text.contains(r#""v":{"S":"good"}"#), "{text}");
    let gone = KeyAsk {
        text: key(20),
        ..KeyAsk::default()
    };
    let history = records::history(services, &operator, &scene.capture, &gone, None)
        .await
        .unwrap();
    assert_eq!(history.versions[0].kind, VersionKind::Deleted);
    let unknown = KeyAsk {
        text: key(999),
        ..KeyAsk::default()
    };
    let history = records::history(services, &operator, &scene.capture, &unknown, None)
        .await
        .unwrap();
    assert_eq!(history.total, 0);
}

#[tokio::test]
async fn only_who_may_write_into_the_live_table_can_undo_and_only_who_may_read_records_can_look() {
    let scene = Scene::new().await;
    let services = &scene.world.services;
    let plan = scene.plan(scene.undo_of(0..2)).await;
    for role in Role::ALL {
        let who = caller(role);
        let refused =
            |result: Result<(), ServiceError>| matches!(result, Err(ServiceError::Forbidden(_)));
        let planned = undo::plan(services, &who, &scene.capture, scene.undo_of(0..2)).await;
        let seen = undo::get(services, &who, &scene.capture, &plan.id, 0).await;
        let wrong = Confirmed::default();
        let started = undo::start(services, &who, &scene.capture, &plan.id, &wrong).await;
        let writes = matches!(role, Role::Operator | Role::Admin);
        for result in [planned.map(drop), seen.map(drop), started.map(drop)] {
            assert_eq!(refused(result), !writes, "{role:?}");
        }
        let reads = writes || role == Role::Owner;
        let compared = compare(services, &who, &scene.capture, &scene.ask()).await;
        let ask = KeyAsk {
            text: key(1),
            ..KeyAsk::default()
        };
        let history = records::history(services, &who, &scene.capture, &ask, None).await;
        let search = RecordSearch::default();
        let found = records::search(services, &who, &scene.capture, &search).await;
        let proof = records::proof(services, &who, &scene.capture).await;
        for result in [
            compared.map(drop),
            history.map(drop),
            found.map(drop),
            proof.map(drop),
        ] {
            assert_eq!(refused(result), !reads, "{role:?}");
        }
    }
    let stranger = tidemark_services::Caller {
        name: "paul".to_owned(),
        ..caller(Role::Owner)
    };
    let error = compare(services, &stranger, &scene.capture, &scene.ask()).await;
    assert!(matches!(error, Err(ServiceError::NotFound(_))), "{error:?}");
}

/// What the battery sees: the table.
struct Estate(MemoryTable);

#[async_trait]
impl BatteryWorld for Estate {
    async fn observe(&self) -> Value {
        json!(items(&self.0))
    }

    /// What was written stays when a run is cancelled; nothing but the chosen records changes.
    fn check_undone(&self, before: &Value, seen: &Value) -> Result<(), String> {
        let untouched = |state: &Value| -> Vec<Value> {
            (2..30).map(|number| state[key(number)].clone()).collect()
        };
        if untouched(before) == untouched(seen) {
            Ok(())
        } else {
            Err(format!("others changed: {before} became {seen}"))
        }
    }
}

#[tokio::test]
async fn an_undo_passes_the_battery() {
    battery::run(|| async {
        let scene = Scene::new().await;
        let plan = scene.plan(scene.undo_of(0..2)).await;
        let run = scene.start(&plan).await;
        let params = scene.world.services.runs.run(run).await.unwrap().params;
        let kind = UndoRun::new(
            Arc::new(scene.world.accounts.clone()),
            Arc::new(scene.world.records.clone()),
        );
        Subject {
            kind: Arc::new(kind),
            params,
            clock: ManualClock::new(scene.world.clock.now()),
            world: Arc::new(Estate(scene.table.clone())),
        }
    })
    .await
    .unwrap();
}
