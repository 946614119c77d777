//! Copies of a prefix: what is planned, what is copied, what is left.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tidemark_domain::{
    Role, Verdict,
    buckets::{BucketPlace, CopyPlan, CopyRequest, Existing, Known, ObjectLock},
    runs::{RunState, RunView},
};
use tidemark_runs::{
    ManualClock,
    battery::{self, Subject, World as BatteryWorld},
};
use tidemark_services::{
    Caller, ServiceError,
    buckets::{Confirmed, CopyRun, copy, plan_copy},
    ports::{ObjectHead, ObjectLocked},
    sync::SyncQueue,
};
use tidemark_testkit::{FakeBuckets, FakeObject, TestClock};

use crate::world::{World, caller};

const FROM: &str = "backups-blocks";
const TO: &str = "backups-frankfurt";

fn request(world: &World, existing: Existing) -> CopyRequest {
    let place = |bucket: &str| BucketPlace {
        account: world.scope.account.clone(),
        region: world.scope.region.clone(),
        bucket: bucket.to_owned(),
    };
    CopyRequest {
        from: place(FROM),
        prefix: "a/".to_owned(),
        to: place(TO),
        to_prefix: "copies/".to_owned(),
        existing,
    }
}

async fn world(objects: usize) -> World {
    let world = World::new().await;
    for bucket in [FROM, TO] {
        world.buckets.add(bucket, &world.scope.region);
    }
    for number in 0..objects {
        let key = format!("a/{number:05}");
        world
            .buckets
            .put_text(FROM, &key, &format!("text {number}"));
    }
    world.buckets.put_text(FROM, "b/other", "not asked for");
    world
}

async fn shown(world: &World, request: &CopyRequest) -> CopyPlan {
    let operator = caller(Role::Operator);
    plan_copy(&world.services, &operator, request.clone())
        .await
        .unwrap()
}

async fn copied(world: &World, existing: Existing) -> RunView {
    let request = request(world, existing);
    let plan = shown(world, &request).await;
    let confirmed = Confirmed {
        digest: plan.digest,
        ..Confirmed::default()
    };
    let operator = caller(Role::Operator);
    let run = copy(&world.services, &operator, request, &confirmed)
        .await
        .unwrap();
    world.finish(run).await
}

/// The use cases for the table of who may what.
pub(crate) async fn call(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    for bucket in [FROM, TO] {
        world.buckets.add(bucket, &world.scope.region);
    }
    let request = request(world, Existing::Skip);
    if use_case == "bucket.copy.plan" {
        return plan_copy(&world.services, who, request).await.map(drop);
    }
    let plan = plan_copy(&world.services, &caller(Role::Admin), request.clone()).await?;
    let confirmed = Confirmed {
        digest: plan.digest,
        ..Confirmed::default()
    };
    copy(&world.services, who, request, &confirmed)
        .await
        .map(drop)
}

#[tokio::test]
async fn everything_under_the_prefix_is_copied_once_and_what_is_there_is_left() {
    let world = world(2_300).await;
    world.buckets.put_text(TO, "copies/00007", "text 7");
    world.buckets.put_text(TO, "copies/00008", "another text");
    world.clock.advance(SignedDuration::from_secs(10));
    let plan = shown(&world, &request(&world, Existing::Skip)).await;
    assert!(plan.complete, "{plan:?}");
    let counts = &plan.counts;
    assert_eq!((counts.objects, counts.missing), (2_300, 2_298));
    assert_eq!((counts.there, counts.differ), (1, 1));
    assert_eq!(plan.notes[0].key, "a/00008");
    let view = copied(&world, Existing::Skip).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    let said = &view.step("copy").unwrap().output;
    assert_eq!(said["copied"], 2_298, "{said}");
    assert_eq!(said["by_etag"], 2_298, "{said}");
    assert_eq!((&said["there"], &said["differ"]), (&json!(1), &json!(1)));
    let written = world.buckets.written(TO);
    assert_eq!(written.len(), 2_300);
    assert!(written.values().all(|times| *times == 1), "{written:?}");
    let other = world.buckets.object(TO, "copies/00008").unwrap();
    assert_eq!(other.content, b"another text");
    // A second copy has nothing to do.
    world.clock.advance(SignedDuration::from_secs(10));
    let again = copied(&world, Existing::Skip).await;
    assert_eq!(again.step("copy").unwrap().output["copied"], 0);
}

#[tokio::test]
async fn only_what_was_there_when_it_was_shown_is_replaced() {
    let world = world(3).await;
    world.buckets.put_text(TO, "copies/00000", "shown");
    let request = request(&world, Existing::Replace);
    world.clock.advance(SignedDuration::from_secs(10));
    let plan = shown(&world, &request).await;
    let lost = plan.checks.iter().find(|c| c.name.contains("replaced"));
    assert_eq!(lost.unwrap().verdict, Verdict::Warn);
    let confirmed = Confirmed {
        digest: plan.digest,
        ..Confirmed::default()
    };
    let operator = caller(Role::Operator);
    let run = copy(&world.services, &operator, request, &confirmed)
        .await
        .unwrap();
    world.clock.advance(SignedDuration::from_secs(10));
    world.buckets.put_text(TO, "copies/00001", "came later");
    let view = world.finish(run).await;
    let content = |key: &str| world.buckets.object(TO, key).unwrap().content;
    assert_eq!(content("copies/00000"), b"text 0");
    assert_eq!(content("copies/00001"), b"came later");
    let said = &view.step("copy").unwrap().output;
    assert_eq!((&said["copied"], &said["differ"]), (&json!(2), &json!(1)));
    assert!(said["notes"][0]["why"].as_str().unwrap().contains("since"));
}

#[tokio::test]
async fn a_plan_that_is_another_by_now_is_refused() {
    let world = world(3).await;
    let request = request(&world, Existing::Skip);
    let plan = shown(&world, &request).await;
    world.buckets.put_text(FROM, "a/00001", "changed");
    let confirmed = Confirmed {
        digest: plan.digest,
        ..Confirmed::default()
    };
    let operator = caller(Role::Operator);
    let refused = copy(&world.services, &operator, request, &confirmed).await;
    assert!(
        matches!(refused, Err(ServiceError::Conflict(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn tags_class_and_locks_go_along_and_archives_are_left() {
    let world = world(1).await;
    let locks = ObjectLock {
        default_retention: None,
    };
    for bucket in [FROM, TO] {
        world.buckets.change(bucket, |bucket| {
            bucket.settings.lock = Known::Is(Some(locks.clone()));
        });
    }
    let until = world.clock.now() + SignedDuration::from_hours(100);
    let object = FakeObject {
        head: ObjectHead {
            size: 6 << 30,
            etag: "many-700".to_owned(),
            lock: ObjectLocked {
                retention: Some(("COMPLIANCE".to_owned(), until)),
                hold: true,
            },
            ..ObjectHead::default()
        },
        class: "STANDARD_IA".to_owned(),
        tags: [("kind".to_owned(), "volume".to_owned())].into(),
        ..FakeObject::default()
    };
    world.buckets.put(FROM, "a/large", object.clone());
    let frozen = FakeObject {
        class: "DEEP_ARCHIVE".to_owned(),
        ..FakeObject::default()
    };
    world.buckets.put(FROM, "a/frozen", frozen);
    let plan = shown(&world, &request(&world, Existing::Skip)).await;
    assert!(plan.keeps_locks, "{plan:?}");
    assert_eq!((plan.counts.large, plan.counts.left), (1, 1));
    let view = copied(&world, Existing::Skip).await;
    let copy = world.buckets.object(TO, "copies/large").unwrap();
    assert_eq!(copy.head.lock, object.head.lock);
    assert_eq!((copy.class, copy.tags), (object.class, object.tags));
    assert_eq!(world.buckets.object(TO, "copies/frozen"), None);
    assert_eq!(view.step("copy").unwrap().output["left"], 1);
}

#[tokio::test]
async fn under_other_keys_checksums_tell_what_is_the_same() {
    let world = world(0).await;
    let object = |checksum: &str| FakeObject {
        head: ObjectHead {
            size: 5,
            etag: "kms".to_owned(),
            kms: true,
            checksums: [("CRC64NVME".to_owned(), checksum.to_owned())].into(),
            ..ObjectHead::default()
        },
        ..FakeObject::default()
    };
    let mut there = object("same");
    there.head.etag = "other".to_owned();
    world.buckets.put(TO, "copies/there", there.clone());
    there.head.checksums = [("CRC64NVME".to_owned(), "differs".to_owned())].into();
    world.buckets.put(TO, "copies/other", there.clone());
    there.head.checksums.clear();
    world.buckets.put(TO, "copies/untold", there);
    world.clock.advance(SignedDuration::from_secs(10));
    for key in ["a/there", "a/other", "a/untold", "a/new"] {
        world.buckets.put(FROM, key, object("same"));
    }
    let plan = shown(&world, &request(&world, Existing::Skip)).await;
    assert_eq!((plan.counts.unclear, plan.counts.missing), (3, 1));
    let view = copied(&world, Existing::Skip).await;
    let said = &view.step("copy").unwrap().output;
    assert_eq!(
        (&said["copied"], &said["by_checksum"]),
        (&json!(1), &json!(1))
    );
    assert_eq!((&said["there"], &said["differ"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn it_slows_down_where_s3_wants_fewer_requests_and_copies_nothing_twice() {
    let world = world(1_200).await;
    world.buckets.slow_down(300, 40);
    let view = copied(&world, Existing::Skip).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    let written = world.buckets.written(TO);
    assert_eq!(written.len(), 1_200);
    assert!(written.values().all(|times| *times == 1), "{written:?}");
    assert_eq!(view.step("copy").unwrap().output["copied"], 1_200);
}

#[tokio::test]
async fn a_source_that_does_not_let_the_role_in_says_which_statement_it_needs() {
    let world = world(1).await;
    world.buckets.deny("s3:ListObjectsV2");
    let plan = shown(&world, &request(&world, Existing::Skip)).await;
    let check = &plan.checks[0];
    assert_eq!(check.verdict, Verdict::Fail, "{check:?}");
    assert!(check.fix.contains("\"Principal\""), "{}", check.fix);
    assert!(
        check.fix.contains("arn:aws:s3:::backups-blocks/a/*"),
        "{}",
        check.fix
    );
    let confirmed = Confirmed {
        digest: plan.digest,
        ..Confirmed::default()
    };
    let operator = caller(Role::Operator);
    let request = request(&world, Existing::Skip);
    let refused = copy(&world.services, &operator, request, &confirmed).await;
    assert!(
        matches!(refused, Err(ServiceError::Checks(_))),
        "{refused:?}"
    );
}

struct Estate {
    buckets: FakeBuckets,
    clock: TestClock,
}

#[async_trait]
impl BatteryWorld for Estate {
    /// How often each was written belongs to it: what is copied twice is seen.
    async fn observe(&self) -> Value {
        json!(self.buckets.written(TO))
    }

    async fn moved_to(&self, now: Timestamp) {
        self.clock.set(now);
    }

    /// What was copied stays: a copy that is begun again goes on from there.
    fn check_undone(&self, _before: &Value, seen: &Value) -> Result<(), String> {
        let twice = seen
            .as_object()
            .is_some_and(|seen| seen.values().any(|times| *times != json!(1)));
        if twice {
            return Err(format!("written twice: {seen}"));
        }
        Ok(())
    }
}

async fn subject() -> Subject {
    let world = world(30).await;
    let request = request(&world, Existing::Skip);
    let plan = shown(&world, &request).await;
    let confirmed = Confirmed {
        digest: plan.digest,
        ..Confirmed::default()
    };
    let operator = caller(Role::Operator);
    let run = copy(&world.services, &operator, request, &confirmed)
        .await
        .unwrap();
    Subject {
        kind: Arc::new(CopyRun::new(
            Arc::new(world.accounts.clone()),
            Arc::new(world.buckets.clone()),
            SyncQueue::new(),
        )),
        params: world.services.runs.run(run).await.unwrap().params,
        clock: ManualClock::new(world.clock.now()),
        world: Arc::new(Estate {
            buckets: world.buckets.clone(),
            clock: world.clock.clone(),
        }),
    }
}

#[tokio::test]
async fn a_copy_passes_the_battery() {
    let report = battery::run(subject).await.unwrap();
    assert!(report.scenarios > 15, "{report:?}");
}
