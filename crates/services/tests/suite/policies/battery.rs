//! The run under the engine's battery: each step failed, repeated, cut off, raced, cancelled.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_domain::policy::AccessChange;
use tidemark_runs::{
    ManualClock,
    battery::{self, Subject, World as BatteryWorld},
};
use tidemark_services::policies::SetBucketPolicyRun;
use tidemark_testkit::{FakePolicyCloud, TestClock};

use super::{BUCKET, begin, carried_out, world};
use crate::world::World;

/// The policy, and what lies in the bucket.
struct Buckets {
    policies: FakePolicyCloud,
    clock: TestClock,
}

#[async_trait]
impl BatteryWorld for Buckets {
    async fn observe(&self) -> Value {
        json!({"policy": self.policies.policy_of(BUCKET), "objects": self.policies.objects()})
    }

    async fn moved_to(&self, now: Timestamp) {
        self.clock.set(now);
    }
}

async fn subject(world: World, change: AccessChange) -> Subject {
    let run = begin(&world, change).await;
    let kind = SetBucketPolicyRun::new(
        Arc::new(world.accounts.clone()),
        Arc::new(world.policies.clone()),
    );
    Subject {
        kind: Arc::new(kind),
        params: world.services.runs.run(run).await.unwrap().params,
        clock: ManualClock::new(world.clock.now()),
        world: Arc::new(Buckets {
            policies: world.policies.clone(),
            clock: world.clock.clone(),
        }),
    }
}

#[tokio::test]
async fn giving_access_passes_the_battery() {
    let report = battery::run(|| async { subject(world().await, AccessChange::Grant).await })
        .await
        .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 15, "{report:?}");
}

#[tokio::test]
async fn taking_access_back_passes_the_battery() {
    let report = battery::run(|| async {
        let world = world().await;
        carried_out(&world, AccessChange::Grant).await;
        subject(world, AccessChange::Revoke).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 15, "{report:?}");
}

#[tokio::test]
async fn giving_a_policy_back_passes_the_battery() {
    let report = battery::run(|| async {
        let world = world().await;
        world.policies.set_policy(BUCKET, None);
        let run = begin(&world, AccessChange::Grant).await;
        world.finish(run).await;
        subject(world, AccessChange::Return { run }).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 5, "{report:?}");
}
