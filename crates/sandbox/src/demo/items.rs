//! The items of the demo tables, each a function of the seed and its number.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use serde_json::{Value, json};

use super::seeder::Seeder;

const CUSTOMERS: &[&str] = &[
    "Ana Köhler",
    "Björn Åkesson",
    "Chloé Dubois",
    "Dmitri Orlov",
    "Eleni Παπά",
    "Farid Haddad",
    "Grace O'Neill",
    "Hiro 田中",
    "Ivana Jurić",
    "João Araújo",
    "Kofi Mensah",
    "Lívia Nagy",
];
const CITIES: &[&str] = &[
    "Amsterdam",
    "Bruxelles",
    "Cork",
    "Dresden",
    "Évora",
    "Firenze",
    "Gdańsk",
    "Helsinki",
];
const STATES: &[&str] = &["new", "paid", "packed", "shipped", "delivered", "returned"];
const GOODS: &[&str] = &[
    "lamp", "chair", "kettle", "rug", "mirror", "shelf", "clock", "vase", "desk", "stool",
];

/// Order number `index`, as placed at `placed`.
///
/// Every attribute type occurs, and numbers that a floating point would damage.
pub(super) fn order(seeder: &Seeder<'_>, index: u64, placed: Timestamp) -> Value {
    let mut rng = seeder.rng("order", index);
    let lines: Vec<Value> = (0..rng.random_range(1..4))
        .map(|_| {
            json!({"M": {
                "sku": {"S": format!("{}-{:04}", Seeder::pick(&mut rng, GOODS), rng.random_range(0..2_000))},
                "quantity": {"N": rng.random_range(1..9).to_string()},
                "gift": {"BOOL": rng.random_bool(0.1)},
            }})
        })
        .collect();
    let mut item = json!({
        "orderId": {"S": format!("o-{index:08}")},
        "customer": {"S": Seeder::pick(&mut rng, CUSTOMERS)},
        "customerNumber": {"N": format!("{}", 9_007_199_254_740_993_u64 + index)},
        "status": {"S": Seeder::pick(&mut rng, STATES)},
        "placedAt": {"S": placed.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()},
        "total": {"N": format!("{}.{:02}", rng.random_range(5..900), rng.random_range(0..100))},
        "lines": {"L": lines},
        "shipTo": {"M": {
            "city": {"S": Seeder::pick(&mut rng, CITIES)},
            "postcode": {"S": format!("{:05}", rng.random_range(1_000..99_999))},
            "floor": {"NULL": true},
        }},
        "express": {"BOOL": rng.random_bool(0.2)},
    });
    match index % 8 {
        0 => item["labels"] = json!({"SS": ["fragile", "tracked"]}),
        1 => item["weights"] = json!({"NS": ["0.5", format!("{}", rng.random_range(2..40))]}),
        2 => item["signature"] = json!({"B": STANDARD.encode(rng.random::<[u8; 24]>())}),
        3 => {
            item["scans"] = json!({"BS": [
                STANDARD.encode(rng.random::<[u8; 6]>()),
                STANDARD.encode(rng.random::<[u8; 7]>()),
            ]});
        }
        4 => item["note"] = json!({"S": ""}),
        5 => {
            item["rate"] = json!({"N": format!("0.{}", "123456789".repeat(4))});
        }
        _ => {}
    }
    if index % 10 == 7 {
        let expiry = placed + SignedDuration::from_hours(24 * 1_200);
        item["expiresAt"] = json!({"N": expiry.as_second().to_string()});
    }
    item
}

/// Product number `index`.
pub(super) fn product(seeder: &Seeder<'_>, index: u64, _at: Timestamp) -> Value {
    let mut rng = seeder.rng("product", index);
    let goods = Seeder::pick(&mut rng, GOODS);
    json!({
        "category": {"S": goods},
        "sku": {"S": format!("{goods}-{index:05}")},
        "price": {"N": format!("{}.{:02}", rng.random_range(3..400), rng.random_range(0..100))},
        "stock": {"N": rng.random_range(0..500).to_string()},
        "colours": {"SS": ["oak", "sand"]},
    })
}

/// Basket number `index`.
pub(super) fn cart(seeder: &Seeder<'_>, index: u64, at: Timestamp) -> Value {
    let mut rng = seeder.rng("cart", index);
    json!({
        "cartId": {"S": format!("c-{index:06}")},
        "updatedAt": {"N": at.as_second().to_string()},
        "customer": {"S": Seeder::pick(&mut rng, CUSTOMERS)},
        "quantity": {"N": rng.random_range(1..12).to_string()},
    })
}

/// Media asset number `index`.
pub(super) fn asset(seeder: &Seeder<'_>, index: u64, _at: Timestamp) -> Value {
    let mut rng = seeder.rng("asset", index);
    json!({
        "assetId": {"S": format!("a-{index:07}")},
        "title": {"S": format!("{} in {}", Seeder::pick(&mut rng, GOODS), Seeder::pick(&mut rng, CITIES))},
        "bytes": {"N": rng.random_range(10_000..90_000_000).to_string()},
        "public": {"BOOL": rng.random_bool(0.5)},
    })
}
