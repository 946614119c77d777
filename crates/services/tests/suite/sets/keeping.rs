use tidemark_domain::Role;
use tidemark_services::{
    ServiceError,
    sets::{SetPut, check, get, list, put},
};

use super::{keep, manifest, shop};
use crate::world::caller;

#[tokio::test]
async fn each_change_is_a_version_and_the_same_text_is_none() {
    let world = shop().await;
    let operator = caller(Role::Operator);
    keep(&world, manifest("started")).await;
    keep(&world, manifest("started")).await;
    keep(&world, manifest("completed")).await;
    let rows = list(&world.services, &caller(Role::Viewer)).await.unwrap();
    assert_eq!((rows.len(), rows[0].version, rows[0].members), (1, 2, 2));
    let first = get(&world.services, &operator, "shop", Some(1))
        .await
        .unwrap();
    assert_eq!(first.stored.manifest, manifest("started"));
    let newest = get(&world.services, &operator, "shop", None).await.unwrap();
    assert_eq!(
        newest
            .versions
            .iter()
            .map(|v| v.version)
            .collect::<Vec<_>>(),
        [2, 1]
    );
    let members: Vec<_> = newest
        .members
        .iter()
        .map(|m| (m.name.as_str(), m.known, m.pitr.is_some()))
        .collect();
    assert_eq!(members, [("orders", true, true), ("parts", true, false)]);
    let audited = world
        .audit
        .records()
        .into_iter()
        .filter(|record| record.entry.action == "set.put")
        .count();
    assert_eq!(audited, 2);
}

#[tokio::test]
async fn a_change_that_was_made_from_an_older_version_is_refused() {
    let world = shop().await;
    let operator = caller(Role::Operator);
    keep(&world, manifest("started")).await;
    let wish = |based_on| SetPut {
        manifest: manifest("completed"),
        based_on: Some(based_on),
    };
    let taken = put(&world.services, &operator, &wish(0)).await.unwrap_err();
    assert!(
        matches!(&taken, ServiceError::Invalid(invalid) if invalid.rule.contains("choose another")),
        "{taken}"
    );
    put(&world.services, &operator, &wish(1)).await.unwrap();
    let late = SetPut {
        manifest: manifest("completed") + "# mine\n",
        based_on: Some(1),
    };
    let late = put(&world.services, &operator, &late).await.unwrap_err();
    assert!(matches!(late, ServiceError::Conflict(_)), "{late}");
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_line_and_nothing_is_kept() {
    let world = shop().await;
    let operator = caller(Role::Operator);
    let wrong =
        manifest("started").replace("https://shop.example.com/resume", "https://10.0.0.1/resume");
    let checked = check(&world.services, &operator, &wrong).await.unwrap();
    assert_eq!(checked.faults.len(), 1);
    assert_eq!(
        (checked.faults[0].line, checked.faults[0].path.as_str()),
        (Some(17), "pause.resume.url")
    );
    let wish = SetPut {
        manifest: wrong,
        based_on: None,
    };
    let error = put(&world.services, &operator, &wish).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("line 17: pause.resume.url: 10.0.0.1 is a private address"),
        "{error}"
    );
    assert_eq!(list(&world.services, &operator).await.unwrap(), []);
}
