//! Restores: prefill the wizard, plan, start.

mod plan;
mod prefill;
mod start;

pub use plan::{PlanRestore, plan_restore};
pub use prefill::{PrefillRestore, prefill_restore};
pub use start::{StartRestore, start_restore};
