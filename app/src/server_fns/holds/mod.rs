//! Legal holds of every account.

mod change;
mod change_query;
mod list;
mod plan_change;
mod query;

pub use change::{ChangeHold, change_hold};
pub use change_query::HoldChangeQuery;
pub use list::{ListHolds, list_holds};
pub use plan_change::{PlanHoldChange, plan_hold_change};
pub use query::HoldQuery;
