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
