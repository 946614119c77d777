use jiff::SignedDuration;
use tidemark_domain::Role;
use tidemark_services::sets::{SetBackup, back_up, recovery};

use super::{keep, manifest, shop};
use crate::world::caller;

#[tokio::test]
async fn the_points_of_a_backup_belong_together_afterwards() {
    let world = shop().await;
    keep(&world, manifest("started")).await;
    let operator = caller(Role::Operator);
    let none = recovery(&world.services, &operator, "shop", world.clock.now())
        .await
        .unwrap();
    assert!(none.combinations.is_empty());
    assert!(
        none.impossible
            .unwrap()
            .starts_with("parts has no recovery point")
    );
    let wish = SetBackup {
        name: "shop".into(),
        reason: String::new(),
    };
    let run = back_up(&world.services, &operator, &wish).await.unwrap();
    world.finish(run).await;
    world.clock.advance(SignedDuration::from_hours(1));
    world.sync().await;
    let found = recovery(&world.services, &operator, "shop", world.clock.now())
        .await
        .unwrap();
    let best = &found.combinations[0];
    // Orders has point-in-time recovery: a second, and no point, is the latest of it.
    assert_eq!(best.choices.len(), 2);
    assert!(best.choices[0].point.is_none() && best.choices[1].point.is_some());
    assert!(best.choices[1].at <= best.choices[0].at);
    let early = world.clock.now() - SignedDuration::from_hours(24 * 30);
    let early = recovery(&world.services, &operator, "shop", early)
        .await
        .unwrap();
    assert!(early.combinations.is_empty() && early.impossible.is_some());
}
