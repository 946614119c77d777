use crate::{
    key::{KeyAttribute, KeySchema, KeyType, RecordKey, object_names},
    wire::Item,
};

/// Attributes of a record that are tried at most.
const TRIED: usize = 60;

/// A key found out from a record and the name of its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InferredKey {
    /// The key. Which of two attributes is the partition key the name does not tell: it is taken
    /// for the first by name.
    pub schema: KeySchema,
    /// Both attributes are certain, and only their roles may be the other way round.
    pub roles_unknown: bool,
}

/// Finds the key attributes of a table from one record: those whose text has the hash in the
/// object's name.
pub fn infer_key(hash: &str, item: &Item) -> Option<InferredKey> {
    let candidates: Vec<KeyAttribute> = item
        .attributes()
        .filter_map(|attribute| {
            let kind = KeyType::parse(attribute.tag())?;
            Some(KeyAttribute::new(attribute.name(), kind))
        })
        .take(TRIED)
        .collect();
    let fits = |schema: &KeySchema| {
        RecordKey::of_item(schema, item)
            .is_ok_and(|key| object_names(&key, schema).iter().any(|name| name == hash))
    };
    for one in &candidates {
        let schema = KeySchema::simple(one.clone());
        if fits(&schema) {
            return Some(InferredKey {
                schema,
                roles_unknown: false,
            });
        }
    }
    for (place, one) in candidates.iter().enumerate() {
        for other in &candidates[place + 1..] {
            let schema = KeySchema::composite(one.clone(), other.clone());
            if fits(&schema) {
                return Some(InferredKey {
                    schema,
                    roles_unknown: true,
                });
            }
        }
    }
    None
}
