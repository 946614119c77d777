use tidemark_domain::Role;
use tidemark_services::audit::{self, ChainFault};

use crate::world::{World, caller};

async fn some_entries(world: &World) {
    for name in ["nobody", "somebody", "anybody"] {
        let result =
            tidemark_services::session::sign_in(&world.services, name, "wrong", "test").await;
        assert!(result.is_err());
    }
}

#[tokio::test]
async fn an_untouched_log_verifies() {
    let world = World::new().await;
    some_entries(&world).await;
    let result = audit::verify(&world.services, &caller(Role::Auditor))
        .await
        .unwrap();
    assert_eq!(result, Ok(3));
}

#[tokio::test]
async fn an_altered_entry_is_found_by_number() {
    let world = World::new().await;
    some_entries(&world).await;
    world
        .audit
        .tamper(2, |record| record.entry.actor = "someone else".to_owned());
    let result = audit::verify(&world.services, &caller(Role::Auditor))
        .await
        .unwrap();
    assert_eq!(result, Err(ChainFault { number: 2 }));
}

#[tokio::test]
async fn an_entry_altered_together_with_its_hash_breaks_the_next_one() {
    let world = World::new().await;
    some_entries(&world).await;
    world.audit.tamper(2, |record| {
        let mut entry = record.entry.clone();
        entry.actor = "someone else".to_owned();
        *record = audit::AuditRecord::chain(record.number, &record.previous, entry);
    });
    let result = audit::verify(&world.services, &caller(Role::Auditor))
        .await
        .unwrap();
    assert_eq!(result, Err(ChainFault { number: 3 }));
}
