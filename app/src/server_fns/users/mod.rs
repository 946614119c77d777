//! Local users.

mod add;
mod change_role;
mod disable;
mod enable;
mod get;
mod list;
mod reset_password;
mod unlock;

#[cfg(feature = "ssr")]
use crate::query::link;
pub use add::{AddUser, add_user};
pub use change_role::{ChangeRole, change_role};
pub use disable::{DisableUser, disable_user};
pub use enable::{EnableUser, enable_user};
pub use get::{GetUser, get_user};
pub use list::{ListUsers, list_users};
pub use reset_password::{ResetPassword, reset_password};
pub use unlock::{UnlockUser, unlock_user};

/// Shows a user's page.
#[cfg(feature = "ssr")]
fn show(name: &str) {
    crate::ssr::redirect(&link("/users/view", "name", name));
}
