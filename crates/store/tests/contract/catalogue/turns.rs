//! Who reads which scope, in both databases and in the model that the use cases are tested with.

use std::sync::Arc;

use jiff::Timestamp;
use tidemark_domain::{Scope, ScopeCause, ScopeError};
use tidemark_services::ports::{AccountStore as _, Catalogue, ScopeSnapshot, SyncTurn};
use tidemark_store::Store;
use tidemark_testkit::{FakeAccountStore, FakeCatalogue};

use crate::{
    builders::{A, B, account, minute, scope},
    harness::on_both,
};

on_both!(
    a_scope_is_read_by_one_at_a_time_and_again_when_its_turn_comes,
    what_is_asked_for_is_read_before_its_turn_by_whoever_comes_first,
    of_many_at_once_one_takes_a_scope,
);

fn turn(reader: &str, at: Timestamp, until: Timestamp) -> SyncTurn {
    SyncTurn {
        reader: reader.to_owned(),
        at,
        until,
        tried_before: Some(at - jiff::SignedDuration::from_mins(5)),
    }
}

/// The store, and the model.
async fn both(store: &Store) -> Vec<Arc<dyn Catalogue>> {
    let accounts = FakeAccountStore::default();
    for id in [A, B] {
        store.accounts().add(&account(id, id)).await.unwrap();
        accounts.add(&account(id, id)).await.unwrap();
    }
    vec![store.catalogue(), Arc::new(FakeCatalogue::new(accounts))]
}

async fn due(catalogue: &dyn Catalogue, turn: &SyncTurn) -> Vec<Scope> {
    let due = catalogue.due_syncs(turn).await.unwrap();
    due.into_iter().filter(|due| *due == scope(A)).collect()
}

async fn a_scope_is_read_by_one_at_a_time_and_again_when_its_turn_comes(store: Store) {
    for catalogue in both(&store).await {
        let one = turn("one", minute(10), minute(11));
        let two = |at| turn("two", at, at + jiff::SignedDuration::from_mins(1));
        assert_eq!(due(&*catalogue, &one).await, [scope(A)], "never read");
        assert!(catalogue.claim_sync(&scope(A), &one).await.unwrap());
        let state = catalogue.scopes(None).await.unwrap();
        let state = state.iter().find(|state| state.scope == scope(A)).unwrap();
        assert!(state.syncing);

        // The other one does not read it, however often it looks, nor out of turn.
        let soon = minute(10) + jiff::SignedDuration::from_secs(30);
        assert!(due(&*catalogue, &two(soon)).await.is_empty());
        assert!(!catalogue.claim_sync(&scope(A), &two(soon)).await.unwrap());
        let out_of_turn = SyncTurn {
            tried_before: None,
            ..two(soon)
        };
        assert!(!catalogue.claim_sync(&scope(A), &out_of_turn).await.unwrap());

        // Whoever goes on reading keeps it; whoever is not heard of loses it at its next turn.
        catalogue
            .keep_sync(&scope(A), "one", minute(20))
            .await
            .unwrap();
        catalogue
            .keep_sync(&scope(A), "two", minute(90))
            .await
            .unwrap();
        assert!(due(&*catalogue, &two(minute(19))).await.is_empty());
        assert!(
            catalogue
                .claim_sync(&scope(A), &two(minute(20)))
                .await
                .unwrap()
        );

        // Once it is read the next turn comes after a while.
        let read = ScopeSnapshot::default();
        catalogue
            .apply_sync(&scope(A), &read, minute(20))
            .await
            .unwrap();
        assert!(due(&*catalogue, &two(minute(24))).await.is_empty());
        assert!(
            !catalogue
                .claim_sync(&scope(A), &two(minute(24)))
                .await
                .unwrap()
        );
        assert_eq!(due(&*catalogue, &two(minute(25))).await, [scope(A)]);
        assert!(
            catalogue
                .claim_sync(&scope(A), &two(minute(25)))
                .await
                .unwrap()
        );
        let error = ScopeError {
            cause: ScopeCause::Other,
            message: "no".to_owned(),
            fix: String::new(),
            code: None,
            request_id: None,
        };
        catalogue
            .fail_sync(&scope(A), &error, minute(26))
            .await
            .unwrap();
        assert!(due(&*catalogue, &two(minute(30))).await.is_empty());
        assert_eq!(due(&*catalogue, &two(minute(31))).await, [scope(A)]);
    }
}

async fn what_is_asked_for_is_read_before_its_turn_by_whoever_comes_first(store: Store) {
    for catalogue in both(&store).await {
        let one = |at| turn("one", at, at + jiff::SignedDuration::from_mins(2));
        assert!(
            catalogue
                .claim_sync(&scope(A), &one(minute(10)))
                .await
                .unwrap()
        );
        // Asked for while it is read: what changed since it began is not in that reading.
        catalogue.want_sync(&[scope(A)], minute(11)).await.unwrap();
        assert!(due(&*catalogue, &one(minute(11))).await.is_empty());
        let read = ScopeSnapshot::default();
        catalogue
            .apply_sync(&scope(A), &read, minute(10))
            .await
            .unwrap();
        assert_eq!(due(&*catalogue, &one(minute(11))).await, [scope(A)]);
        assert!(
            catalogue
                .claim_sync(&scope(A), &one(minute(11)))
                .await
                .unwrap()
        );
        catalogue
            .apply_sync(&scope(A), &read, minute(11))
            .await
            .unwrap();
        assert!(due(&*catalogue, &one(minute(12))).await.is_empty(), "once");

        // Nobody registered it: nothing is left behind.
        let unknown = scope("999999999999");
        catalogue
            .want_sync(std::slice::from_ref(&unknown), minute(12))
            .await
            .unwrap();
        let states = catalogue.scopes(None).await.unwrap();
        assert!(states.iter().all(|state| state.scope != unknown));
    }
}

async fn of_many_at_once_one_takes_a_scope(store: Store) {
    both(&store).await;
    for round in 0..5 {
        let at = minute(10 + round * 10);
        let takes = (0..8).map(|reader| {
            let catalogue = store.catalogue();
            tokio::spawn(async move {
                let turn = turn(
                    &format!("{reader}"),
                    at,
                    at + jiff::SignedDuration::from_mins(1),
                );
                catalogue.claim_sync(&scope(A), &turn).await.unwrap()
            })
        });
        let answers = futures::future::join_all(takes).await;
        let won = answers.into_iter().filter(|won| *won.as_ref().unwrap());
        assert_eq!(won.count(), 1);
    }
}
