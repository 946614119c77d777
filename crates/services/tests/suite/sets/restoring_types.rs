//! The mediation set: a file system, a database and a cache.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use tidemark_domain::{
    PointSource, ResourceType, Role, Verdict,
    runs::RunState,
    sets::{SetRestorePlan, SetRestoreRequest},
};
use tidemark_services::sets::{plan_restore, propose_restore, restore};
use tidemark_testkit::build;

use super::keep;
use crate::{
    restore_kinds::{Kind, kinds, pairs},
    world::{ACCOUNT, World, caller},
};

fn kind(name: &str) -> Kind {
    kinds().into_iter().find(|kind| kind.name == name).unwrap()
}

/// A file system and a cache with points of ten and five minutes ago, and a database that has a continuous recovery point.
async fn mediation() -> World {
    let world = World::new().await;
    let now = world.clock.now();
    let ago = |minutes: i64| now - SignedDuration::from_mins(minutes);
    for (name, minutes) in [("EFS", 10), ("MemoryDB", 5), ("RDS", 90)] {
        let kind = kind(name);
        let mut resource = build::resource(&world.scope, "")
            .of(ResourceType::from(name), kind.arn)
            .build();
        resource.arn.name().clone_into(&mut resource.name);
        let mut point = build::point(&resource, name).at(ago(minutes)).build();
        if name == "RDS" {
            resource.pitr = Some(tidemark_domain::PitrWindow {
                earliest: ago(90),
                latest: ago(1),
            });
            point.source = PointSource::Continuous;
        }
        if name == "MemoryDB" {
            let arn = "arn:aws:memorydb:eu-west-1:111122223333:snapshot/sessions-1";
            point = build::point(&resource, name)
                .at(ago(minutes))
                .outside_vaults(PointSource::MemoryDbSnapshot, arn)
                .build();
        }
        world.aws.add_resource(resource);
        world.aws.add_point(point, pairs(&kind.proposed), 0);
    }
    world.sync().await;
    let manifest = format!(
        "version: 1
name: mediation
account: \"{ACCOUNT}\"
region: eu-west-1
vault: Default
members:
  - {{name: files, file_system: fs-0live}}
  - {{name: database, db_instance: main}}
  - {{name: cache, memorydb_cluster: sessions}}
order:
  - {{member: database, no_later_than: [files, cache]}}
exclude:
  names: [\"TEMP.*\"]
  directories: [tmp, pending]
"
    );
    keep(&world, manifest).await;
    world
}

async fn plan(world: &World, request: SetRestoreRequest) -> SetRestorePlan {
    plan_restore(&world.services, &caller(Role::Operator), request)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_database_comes_back_to_a_second_before_the_files_and_what_no_run_restores_is_left_out()
{
    let world = mediation().await;
    let operator = caller(Role::Operator);
    let now = world.clock.now();
    let request = propose_restore(&world.services, &operator, "mediation", now, 0)
        .await
        .unwrap();
    let shown = plan(&world, request.clone()).await;
    let failed: Vec<String> = shown
        .all_checks()
        .into_iter()
        .filter(|check| check.verdict == Verdict::Fail)
        .map(|check| check.name)
        .collect();
    assert_eq!(failed, ["cache: It can be restored"], "{shown:#?}");

    let mut left = request;
    left.members[2].leave_out = true;
    let shown = plan(&world, left).await;
    assert!(shown.can_start(), "{shown:#?}");
    let [files, database, _] = &shown.members[..] else {
        panic!("{shown:#?}");
    };
    let restored = |place: usize| shown.request.members[place].at;
    assert!(restored(1) <= restored(0));
    let metadata = |member: &tidemark_domain::sets::MemberRestore| -> BTreeMap<String, String> {
        member.plan.as_ref().unwrap().request.metadata.clone()
    };
    let of_database = metadata(database);
    assert_eq!(of_database["RestoreTime"], restored(1).to_string());
    assert!(of_database["DBInstanceIdentifier"].starts_with("main-2"));
    assert_eq!(metadata(files)["newFileSystem"], "true");
    assert!(files.notes[0].contains("aws-backup-restore_<time>"));
    assert!(files.notes[1].contains("TEMP.*, tmp, pending"));

    let run = restore(&world.services, &operator, shown.request, &shown.digest)
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:#?}");
    let results = view.summary["results"].as_array().unwrap();
    let told: Vec<&str> = results
        .iter()
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["RESTORED", "RESTORED", "LEFT"]);
    assert!(
        results[0]["made"]
            .as_str()
            .unwrap()
            .contains("file-system/")
    );
}

#[tokio::test]
async fn a_name_for_what_aws_names_and_a_database_newer_than_the_files_are_refused() {
    let world = mediation().await;
    let operator = caller(Role::Operator);
    let now = world.clock.now();
    let mut request = propose_restore(&world.services, &operator, "mediation", now, 0)
        .await
        .unwrap();
    request.members[2].leave_out = true;
    request.members[0].target = Some("fs-mine".to_owned());
    request.members[1].at = now - SignedDuration::from_mins(2);
    let shown = plan(&world, request).await;
    let failed: Vec<String> = shown
        .all_checks()
        .into_iter()
        .filter(|check| check.verdict == Verdict::Fail)
        .map(|check| check.name)
        .collect();
    assert_eq!(
        failed,
        ["The moments belong together", "files: It can be planned"]
    );
}
