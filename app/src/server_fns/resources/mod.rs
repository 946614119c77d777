//! Resources of every account.

mod get;
mod list;
mod query;
mod refresh;

pub use get::{GetResource, get_resource};
pub use list::{ListResources, list_resources};
pub use query::ResourceQuery;
pub use refresh::{RefreshResource, refresh_resource};
