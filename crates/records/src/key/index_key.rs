use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{KeyAttribute, KeySchema};

/// The key of a secondary index. A global one may have up to four partition attributes and up to
/// four sort attributes (`CreateTable`, `GlobalSecondaryIndexes`, `KeySchema`).
///
/// One attribute is written as such, as earlier releases wrote and read it; several as a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IndexKey {
    /// The partition key's attributes (`HASH`), in their order.
    #[serde(serialize_with = "write", deserialize_with = "read")]
    pub partition: Vec<KeyAttribute>,
    /// The sort key's attributes (`RANGE`), in their order; may be none.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "write",
        deserialize_with = "read"
    )]
    pub sort: Vec<KeyAttribute>,
}

impl From<KeySchema> for IndexKey {
    fn from(schema: KeySchema) -> Self {
        Self {
            partition: vec![schema.partition],
            sort: schema.sort.into_iter().collect(),
        }
    }
}

impl TryFrom<IndexKey> for KeySchema {
    /// A key that no table has.
    type Error = IndexKey;

    fn try_from(key: IndexKey) -> Result<Self, Self::Error> {
        match (&key.partition[..], &key.sort[..]) {
            ([partition], []) => Ok(Self::simple(partition.clone())),
            ([partition], [sort]) => Ok(Self::composite(partition.clone(), sort.clone())),
            _ => Err(key),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Read {
    One(KeyAttribute),
    Several(Vec<KeyAttribute>),
    Nothing,
}

fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<KeyAttribute>, D::Error> {
    Ok(match Read::deserialize(from)? {
        Read::One(attribute) => vec![attribute],
        Read::Several(attributes) => attributes,
        Read::Nothing => Vec::new(),
    })
}

fn write<S: Serializer>(attributes: &[KeyAttribute], to: S) -> Result<S::Ok, S::Error> {
    match attributes {
        [one] => one.serialize(to),
        several => several.serialize(to),
    }
}

#[cfg(test)]
mod tests {
    use super::IndexKey;

    #[test]
    fn one_attribute_is_written_as_earlier_releases_read_it_and_several_as_a_list()
    -> serde_json::Result<()> {
        let older = r#"{"partition":{"name":"a","type":"S"},"sort":{"name":"b","type":"N"}}"#;
        let key: IndexKey = serde_json::from_str(older)?;
        assert_eq!((key.partition.len(), key.sort.len()), (1, 1));
        assert_eq!(serde_json::to_string(&key)?, older);
        let simple: IndexKey = serde_json::from_str(r#"{"partition":{"name":"a","type":"S"}}"#)?;
        assert!(simple.sort.is_empty());
        let several = r#"{"partition":[{"name":"a","type":"S"},{"name":"b","type":"S"}],"sort":{"name":"c","type":"N"}}"#;
        let key: IndexKey = serde_json::from_str(several)?;
        assert_eq!(key.partition.len(), 2);
        assert_eq!(serde_json::to_string(&key)?, several);
        Ok(())
    }
}
