//! Vaults created, locked, deleted, and their legal holds.

mod battery;
mod changing;
mod holding;
mod locking;

use tidemark_domain::{
    Role,
    runs::{RunId, RunView},
    vaults::{
        HoldChange, HoldFilter, HoldRelease, HoldRequest, LockMode, LockWish, NewHold, NewVault,
        PolicyEdit, VaultChange, VaultPlan, VaultRequest,
    },
};
use tidemark_services::{
    Caller, ServiceError, holds,
    holds::HoldConfirmed,
    vaults::{self, VaultConfirmed},
};

use tidemark_testkit::build;

use crate::world::{World, caller};

/// The vault that the world has from the beginning.
const KEPT: &str = "Default";
/// What somebody else wrote into an access policy.
const FOREIGN: &str = r#"{ "Version":"2012-10-17","Statement": [ {"Sid" : "Other","Effect":"Deny","Principal":"*","Action":"backup:StartRestoreJob","Resource":"*"} ] }"#;

fn request(world: &World, vault: &str, change: VaultChange) -> VaultRequest {
    VaultRequest {
        account: world.scope.account.clone(),
        region: world.scope.region.clone(),
        vault: vault.parse().unwrap(),
        change,
    }
}

fn lock(mode: LockMode, min: i64, max: i64) -> LockWish {
    LockWish {
        mode,
        changeable_for_days: (mode == LockMode::Compliance).then_some(3),
        min_retention_days: Some(min),
        max_retention_days: Some(max),
        accept_failures: false,
    }
}

fn confirmed(plan: &VaultPlan) -> VaultConfirmed {
    VaultConfirmed {
        digest: plan.digest.clone(),
        reason: "a test".to_owned(),
        confirmation: plan.confirmation.clone(),
    }
}

/// A point of the table in the vault.
fn point(world: &World, id: &str) -> build::PointBuilder {
    build::point(&build::resource(&world.scope, "orders").build(), id)
}

/// Starts a change as an admin does who was shown it.
async fn begin(world: &World, request: VaultRequest) -> RunId {
    let admin = caller(Role::Admin);
    let plan = vaults::plan(&world.services, &admin, request.clone())
        .await
        .unwrap();
    vaults::start(&world.services, &admin, request, &confirmed(&plan))
        .await
        .unwrap()
}

async fn carried_out(world: &World, vault: &str, change: VaultChange) -> RunView {
    let run = begin(world, request(world, vault, change)).await;
    world.finish(run).await
}

fn hold_request(world: &World, change: HoldChange) -> HoldRequest {
    HoldRequest {
        account: world.scope.account.clone(),
        region: world.scope.region.clone(),
        change,
    }
}

fn new_hold() -> HoldChange {
    HoldChange::Create(NewHold {
        title: "Case 2026-7".to_owned(),
        description: "Kept for the court.".to_owned(),
        vaults: vec![KEPT.parse().unwrap()],
        ..NewHold::default()
    })
}

async fn begin_hold(world: &World, change: HoldChange) -> RunId {
    let admin = caller(Role::Admin);
    let request = hold_request(world, change);
    let plan = holds::plan(&world.services, &admin, request.clone())
        .await
        .unwrap();
    let confirmed = HoldConfirmed {
        digest: plan.digest,
        reason: "the case is open".to_owned(),
    };
    holds::start(&world.services, &admin, request, &confirmed)
        .await
        .unwrap()
}

/// Makes a hold, and answers its id.
async fn held(world: &World) -> String {
    let run = begin_hold(world, new_hold()).await;
    world.finish(run).await;
    world.sync().await;
    world.aws.holds_of(&world.scope)[0].id.clone()
}

/// The use cases of this noun, for the table of who may what.
pub(crate) async fn call(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    let s = &world.services;
    let change = match use_case {
        "vault.create.plan" | "vault.create" => VaultChange::Create(NewVault::default()),
        "vault.delete.plan" | "vault.delete" => VaultChange::Delete,
        "vault.policy.plan" | "vault.policy" => VaultChange::Policy(PolicyEdit::DenyDeletion),
        "vault.lock.plan" | "vault.lock" => {
            VaultChange::Lock(lock(LockMode::Governance, 1, 36_500))
        }
        "vault.unlock.plan" | "vault.unlock" => {
            let change = VaultChange::Lock(lock(LockMode::Governance, 1, 36_500));
            carried_out(world, KEPT, change).await;
            VaultChange::Unlock
        }
        hold => return call_holds(world, who, hold).await,
    };
    let vault = if matches!(change, VaultChange::Create(_)) {
        "another"
    } else {
        carried_out(world, "emptied", VaultChange::Create(NewVault::default())).await;
        if change == VaultChange::Delete {
            "emptied"
        } else {
            KEPT
        }
    };
    let request = request(world, vault, change);
    if use_case.rsplit('.').next() == Some("plan") {
        return vaults::plan(s, who, request).await.map(drop);
    }
    let plan = vaults::plan(s, &caller(Role::Admin), request.clone()).await?;
    vaults::start(s, who, request, &confirmed(&plan))
        .await
        .map(drop)
}

async fn call_holds(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    let s = &world.services;
    match use_case {
        "hold.list" => holds::list(s, who, &HoldFilter::default()).await.map(drop),
        "hold.create.plan" => holds::plan(s, who, hold_request(world, new_hold()))
            .await
            .map(drop),
        "hold.create" | "hold.release" => {
            let change = if use_case == "hold.create" {
                new_hold()
            } else {
                HoldChange::Release(HoldRelease {
                    hold: held(world).await,
                    retain_record_days: None,
                })
            };
            let request = hold_request(world, change);
            let plan = holds::plan(s, &caller(Role::Admin), request.clone()).await?;
            let confirmed = HoldConfirmed {
                digest: plan.digest,
                reason: "a test".to_owned(),
            };
            holds::start(s, who, request, &confirmed).await.map(drop)
        }
        other => panic!("{other} is not in the table"),
    }
}
