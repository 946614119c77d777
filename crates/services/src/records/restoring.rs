//! What a restore into a new table needs of a record-level backup.

use serde_json::{Value, json};
use tidemark_domain::{Invalid, records::Capture, runs::RunId};
use tidemark_records::{
    key::{KeySchema, KeyType},
    wire::{Item, quoted},
};

use super::{
    open_backup::paths_of,
    opened::{to_list, with_keys_for_a_table},
};

/// Names the work of a run in the bucket.
pub(crate) fn load_id(run: RunId) -> String {
    format!("load-{run}")
}

/// The statements of a session policy that reads a backup, and writes down how far it has come.
pub(crate) fn restore_statements(capture: &Capture) -> Vec<Value> {
    let paths = paths_of(capture);
    let bucket = format!("arn:{}:s3:::{}", capture.table.partition(), capture.bucket);
    let below = |prefix: &str| format!("{bucket}/{prefix}*");
    vec![
        to_list(capture),
        json!({
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:GetObjectVersion"],
            "Resource": [below(&paths.own()), below(&paths.objects())],
        }),
        json!({
            "Effect": "Allow",
            "Action": "s3:PutObject",
            "Resource": below(paths.restore("load-").trim_end_matches('/')),
        }),
        with_keys_for_a_table(),
    ]
}

/// The wire form of a partition key's value as a person types it.
pub(crate) fn partition_value(schema: &KeySchema, text: &str) -> Result<String, Invalid> {
    let kind = schema.partition.kind;
    let value = format!("{{\"{}\":{}}}", kind.as_str(), quoted(text));
    if kind != KeyType::S {
        Item::parse(format!("{{\"v\":{value}}}"))
            .map_err(|error| Invalid::new("partition key", error.what))?;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use tidemark_records::key::KeyAttribute;

    use super::*;

    fn keyed(kind: KeyType) -> KeySchema {
        KeySchema {
            partition: KeyAttribute::new("id", kind),
            sort: None,
        }
    }

    #[test]
    fn a_partition_is_written_in_the_form_of_its_type() {
        let value = |kind, text| partition_value(&keyed(kind), text);
        assert_eq!(value(KeyType::S, "a\"b").unwrap(), r#"{"S":"a\"b"}"#);
        assert_eq!(value(KeyType::N, "1.5").unwrap(), r#"{"N":"1.5"}"#);
        assert_eq!(value(KeyType::N, "one").unwrap_err().field, "partition key");
        assert_eq!(value(KeyType::B, "%").unwrap_err().field, "partition key");
    }
}
