//! Resources of every account.

mod get;
mod list;
mod refresh;

pub(crate) use get::find;
pub use get::get;
pub(crate) use list::check_text;
pub use list::list;
pub use refresh::refresh;
