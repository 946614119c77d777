//! Buckets that others write their backups to: what is found, and what a change of settings does.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use tidemark_domain::{
    Role, Verdict,
    buckets::{
        BrowseRequest, BucketPlace, Expiration, Known, LifecycleRule, PublicAccess, SettingsFix,
        SettingsRequest, Versioning,
    },
    runs::RunState,
};
use tidemark_runs::{
    ManualClock,
    battery::{self, Subject, World as BatteryWorld},
};
use tidemark_services::{
    Caller, ServiceError,
    buckets::{self, BucketFilter, Confirmed, SetBucketRun},
    sync::SyncQueue,
};
use tidemark_testkit::FakeBuckets;

use crate::world::{World, caller};

const BUCKET: &str = "backups-blocks";

pub(crate) fn place(world: &World) -> BucketPlace {
    BucketPlace {
        account: world.scope.account.clone(),
        region: world.scope.region.clone(),
        bucket: BUCKET.to_owned(),
    }
}

fn rules() -> Vec<LifecycleRule> {
    vec![
        LifecycleRule {
            id: "old".to_owned(),
            enabled: true,
            expiration: Some(Expiration::Days(30)),
            abort_uploads_after: Some(7),
            ..LifecycleRule::default()
        },
        LifecycleRule {
            id: "logs".to_owned(),
            enabled: true,
            prefix: "logs/".to_owned(),
            expiration: Some(Expiration::Days(5)),
            ..LifecycleRule::default()
        },
        LifecycleRule {
            id: "tmp".to_owned(),
            enabled: true,
            prefix: "tmp/".to_owned(),
            expiration: Some(Expiration::Days(1)),
            ..LifecycleRule::default()
        },
    ]
}

fn request(world: &World) -> SettingsRequest {
    SettingsRequest {
        place: place(world),
        fixes: [
            "expiry:logs",
            "versioning",
            "public-access",
            "expiry:old",
            "versioning",
        ]
        .map(|fix| fix.parse().unwrap())
        .to_vec(),
    }
}

pub(crate) fn add(world: &World) {
    world.buckets.add(BUCKET, &world.scope.region);
    world.buckets.set_rules(BUCKET, rules());
}

async fn confirmed(world: &World) -> Confirmed {
    let plan = buckets::plan(&world.services, &caller(Role::Admin), request(world)).await;
    Confirmed {
        digest: plan.unwrap().digest,
        reason: "a test".to_owned(),
    }
}

/// The use cases for the table of who may what.
pub(crate) async fn call(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    add(world);
    let s = &world.services;
    match use_case {
        "bucket.list" => buckets::list(s, who, BucketFilter::default())
            .await
            .map(drop),
        "bucket.show" => buckets::show(s, who, place(world)).await.map(drop),
        "bucket.browse" | "bucket.blocks" => {
            let request = BrowseRequest {
                place: place(world),
                prefix: String::new(),
                after: None,
                versions: false,
                limit: None,
            };
            if use_case == "bucket.blocks" {
                return buckets::blocks(s, who, request).await.map(drop);
            }
            buckets::browse(s, who, request).await.map(drop)
        }
        "bucket.plan" => buckets::plan(s, who, request(world)).await.map(drop),
        "bucket.fix" => {
            let confirmed = confirmed(world).await;
            buckets::fix(s, who, request(world), &confirmed)
                .await
                .map(drop)
        }
        other => panic!("{other} is not in the table"),
    }
}

#[tokio::test]
async fn a_bucket_tells_what_it_lacks_and_is_mended_as_it_was_shown() {
    let world = World::new().await;
    add(&world);
    let (s, who) = (&world.services, caller(Role::Operator));
    let report = buckets::show(s, &who, place(&world)).await.unwrap();
    let fixes: Vec<String> = report
        .requirements
        .iter()
        .filter_map(|one| one.fix.as_ref().map(ToString::to_string))
        .collect();
    let offered = [
        "versioning",
        "public-access",
        "expiry:old",
        "expiry:logs",
        "expiry:tmp",
    ];
    assert_eq!(fixes, offered);
    let plan = buckets::plan(s, &who, request(&world)).await.unwrap();
    assert_eq!(plan.changes.len(), 4, "{plan:?}");
    let confirmed = Confirmed {
        digest: plan.digest,
        reason: "adopting it".to_owned(),
    };
    let run = buckets::fix(s, &who, request(&world), &confirmed)
        .await
        .unwrap();
    // Sent twice, it is one run.
    let again = buckets::fix(s, &who, request(&world), &confirmed).await;
    assert_eq!(again.unwrap(), run);
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    let settings = world.buckets.settings_of(BUCKET).unwrap();
    assert_eq!(settings.versioning, Known::Is(Versioning::Enabled));
    assert_eq!(settings.public_access, Known::Is(PublicAccess::BLOCKED));
    let mut left = rules();
    left[0].expiration = None;
    left.remove(1);
    assert_eq!(settings.lifecycle, Known::Is(left));
    assert_eq!(world.buckets.changes().len(), 3);
}

#[tokio::test]
async fn what_has_changed_since_it_was_shown_is_refused() {
    let world = World::new().await;
    add(&world);
    let (s, who) = (&world.services, caller(Role::Operator));
    let confirmed = confirmed(&world).await;
    let mut other = rules();
    other[2].expiration = Some(Expiration::Days(2));
    world.buckets.set_rules(BUCKET, other.clone());
    let refused = buckets::fix(s, &who, request(&world), &confirmed).await;
    assert!(
        matches!(refused, Err(ServiceError::Conflict(_))),
        "{refused:?}"
    );
    // Changed between the start and the step, nothing is written over either.
    let plan = buckets::plan(s, &who, request(&world)).await.unwrap();
    let confirmed = Confirmed {
        digest: plan.digest,
        ..Confirmed::default()
    };
    let run = buckets::fix(s, &who, request(&world), &confirmed)
        .await
        .unwrap();
    world.buckets.set_rules(BUCKET, rules());
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    let settings = world.buckets.settings_of(BUCKET).unwrap();
    assert_eq!(settings.lifecycle, Known::Is(rules()));
}

#[tokio::test]
async fn what_cannot_be_read_is_unknown_and_never_changed() {
    let world = World::new().await;
    add(&world);
    let (s, who) = (&world.services, caller(Role::Operator));
    world.buckets.change(BUCKET, |bucket| {
        bucket.settings.versioning = Known::Unknown("denied".to_owned());
    });
    let report = buckets::show(s, &who, place(&world)).await.unwrap();
    let versioning = &report.requirements[0];
    assert_eq!(versioning.verdict, Verdict::Unknown);
    assert_eq!(versioning.fix, None);
    let refused = buckets::plan(s, &who, request(&world)).await;
    assert!(
        matches!(refused, Err(ServiceError::Invalid(_))),
        "{refused:?}"
    );
    let gone = SettingsRequest {
        fixes: vec![SettingsFix::StopExpiring {
            rule: "nobody".to_owned(),
        }],
        ..request(&world)
    };
    let refused = buckets::plan(s, &who, gone).await;
    assert!(
        matches!(refused, Err(ServiceError::NotFound(_))),
        "{refused:?}"
    );
    let elsewhere = BucketPlace {
        bucket: "backups-nowhere".to_owned(),
        ..place(&world)
    };
    let missing = buckets::show(s, &who, elsewhere).await;
    assert!(
        matches!(missing, Err(ServiceError::Cloud(_))),
        "{missing:?}"
    );
}

struct Estate(FakeBuckets);

#[async_trait]
impl BatteryWorld for Estate {
    async fn observe(&self) -> Value {
        json!(self.0.settings_of(BUCKET))
    }

    /// What has been changed protects, and stays.
    fn check_undone(&self, _before: &Value, _seen: &Value) -> Result<(), String> {
        Ok(())
    }
}

async fn subject() -> Subject {
    let world = World::new().await;
    add(&world);
    let confirmed = confirmed(&world).await;
    let operator = caller(Role::Operator);
    let run = buckets::fix(&world.services, &operator, request(&world), &confirmed)
        .await
        .unwrap();
    Subject {
        kind: Arc::new(SetBucketRun::new(
            Arc::new(world.accounts.clone()),
            Arc::new(world.buckets.clone()),
            SyncQueue::new(),
        )),
        params: world.services.runs.run(run).await.unwrap().params,
        clock: ManualClock::new(world.clock.now()),
        world: Arc::new(Estate(world.buckets.clone())),
    }
}

#[tokio::test]
async fn a_change_of_settings_passes_the_battery() {
    let report = battery::run(subject).await.unwrap();
    assert!(report.scenarios > 20, "{report:?}");
}
