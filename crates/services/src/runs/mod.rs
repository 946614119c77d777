//! Runs: everything that changes something in AWS.

mod cancel;
mod events;
mod get;
mod hide;
mod identity;
mod items;
mod list;
mod pace;
mod partly;
mod percent;
mod refresh;
mod refresh_all;
mod repeat;
mod retry;
mod start;
mod step_error;

pub use cancel::cancel;
pub use events::events;
pub use get::{RunDetail, get};
pub(crate) use identity::run_target;
pub use items::{item_counts, items};
pub use list::{RunListFilter, list};
pub(crate) use pace::next_look;
pub(crate) use partly::partly;
pub(crate) use percent::percent;
pub(crate) use refresh::Refresh;
pub(crate) use refresh_all::RefreshAll;
pub(crate) use repeat::{begun_since, or_repeat};
pub use retry::retry;
pub(crate) use start::{Start, engine_error, start};
pub(crate) use step_error::{may_pass, step_error, store_error};
