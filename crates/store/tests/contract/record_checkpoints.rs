use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use tidemark_records::testing::checkpoints_contract;
use tidemark_store::Store;

use crate::harness::on_both;

on_both!(
    checkpoints_keep_the_contract_of_their_port,
    of_many_who_take_a_shard_at_once_one_gets_it,
);

async fn checkpoints_keep_the_contract_of_their_port(store: Store) {
    checkpoints_contract(store.record_checkpoints().as_ref()).await;
}

async fn of_many_who_take_a_shard_at_once_one_gets_it(store: Store) {
    let checkpoints = store.record_checkpoints();
    let mut now = Timestamp::constant(1_800_000_000, 0);
    let mut epochs = BTreeSet::new();
    for _ in 0..10 {
        let until = now + Duration::from_mins(1);
        let takers: Vec<_> = (0..8)
            .map(|number| {
                let checkpoints = checkpoints.clone();
                tokio::spawn(async move {
                    checkpoints
                        .lease("capture", "shard", &format!("w{number}"), now, until)
                        .await
                        .unwrap()
                })
            })
            .collect();
        let mut got = Vec::new();
        for taker in takers {
            got.extend(taker.await.unwrap());
        }
        assert_eq!(got.len(), 1, "{got:?}");
        epochs.insert(got[0].epoch);
        now = until + Duration::from_secs(1);
    }
    assert_eq!(epochs.len(), 10, "each lease has an epoch of its own");
}
