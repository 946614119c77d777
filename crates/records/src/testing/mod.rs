//! In-memory implementations of the ports, and ways to make them fail.

mod checkpoints;
mod clock;
mod contract;
mod faults;
mod random;
mod store;
mod stream;
mod table;

pub use checkpoints::MemoryCheckpoints;
pub use clock::StillClock;
pub use contract::checkpoints_contract;
pub use faults::{CRASHED, Faults};
pub use random::Random;
pub use store::MemoryStore;
pub use stream::MemoryStream;
pub use table::MemoryTable;
