//! What differs between two moments, or between a moment and the live table.

mod held;
mod page;
mod work;

pub use held::Comparisons;
pub use page::compare;
pub(super) use page::{choose, held};
