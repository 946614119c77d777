//! Keys of records are for those who may see records.

use super::*;

/// Everything that somebody with this role can read of runs, captures and the audit log.
async fn readable(scene: &Scene, role: Role) -> String {
    let services = &scene.world.services;
    let who = caller(role);
    let mut seen = String::new();
    let mut add = |what: &dyn std::fmt::Debug| {
        seen = format!("{seen}{what:?}\n");
    };
    let runs = tidemark_services::runs::list(services, &who, &RunListFilter::default())
        .await
        .unwrap();
    add(&runs);
    for run in &runs.items {
        add(&tidemark_services::runs::get(services, &who, run.id)
            .await
            .unwrap());
        let events = tidemark_services::runs::events(services, &who, run.id, 0);
        add(&events.await.unwrap());
    }
    add(&records::list(services, &who).await.unwrap());
    add(&scene.world.audit.records());
    seen
}

#[tokio::test]
async fn a_key_is_found_by_no_viewer_or_auditor() {
    let scene = Scene::new().await;
    let (world, services) = (&scene.world, &scene.world.services);
    let operator = caller(Role::Operator);
    // An undo with a conflict, and with a record that changes after the plan.
    put(&scene.table, 3, "mended");
    let plan = scene.plan(scene.undo_of(0..10)).await;
    put(&scene.table, 4, "mended later");
    let undone = scene.start(&plan).await;
    let view = world.finish(undone).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    // A proof that finds what the backup lacks.
    let proof = records::prove::start(services, &operator, &scene.capture)
        .await
        .unwrap();
    let view = world.finish(proof).await;
    assert_eq!(view.outcome, Some(Outcome::Failed), "{view:?}");
    // A restore of one partition.
    let wanted = world.records.missing_table("orders-back");
    let request = RestoreRequest {
        source: RestoreSource::Records {
            capture: scene.capture.clone(),
            at: scene.from,
            partition: Some(id(5)),
        },
        ..hour_ago(world)
    };
    let plan = restore::plan(services, &operator, request.clone())
        .await
        .unwrap();
    let restored = restore::start(services, &operator, request, &plan.digest)
        .await
        .unwrap();
    world
        .aws
        .add_table(&world.scope, FakeTable::new("orders-back"));
    let view = world.finish(restored).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    assert_eq!(wanted.items().len(), 1);

    for role in [Role::Viewer, Role::Auditor] {
        let seen = readable(&scene, role).await;
        assert!(seen.contains("records_undo") && seen.contains("restore"));
        for number in 0..41 {
            assert!(!seen.contains(&id(number)), "{role:?} sees {}", id(number));
        }
    }
    // Who may see records finds them: in the plan, in the proof, and in what was asked.
    let plan = undo::get(
        services,
        &operator,
        &scene.capture,
        &plan_of(services, undone).await,
        0,
    )
    .await
    .unwrap();
    assert_eq!(plan.conflicts[0].label(), "\"record-003\"");
    let proof = records::proof(services, &operator, &scene.capture)
        .await
        .unwrap()
        .unwrap();
    assert!(!proof.differences.is_empty());
    let run = tidemark_services::runs::get(services, &operator, restored)
        .await
        .unwrap();
    let asked = run.run.params.pointer("/plan/request/source/partition");
    assert_eq!(asked, Some(&Value::from(id(5))));
}

async fn plan_of(services: &tidemark_services::Services, run: RunId) -> String {
    let run = services.runs.run(run).await.unwrap();
    run.params["plan"].as_str().unwrap().to_owned()
}
