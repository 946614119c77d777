//! Vaults of every account.

mod get;
mod list;

pub use get::get;
pub use list::list;
