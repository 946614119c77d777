//! Local users.
//!
//! Nobody is deleted: the audit log, runs and versions name people, and a name that somebody else could take later would
//! tell the wrong story. Who has left is disabled.

mod add;
mod change_role;
mod create;
mod disable;
mod enable;
mod get;
mod list;
mod other;
mod reset_password;
mod unlock;

pub use add::{AddUser, add};
pub use change_role::change_role;
pub use create::{CreateUser, create};
pub use disable::disable;
pub use enable::enable;
pub use get::get;
pub use list::list;
pub use reset_password::reset_password;
pub use unlock::unlock;
