//! Reading what comes through a door: an API's body, a query string, a function's arguments, a file.
//!
//! Documents that the console stored are read leniently, so that older and newer versions understand
//! each other. What a person or a program sends is read strictly: a member that nobody knows is
//! refused by its name, since ignoring a misspelt filter would make a change wider than it was meant.
//! What a type reads with `#[serde(flatten)]` into a map stays open, as AWS's plan documents are; an
//! internally tagged enum hides its members from this reader, so the types of doors have none.

mod fault;
mod from_json;
mod from_pairs;
mod nearest;
mod node;
mod reader;

pub use from_json::from_json;
pub use from_pairs::{from_form, from_pairs, known_names};
pub use nearest::{nearest, unknown};

#[cfg(test)]
mod tests;
