use jiff::Timestamp;
use tidemark_services::{
    audit::{AuditEntry, AuditOutcome, AuditRecord},
    error::StoreError,
    ports::AuditFilter,
};
use tidemark_store::Store;

use crate::harness::on_both;

on_both!(
    records_form_a_chain_that_verifies_after_reading_back,
    appends_at_once_leave_no_gap_and_break_no_link,
    the_newest_come_first_page_by_page,
    a_page_is_stable_while_records_arrive,
    the_list_is_filtered_by_actor_and_action,
    garbage_in_a_cursor_or_limit_is_refused,
    records_can_be_neither_changed_nor_deleted,
);

fn entry(actor: &str, action: &str) -> AuditEntry {
    AuditEntry {
        // Finer than the store's milliseconds: the hash covers every digit.
        at: Timestamp::from_nanosecond(1_767_225_600_123_456_789).unwrap(),
        actor: actor.to_owned(),
        origin: "page 192.0.2.1".to_owned(),
        action: action.to_owned(),
        subject: "arn:aws:dynamodb:eu-west-1:111111111111:table/orders".to_owned(),
        outcome: AuditOutcome::Denied,
        plan_digest: Some("d1".to_owned()),
        detail: Some("\"quoted\" ü \u{1f512}".to_owned()),
        request_ids: vec!["r-1".to_owned(), "r-2".to_owned()],
    }
}

fn assert_chain(records: &[AuditRecord]) {
    let mut before = (0, AuditRecord::GENESIS.to_owned());
    for record in records {
        assert!(record.follows(before.0, &before.1), "{record:?}");
        before = (record.number, record.hash.clone());
    }
}

async fn records_form_a_chain_that_verifies_after_reading_back(store: Store) {
    let audit = store.audit();
    let mut appended = Vec::new();
    for action in ["restore.start", "session.sign_in", "accounts.add"] {
        appended.push(audit.append(&entry("anna", action)).await.unwrap());
    }
    assert_eq!(audit.read_from(1, 10).await.unwrap(), appended);
    assert_chain(&appended);
    assert_eq!(audit.read_from(2, 1).await.unwrap(), appended[1..2]);
}

async fn appends_at_once_leave_no_gap_and_break_no_link(store: Store) {
    let audit = store.audit();
    let tasks: Vec<_> = (0..60)
        .map(|number| {
            let audit = audit.clone();
            tokio::spawn(async move {
                let entry = entry(&format!("user-{number}"), "restore.start");
                audit.append(&entry).await.unwrap()
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let records = audit.read_from(1, 1000).await.unwrap();
    assert_eq!(records.len(), 60);
    assert_chain(&records);
}

async fn the_newest_come_first_page_by_page(store: Store) {
    let audit = store.audit();
    for number in 0..7 {
        audit
            .append(&entry(&format!("user-{number}"), "restore.start"))
            .await
            .unwrap();
    }
    let mut filter = AuditFilter {
        limit: Some(3),
        ..AuditFilter::default()
    };
    let mut numbers = Vec::new();
    loop {
        let page = audit.list(&filter).await.unwrap();
        numbers.push(page.items.iter().map(|r| r.number).collect::<Vec<_>>());
        filter.cursor = page.next;
        if filter.cursor.is_none() {
            break;
        }
    }
    assert_eq!(numbers, [vec![7, 6, 5], vec![4, 3, 2], vec![1]]);
}

async fn a_page_is_stable_while_records_arrive(store: Store) {
    let audit = store.audit();
    for _ in 0..4 {
        audit.append(&entry("anna", "restore.start")).await.unwrap();
    }
    let mut filter = AuditFilter {
        limit: Some(2),
        ..AuditFilter::default()
    };
    filter.cursor = audit.list(&filter).await.unwrap().next;
    audit.append(&entry("anna", "restore.start")).await.unwrap();
    let second = audit.list(&filter).await.unwrap();
    let numbers: Vec<i64> = second.items.iter().map(|r| r.number).collect();
    assert_eq!(numbers, [2, 1]);
}

async fn the_list_is_filtered_by_actor_and_action(store: Store) {
    let audit = store.audit();
    for (actor, action) in [("anna", "a.b"), ("bert", "a.b"), ("anna", "c.d")] {
        audit.append(&entry(actor, action)).await.unwrap();
    }
    let numbers = async |actor: Option<&str>, action: Option<&str>| {
        let filter = AuditFilter {
            actor: actor.map(ToOwned::to_owned),
            action: action.map(ToOwned::to_owned),
            ..AuditFilter::default()
        };
        let page = audit.list(&filter).await.unwrap();
        page.items.iter().map(|r| r.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(Some("anna"), None).await, [3, 1]);
    assert_eq!(numbers(None, Some("a.b")).await, [2, 1]);
    assert_eq!(numbers(Some("bert"), Some("c.d")).await, [0; 0]);
}

async fn garbage_in_a_cursor_or_limit_is_refused(store: Store) {
    let audit = store.audit();
    for (cursor, limit) in [
        (Some("garbage"), None),
        (Some(""), None),
        (Some("WyJ4IiwxXQ"), None),
        (None, Some(0)),
        (None, Some(201)),
    ] {
        let filter = AuditFilter {
            cursor: cursor.map(ToOwned::to_owned),
            limit,
            ..AuditFilter::default()
        };
        let answer = audit.list(&filter).await;
        assert!(matches!(answer, Err(StoreError::Invalid(_))), "{answer:?}");
    }
}

async fn records_can_be_neither_changed_nor_deleted(store: Store) {
    store.audit().append(&entry("anna", "a.b")).await.unwrap();
    for sql in [
        "UPDATE audit SET actor = 'bert'",
        "DELETE FROM audit WHERE number = 1",
    ] {
        let error = store.execute(sql).await.unwrap_err();
        let said = std::error::Error::source(&error).unwrap().to_string();
        assert!(said.contains("append-only"), "{said}");
    }
}
