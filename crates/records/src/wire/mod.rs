//! Items in DynamoDB's wire form, as text: `{"id":{"S":"a"},"n":{"N":"1"}}`.
//!
//! Nothing here turns a number into a number: what goes in comes out. Text is brought into one
//! **normal form** (no spaces, attributes sorted by name, strings escaped as `JSON.stringify`
//! does), so that equal items are equal bytes, except for sets, which have no order and are
//! compared sorted, and for numbers, which have several spellings (`1`, `1.0`, `1e0`) and are
//! compared as [`canonical_number`] spells them.

mod attributes;
mod error;
mod escape;
mod item;
mod normalise;
mod number;
mod plain;
mod skip;

pub use attributes::{Attribute, Attributes};
pub use error::WireError;
pub use escape::{escape_into, quoted, unescape};
pub use item::{Item, MAX_ITEM_BYTES};
pub use normalise::MAX_DEPTH;
pub(crate) use normalise::{Form, normalise_item};
pub(crate) use number::{Decimal, other_spellings};
pub use number::{canonical_number, compare_numbers};
pub use plain::{Plain, harmless, plain, plain_item};
pub(crate) use skip::value_end;
