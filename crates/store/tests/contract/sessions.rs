use tidemark_store::Store;

use crate::{builders::minute, harness::on_both};

on_both!(a_session_is_kept_until_it_ends, a_key_is_taken_once);

async fn a_session_is_kept_until_it_ends(store: Store) {
    let sessions = store.sessions();
    assert!(sessions.create("k", "one", minute(60)).await.unwrap());
    let found = sessions.load("k", minute(1)).await.unwrap();
    assert_eq!(found, Some(("one".to_owned(), minute(60))));
    sessions.save("k", "two", minute(90)).await.unwrap();
    let found = sessions.load("k", minute(89)).await.unwrap();
    assert_eq!(found, Some(("two".to_owned(), minute(90))));
    assert_eq!(sessions.load("k", minute(90)).await.unwrap(), None, "over");
    sessions.save("other", "x", minute(100)).await.unwrap();
    sessions.delete_expired(minute(95)).await.unwrap();
    assert_eq!(sessions.load("k", minute(1)).await.unwrap(), None);
    assert!(sessions.load("other", minute(1)).await.unwrap().is_some());
    sessions.delete("other").await.unwrap();
    assert_eq!(sessions.load("other", minute(1)).await.unwrap(), None);
}

async fn a_key_is_taken_once(store: Store) {
    let sessions = store.sessions();
    assert!(sessions.create("k", "one", minute(60)).await.unwrap());
    assert!(!sessions.create("k", "two", minute(60)).await.unwrap());
    let found = sessions.load("k", minute(1)).await.unwrap();
    assert_eq!(found.unwrap().0, "one");
}
