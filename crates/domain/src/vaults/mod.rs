//! Vaults made, locked and held: what is asked for, and exactly what it would do.

mod change;
mod hold;
mod lock;
mod plan;
mod policy;
mod rehearsal;

pub use change::{NewVault, VaultChange, VaultRequest};
pub use hold::{
    HeldPreview, HoldChange, HoldFilter, HoldPlan, HoldRelease, HoldRequest, HoldRow, NewHold,
};
pub use lock::{LockMode, LockWish};
pub use plan::VaultPlan;
pub use policy::{PolicyEdit, edited};
pub use rehearsal::{JobFate, OutsidePoints, Rehearsal, RehearsedJob, RehearsedRule, rehearse};

#[cfg(test)]
mod tests;
