//! What the accounts' roles may do: asked of IAM, kept with its history, and how to mend it.

mod ask;
mod check;
mod detail;
mod list;
mod make;
mod refresh;
mod show;
mod worker;

pub use check::check;
pub use list::list;
pub(crate) use list::lost;
pub use refresh::refresh;
pub use show::show;
pub use worker::{PermissionConfig, PermissionWorker};
