//! Registered accounts.

mod list;
mod new;
mod one;

pub(crate) use list::AccountsPage;
pub(crate) use new::NewAccountPage;
pub(crate) use one::AccountPage;
