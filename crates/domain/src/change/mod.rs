//! Changing many recovery points at once: what is asked, what is left and why, what will happen.

mod item;
mod members;
mod plan;
mod request;
mod verdict;

pub use item::{ItemFilter, ItemState, RunItem, TargetCounts};
pub use plan::{ChangePlan, ChangeTarget, LeftGroup, ResourceReach};
pub use request::{ChangeRequest, ColdChange, PointAction, PointPick, PointSelection};
pub(crate) use verdict::days_between;
pub use verdict::{Keep, NewLifecycle, expired_words, verdict};
