//! Local users: who they are, and whether they can sign in.

mod list;
mod one;
mod shown;

pub(crate) use list::UsersPage;
pub(crate) use one::UserPage;

/// Said to those who may not manage users.
const GUIDANCE: &str = "Ask an admin of the console.";
