use tidemark_domain::records::{
    Capture, CaptureLayout, CaptureMode, CaptureStatus, CaptureTrouble, GapBounds, ProofSummary,
};
use tidemark_services::error::StoreError;
use tidemark_store::Store;

use crate::{
    builders::{A, account_id, minute, region, table_arn},
    harness::on_both,
};

on_both!(
    captures_come_back_as_they_were_made_oldest_first,
    a_table_has_one_capture_per_place,
    mode_and_status_are_replaced,
    a_capture_that_is_gone_is_not_found,
);

fn capture(id: &str, table: &str, bucket: &str, minutes: i64) -> Capture {
    Capture {
        id: id.to_owned(),
        account: account_id(A),
        region: region("eu-west-1"),
        table: table_arn(A, table),
        bucket: bucket.to_owned(),
        prefix: "records".to_owned(),
        layout: CaptureLayout::Objects,
        mode: CaptureMode::Embedded,
        created_at: minute(minutes),
        created_by: "anna".to_owned(),
    }
}

async fn captures_come_back_as_they_were_made_oldest_first(store: Store) {
    let captures = store.captures();
    let made = [
        capture("c", "orders", "one", 1),
        capture("a", "carts", "one", 2),
        capture("b", "orders", "two", 3),
    ];
    for capture in made.iter().rev() {
        captures.create(capture).await.unwrap();
    }
    let all = captures.list().await.unwrap();
    let listed: Vec<&Capture> = all.iter().map(|c| &c.capture).collect();
    assert_eq!(listed, made.iter().collect::<Vec<_>>());
    let of_orders = captures.of_table(&table_arn(A, "orders")).await.unwrap();
    assert_eq!(of_orders.len(), 2);
    assert_eq!(of_orders[0].capture, made[0]);
    let tables = [
        table_arn(A, "carts"),
        table_arn(A, "none"),
        table_arn(A, "orders"),
    ];
    assert_eq!(captures.of_tables(&tables).await.unwrap(), all);
    assert_eq!(captures.of_tables(&tables[1..2]).await.unwrap(), []);
    assert_eq!(captures.of_tables(&[]).await.unwrap(), []);
    let one = captures.get("b").await.unwrap().unwrap();
    assert_eq!(one.capture, made[2]);
    assert_eq!(one.status, CaptureStatus::default());
}

async fn a_table_has_one_capture_per_place(store: Store) {
    let captures = store.captures();
    captures
        .create(&capture("a", "orders", "one", 1))
        .await
        .unwrap();
    let again = captures.create(&capture("b", "orders", "one", 2)).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    let same_id = captures.create(&capture("a", "carts", "one", 2)).await;
    assert!(
        matches!(same_id, Err(StoreError::Conflict(_))),
        "{same_id:?}"
    );
    captures
        .create(&capture("b", "orders", "two", 2))
        .await
        .unwrap();
}

async fn mode_and_status_are_replaced(store: Store) {
    let captures = store.captures();
    captures
        .create(&capture("a", "orders", "one", 1))
        .await
        .unwrap();
    let status = CaptureStatus {
        updated_at: Some(minute(5)),
        read_until: Some(minute(4)),
        complete_from: Some(minute(2)),
        gaps: vec![GapBounds {
            shard: "shard-1".to_owned(),
            from: minute(1),
            until: minute(2),
            noticed_at: minute(3),
        }],
        last_error: Some(CaptureTrouble {
            at: minute(5),
            message: "denied".to_owned(),
        }),
        last_proof: Some(ProofSummary {
            as_of: minute(3),
            items: 7,
            differences: 1,
            complete: false,
            object: "_tidemark/orders/proofs/x.json".to_owned(),
        }),
        changes: 12,
        ..CaptureStatus::default()
    };
    captures.put_status("a", &status).await.unwrap();
    captures.set_mode("a", CaptureMode::Off).await.unwrap();
    let found = captures.get("a").await.unwrap().unwrap();
    assert_eq!(found.status, status);
    assert_eq!(found.capture.mode, CaptureMode::Off);
}

async fn a_capture_that_is_gone_is_not_found(store: Store) {
    let captures = store.captures();
    captures
        .create(&capture("a", "orders", "one", 1))
        .await
        .unwrap();
    captures.remove("a").await.unwrap();
    assert_eq!(captures.get("a").await.unwrap(), None);
    let gone = |result| assert!(matches!(result, Err(StoreError::NotFound(_))));
    gone(captures.remove("a").await);
    gone(captures.set_mode("a", CaptureMode::Off).await);
    captures
        .put_status("a", &CaptureStatus::default())
        .await
        .unwrap();
    assert!(captures.list().await.unwrap().is_empty());
}
