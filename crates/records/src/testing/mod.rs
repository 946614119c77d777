//! In-memory implementations of the ports, and ways to make them fail.

mod checkpoints;
mod clock;
mod faults;
mod random;
mod store;
mod stream;
mod table;

pub use checkpoints::MemoryCheckpoints;
pub use clock::StillClock;
pub use faults::{CRASHED, Faults};
pub use random::Random;
pub use store::MemoryStore;
pub use stream::MemoryStream;
pub use table::MemoryTable;
