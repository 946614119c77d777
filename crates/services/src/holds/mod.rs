//! Legal holds of every account: listed, made, released.

mod list;
mod plan;
mod preview;
mod run;
mod session;
mod start;

pub use list::list;
pub use plan::plan;
pub(crate) use run::targets_of;
pub use run::{CHANGE_HOLD_KIND, HoldRun};
pub use start::{HoldConfirmed, start};
