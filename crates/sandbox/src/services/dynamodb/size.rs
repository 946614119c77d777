//! The size of items as DynamoDB counts it: UTF-8 attribute names plus values.

use rusqlite::{Connection, params};
use serde_json::Value;

use super::{journal::TableSize, table_key::TableKey};

/// Items that are measured exactly; the rest are taken to be like them.
const SAMPLE: i64 = 1000;

pub(super) fn measure(connection: &Connection, table: &TableKey) -> rusqlite::Result<TableSize> {
    let items: u64 = connection
        .prepare_cached(
            "SELECT COUNT(*) FROM items WHERE account = ?1 AND region = ?2 AND table_name = ?3",
        )?
        .query_row(params![table.account, table.region, table.name], |row| {
            row.get::<_, i64>(0)
        })?
        .unsigned_abs();
    let mut sampled = 0u64;
    let mut bytes = 0u64;
    let mut statement = connection.prepare_cached(
        "SELECT attrs_json FROM items WHERE account = ?1 AND region = ?2 AND table_name = ?3 LIMIT ?4",
    )?;
    let mut rows = statement.query(params![table.account, table.region, table.name, SAMPLE])?;
    while let Some(row) = rows.next()? {
        sampled += 1;
        if let Ok(Value::Object(item)) =
            serde_json::from_str(row.get_ref(0)?.as_str().unwrap_or_default())
        {
            bytes += item_size(&item);
        }
    }
    let bytes = bytes
        .checked_mul(items)
        .and_then(|total| total.checked_div(sampled))
        .unwrap_or(0);
    Ok(TableSize { items, bytes })
}

/// Bytes of an item.
pub(super) fn item_size(item: &serde_json::Map<String, Value>) -> u64 {
    item.iter()
        .map(|(name, value)| name.len() as u64 + value_size(value))
        .sum()
}

fn value_size(value: &Value) -> u64 {
    let Some((kind, inner)) = value.as_object().and_then(|object| object.iter().next()) else {
        return 1;
    };
    let text = |value: &Value| value.as_str().map_or(0, |text| text.len() as u64);
    let each = |size: fn(&str) -> u64| {
        inner
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(size)
            .sum::<u64>()
    };
    match kind.as_str() {
        "S" => text(inner),
        "N" => number_size(inner.as_str().unwrap_or_default()),
        "B" => binary_size(inner.as_str().unwrap_or_default()),
        "SS" => each(|text| text.len() as u64),
        "NS" => each(number_size),
        "BS" => each(binary_size),
        // Lists and maps cost three bytes, and one for each element.
        "L" => {
            3 + inner
                .as_array()
                .into_iter()
                .flatten()
                .map(|element| 1 + value_size(element))
                .sum::<u64>()
        }
        "M" => inner
            .as_object()
            .map_or(3, |map| 3 + map.len() as u64 + item_size(map)),
        // BOOL and NULL.
        _ => 1,
    }
}

/// About one byte for two significant digits, and one more.
fn number_size(text: &str) -> u64 {
    let digits = text
        .bytes()
        .filter(u8::is_ascii_digit)
        .skip_while(|digit| *digit == b'0')
        .count() as u64;
    digits.div_ceil(2) + 1
}

fn binary_size(base64: &str) -> u64 {
    (base64.trim_end_matches('=').len() * 3 / 4) as u64
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_item_counts_its_names_and_values() {
        let item: serde_json::Map<String, Value> = serde_json::from_str(
            r#"{"id":{"S":"abc"},"n":{"N":"1234"},"ok":{"BOOL":true},"m":{"M":{"x":{"S":"y"}}}}"#,
        )
        .unwrap();
        // id+abc, n+3, ok+1, m + 3 + 1 + (x + y)
        assert_eq!(item_size(&item), 5 + 4 + 3 + 7);
    }
}
