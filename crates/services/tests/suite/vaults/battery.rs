//! Every change under the engine's battery: each step failed, repeated, cut off, raced, cancelled.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_domain::{
    Scope,
    vaults::{HoldChange, HoldRelease, LockMode, NewVault, PolicyEdit, VaultChange},
};
use tidemark_runs::{
    ManualClock, RunKind,
    battery::{self, Subject, World as BatteryWorld},
};
use tidemark_services::{
    holds::HoldRun,
    sync::SyncQueue,
    vaults::{CHANGE_VAULT_KIND, VaultRun},
};
use tidemark_testkit::{FakeCloud, TestClock};

use super::{FOREIGN, KEPT, begin, begin_hold, carried_out, held, lock, new_hold, request};
use crate::world::World;

/// What AWS has of the scope's vaults and holds. When a lock becomes immutable follows from when it was set.
struct Vaults {
    aws: FakeCloud,
    scope: Scope,
    clock: TestClock,
    /// How it is after the change, which stays where its answer was lost: neither a lock nor a hold is taken off
    /// again, and a deleted vault does not come back.
    stays: Option<Value>,
}

#[async_trait]
impl BatteryWorld for Vaults {
    async fn observe(&self) -> Value {
        let vaults: Vec<Value> = [KEPT, "made"]
            .iter()
            .filter_map(|name| self.aws.vault_of(&self.scope, name))
            .map(|vault| {
                json!([
                    vault.name,
                    vault.access_policy,
                    vault.locked,
                    vault.lock_date.is_some(),
                    vault.min_retention_days,
                    vault.max_retention_days,
                ])
            })
            .collect();
        let holds: Vec<Value> = self
            .aws
            .holds_of(&self.scope)
            .into_iter()
            .map(|hold| json!([hold.title, hold.status]))
            .collect();
        json!({ "vaults": vaults, "holds": holds })
    }

    async fn moved_to(&self, now: Timestamp) {
        self.clock.set(now);
    }

    fn check_undone(&self, before: &Value, seen: &Value) -> Result<(), String> {
        if seen == before || self.stays.as_ref() == Some(seen) {
            return Ok(());
        }
        Err(format!("before: {before}, seen: {seen}"))
    }
}

fn seen_of(world: &World, stays: Option<Value>) -> Vaults {
    Vaults {
        aws: world.aws.clone(),
        scope: world.scope.clone(),
        clock: world.clock.clone(),
        stays,
    }
}

async fn subject_of(
    world: World,
    run: tidemark_domain::runs::RunId,
    stays: Option<Value>,
) -> Subject {
    let run = world.services.runs.run(run).await.unwrap();
    let ports = (
        Arc::new(world.accounts.clone()),
        Arc::new(world.aws.clone()),
    );
    let sync = SyncQueue::new();
    let kind: Arc<dyn RunKind> = match run.kind.as_str() {
        CHANGE_VAULT_KIND => Arc::new(VaultRun::change(ports.0, ports.1, sync)),
        "change-legal-hold" => Arc::new(HoldRun::new(ports.0, ports.1, sync)),
        _ => Arc::new(VaultRun::protection(ports.0, ports.1, sync)),
    };
    Subject {
        kind,
        params: run.params,
        clock: ManualClock::new(world.clock.now()),
        world: Arc::new(seen_of(&world, stays)),
    }
}

async fn passes(
    before: Option<(&str, VaultChange)>,
    vault: &str,
    change: VaultChange,
    undone: bool,
) {
    let begun = || async {
        let world = World::new().await;
        if let Some((vault, change)) = before.clone() {
            carried_out(&world, vault, change).await;
        }
        let run = begin(&world, request(&world, vault, change.clone())).await;
        (world, run)
    };
    let (done, run) = begun().await;
    done.finish(run).await;
    let after = seen_of(&done, None).observe().await;
    let stays = (!undone).then_some(after);
    let report = battery::run(|| async {
        let (world, run) = begun().await;
        subject_of(world, run, stays.clone()).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 5, "{report:?}");
}

#[tokio::test]
async fn creating_a_vault_passes_the_battery() {
    passes(None, "made", VaultChange::Create(NewVault::default()), true).await;
}

#[tokio::test]
async fn creating_a_vault_with_a_policy_passes_the_battery() {
    let new = NewVault {
        policy: Some(FOREIGN.to_owned()),
        ..NewVault::default()
    };
    passes(None, "made", VaultChange::Create(new), true).await;
}

#[tokio::test]
async fn deleting_a_vault_passes_the_battery() {
    let made = VaultChange::Create(NewVault::default());
    passes(Some(("made", made)), "made", VaultChange::Delete, false).await;
}

#[tokio::test]
async fn changing_an_access_policy_passes_the_battery() {
    passes(
        None,
        KEPT,
        VaultChange::Policy(PolicyEdit::DenyDeletion),
        true,
    )
    .await;
}

#[tokio::test]
async fn locking_a_vault_for_good_passes_the_battery() {
    let wish = VaultChange::Lock(lock(LockMode::Compliance, 1, 100));
    passes(None, KEPT, wish, false).await;
}

#[tokio::test]
async fn removing_a_lock_passes_the_battery() {
    let wish = VaultChange::Lock(lock(LockMode::Governance, 1, 100));
    passes(Some((KEPT, wish)), KEPT, VaultChange::Unlock, false).await;
}

/// A hold that is made, or one that is there and released, under the battery.
async fn hold_passes(release: bool) {
    let begun = || async {
        let world = World::new().await;
        let change = if release {
            HoldChange::Release(HoldRelease {
                hold: held(&world).await,
                retain_record_days: None,
            })
        } else {
            new_hold()
        };
        let run = begin_hold(&world, change).await;
        (world, run)
    };
    let (done, run) = begun().await;
    done.finish(run).await;
    let after = seen_of(&done, None).observe().await;
    let report = battery::run(|| async {
        let (world, run) = begun().await;
        subject_of(world, run, Some(after.clone())).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 5, "{report:?}");
}

#[tokio::test]
async fn making_a_legal_hold_passes_the_battery() {
    hold_passes(false).await;
}

#[tokio::test]
async fn releasing_a_legal_hold_passes_the_battery() {
    hold_passes(true).await;
}
