use serde_json::json;
use tidemark_domain::{Role, runs::RunId};
use tidemark_services::{
    ServiceError,
    runs::{self, RunListFilter},
};

use crate::world::{World, caller};

#[tokio::test]
async fn an_unknown_run_does_not_exist() {
    let world = World::new().await;
    let id = RunId::new(world.clock.now());
    let error = runs::get(&world.services, &caller(Role::Operator), id)
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::NotFound(_)), "{error}");
}

#[tokio::test]
async fn a_cursor_that_no_page_gave_is_refused_by_name() {
    let world = World::new().await;
    let filter = RunListFilter {
        cursor: Some("garbage".to_owned()),
        ..RunListFilter::default()
    };
    match runs::list(&world.services, &caller(Role::Operator), &filter).await {
        Err(ServiceError::Invalid(invalid)) => assert_eq!(invalid.field, "cursor"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_retry_needs_what_its_kind_needed_and_nothing_less() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    for kind in ["records_undo", "records_setup", "records_proof"] {
        let labels = tidemark_domain::runs::RunLabels {
            resource: Some(world.orders().to_string()),
            ..tidemark_domain::runs::RunLabels::default()
        };
        let params = json!({"capture": {"id": "none"}});
        let id = ended(&world, kind, params, labels, "olga").await;
        // olga owns the table and began the run, when she was an operator still.
        let error = runs::retry(&world.services, &caller(Role::Owner), id)
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                ServiceError::Forbidden(_) | ServiceError::NotFound(_)
            ),
            "{kind}: {error}"
        );
    }
    let id = ended(
        &world,
        "unheard_of",
        json!({}),
        tidemark_domain::runs::RunLabels::default(),
        "operator",
    )
    .await;
    let error = runs::retry(&world.services, &operator, id)
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
}

/// A run of that kind that has failed.
async fn ended(
    world: &World,
    kind: &str,
    params: serde_json::Value,
    labels: tidemark_domain::runs::RunLabels,
    creator: &str,
) -> RunId {
    use tidemark_domain::runs::{Outcome, RunEvent, RunEventKind, RunView};
    let now = world.clock.now();
    let created = RunEventKind::Created {
        run_kind: kind.to_owned(),
        params_version: 1,
        creator: creator.to_owned(),
        reason: String::new(),
        labels: labels.clone(),
        steps: Vec::new(),
        awaiting_approval: false,
    };
    let new = tidemark_runs::NewRun {
        id: RunId::new(now),
        kind: kind.to_owned(),
        params_version: 1,
        params,
        creator: creator.to_owned(),
        reason: String::new(),
        labels,
        idempotency_key: None,
        created_at: now,
        created,
        not_before: now,
    };
    let store = world.services.runs.store();
    store.create(new.clone()).await.unwrap();
    let finished = RunEvent {
        seq: 2,
        at: now,
        kind: RunEventKind::Finished {
            outcome: Outcome::Failed,
            summary: serde_json::Value::Null,
        },
    };
    let view = RunView::fold([&new.first_event(), &finished]);
    store
        .append(tidemark_runs::Append {
            run: new.id,
            fence: tidemark_runs::Fence::Unleased,
            expected_seq: 1,
            events: vec![finished],
            head: view.head(now),
            hold: tidemark_runs::Hold::Release,
        })
        .await
        .unwrap();
    new.id
}
