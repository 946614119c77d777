//! Changes of records, and the order among them.

mod change;
mod moment;
mod sequence;

pub(crate) use change::in_order;
pub use change::{Change, Event, Version};
pub use moment::{Moment, Origin, Precision};
pub use sequence::{Sequence, SequenceError};

#[cfg(test)]
mod tests;
