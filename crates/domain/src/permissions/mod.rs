//! What the accounts' roles may do, and what they are for.

mod feature;
mod report;

pub use feature::{Feature, Features};
pub use report::{
    AccountPermissions, ActionPermission, Allowance, DeniedBy, FeaturePermissions, FeatureState,
    Lost, PermissionChange, PermissionDetail, PermissionFilter, PermissionReport, PermissionRow,
};
