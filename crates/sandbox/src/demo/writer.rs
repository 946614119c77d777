use std::{sync::Arc, time::Duration};

use rand::Rng;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    accounts::{IRELAND, ORDERS},
    items,
    seeder::Seeder,
};
use crate::gateway::Gateway;

/// How often somebody changes a basket.
const PAUSE: Duration = Duration::from_millis(700);

/// Keeps changing the baskets in `carts`, until it is stopped: live writes to back up and to restore from.
pub(crate) async fn write_live(gateway: Arc<Gateway>, seed: u64, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(PAUSE);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for round in 0_u64.. {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let seeder = Seeder {
            gateway: &gateway,
            seed,
        };
        let number = seeder.rng("live", round).random_range(0..650);
        let (operation, input) = if round % 9 == 8 {
            let key = json!({"cartId": {"S": format!("c-{number:06}")}});
            ("DeleteItem", json!({"TableName": "carts", "Key": key}))
        } else {
            let mut item = items::cart(&seeder, number, gateway.clock.now());
            item["round"] = json!({"N": round.to_string()});
            ("PutItem", json!({"TableName": "carts", "Item": item}))
        };
        let written = seeder
            .call(&ORDERS, IRELAND, "dynamodb", operation, input)
            .await;
        if let Err(error) = written {
            tracing::debug!(%error, "A basket could not be changed.");
        }
    }
}
