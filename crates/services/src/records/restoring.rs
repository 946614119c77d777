//! What a restore into a new table needs of a record-level backup.

use tidemark_domain::{Invalid, records::Capture, runs::RunId};
use tidemark_records::{
    key::{KeySchema, KeyType},
    wire::{Item, quoted},
};

use super::{
    open_backup::paths_of,
    policy::{LIST, Place, READ},
};
use crate::calls::{Call, SessionPolicy};

/// Names the work of a run in the bucket.
pub(crate) fn load_id(run: RunId) -> String {
    format!("load-{run}")
}

/// Allows reading a backup, and writing down how far a restore from it has come.
pub(crate) fn allow_restore(policy: SessionPolicy, capture: &Capture) -> SessionPolicy {
    let (paths, place) = (paths_of(capture), Place::of(capture));
    let loads = paths.restore("load-");
    policy
        .allow(&LIST, &[place.bucket()])
        .allow(&READ, &place.objects())
        .allow(
            &[Call::PutObject],
            &[place.below(loads.trim_end_matches('/'))],
        )
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
