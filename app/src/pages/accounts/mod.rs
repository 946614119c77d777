//! Registered accounts.

mod enrol;
mod list;
mod new;
mod one;
mod permissions;
mod role;
mod shown;
mod templates;

pub(crate) use enrol::EnrolPage;
pub(crate) use list::AccountsPage;
pub(crate) use new::NewAccountPage;
pub(crate) use one::AccountPage;
pub(crate) use permissions::PermissionsPage;
pub(crate) use shown::some_words;
