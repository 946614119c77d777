//! Resources of every account.

mod jobs;
mod list;
mod one;
mod points;

pub(crate) use list::{KINDS, ResourcesPage, attention_row, standings};
pub(crate) use one::ResourcePage;
pub(crate) use points::points_table;

use tidemark_domain::Arn;

use crate::query::link;

/// The page of a resource.
pub(crate) fn resource_href(arn: &Arn) -> String {
    link("/resources/view", "arn", arn.as_str())
}
