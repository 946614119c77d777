//! Keys of records, their text, and the names of objects that are made from it.

mod index_key;
mod names;
mod record_key;
mod schema;

pub use index_key::IndexKey;
pub use names::{KeyHash, KeyOrder, NameForm, object_name, object_names, spelled_names};
pub use record_key::{KeyError, RecordKey};
pub use schema::{KeyAttribute, KeySchema, KeyType};
