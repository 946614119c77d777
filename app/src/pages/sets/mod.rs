//! Application sets.

mod edit;
mod list;
mod one;
mod recovery;
mod restore;

pub(crate) use edit::SetEditPage;
pub(crate) use list::SetsPage;
pub(crate) use one::SetPage;
pub(crate) use restore::{MEMBER, SetRestorePage};

use crate::query::{link, pairs};

/// The page of a set.
fn set_href(name: &str) -> String {
    link("/sets/one", "name", name)
}

/// A member of an address.
fn of_query(query: &str, name: &str) -> String {
    let all = pairs(query);
    let found = all.into_iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value).unwrap_or_default()
}
