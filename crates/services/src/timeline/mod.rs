//! Resources over time.

mod captured;
mod future;
mod lane;
mod list;
mod window;

pub use lane::lane;
pub use list::{Shown, list};
pub use window::Window;
