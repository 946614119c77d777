//! Local users.

mod create;
mod list;

pub use create::{CreateUser, create};
pub use list::{UserRow, list};
