//! Application sets: kept, backed up under a pause, recovered together.

mod backing_up;
mod battery;
mod keeping;
mod recovering;
mod restore_battery;
mod restoring;
mod restoring_types;

use tidemark_domain::Role;
use tidemark_services::{
    Caller, ServiceError,
    sets::{
        SetBackup, SetPut, back_up, check, get, list, plan_restore, propose_restore, put, recovery,
        restore, runs,
    },
};
use tidemark_testkit::FakeTable;

use crate::world::{ACCOUNT, World, caller};

/// A set of the tables `orders` and `parts`, paused for at most an hour.
pub(crate) fn manifest(resume_when: &str) -> String {
    format!(
        "version: 1
name: shop
account: \"{ACCOUNT}\"
region: eu-west-1
vault: Default
members:
  - {{name: orders, table: orders}}
  - {{name: parts, table: parts}}
pause:
  at_most_minutes: 60
  resume_when: {resume_when}
  pause: {{url: \"https://shop.example.com/pause\", body: '{{\"run\": \"{{{{run}}}}\"}}'}}
  paused:
    url: https://shop.example.com/state
    method: GET
    poll: {{path: in_flight, equals: 0, every_seconds: 2}}
  resume: {{url: \"https://shop.example.com/resume\"}}
order:
  - {{member: parts, no_later_than: [orders]}}
"
    )
}

/// A world with both tables, which the catalogue knows.
pub(crate) async fn shop() -> World {
    let world = World::new().await;
    let _ = world
        .aws
        .clone()
        .with_table(&world.scope, FakeTable::new("parts").items(10));
    world.sync().await;
    world
}

pub(crate) async fn keep(world: &World, manifest: String) {
    let wish = SetPut {
        manifest,
        based_on: None,
    };
    put(&world.services, &caller(Role::Operator), &wish)
        .await
        .unwrap();
}

/// A set of nothing but the owner's table; its name.
async fn own(world: &World) -> String {
    let member = "  - {name: orders, table: orders}\n";
    let text = format!(
        "version: 1\nname: own\naccount: \"{ACCOUNT}\"\nregion: eu-west-1\nmembers:\n{member}"
    );
    keep(world, text).await;
    "own".to_owned()
}

/// A use case of sets, called with valid input, by name.
pub(crate) async fn call(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    let s = &world.services;
    if s.sets.get("shop", None).await?.is_none() {
        let _ = world
            .aws
            .clone()
            .with_table(&world.scope, FakeTable::new("parts").items(10));
        world.sync().await;
        keep(world, manifest("started")).await;
    }
    let now = world.clock.now();
    match use_case {
        "set.runs" => runs(s, who, "shop").await.map(drop),
        "set.list" => list(s, who).await.map(drop),
        "set.get" => get(s, who, "shop", None).await.map(drop),
        "set.check" => check(s, who, &manifest("started")).await.map(drop),
        "set.recovery" => recovery(s, who, "shop", world.clock.now()).await.map(drop),
        "set.put" => {
            let wish = SetPut {
                manifest: manifest("completed"),
                based_on: Some(1),
            };
            put(s, who, &wish).await.map(drop)
        }
        "set.backup" => {
            let wish = SetBackup {
                name: "shop".to_owned(),
                reason: String::new(),
            };
            back_up(s, who, &wish).await.map(drop)
        }
        "set.restore.propose" => propose_restore(s, who, &own(world).await, now, 0)
            .await
            .map(drop),
        "set.restore.plan" | "set.restore" => {
            // What an admin was shown: only the privilege may differ.
            let admin = caller(Role::Admin);
            let request = propose_restore(s, &admin, &own(world).await, now, 0).await?;
            let shown = plan_restore(s, &admin, request).await?;
            if use_case == "set.restore.plan" {
                return plan_restore(s, who, shown.request).await.map(drop);
            }
            restore(s, who, shown.request, &shown.digest)
                .await
                .map(drop)
        }
        other => panic!("no use case {other}"),
    }
}
