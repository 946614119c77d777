//! Recovery points of every account: lists, one point, and changing many.

mod change;
mod copy;
mod copy_plan;
mod list;
mod one;
mod plan;
mod rows;

pub(crate) use change::ChangePage;
pub(crate) use copy::CopyPage;
pub(crate) use list::PointsPage;
pub(crate) use one::PointPage;
pub(crate) use rows::points_rows;

use tidemark_domain::{Arn, RecoveryPoint};

use crate::query::link;

/// The page of a recovery point.
pub(crate) fn point_href(arn: &Arn) -> String {
    link("/points/view", "arn", arn.as_str())
}

/// The ARN of the vault that holds a point; none for points outside vaults.
fn vault_of(point: &RecoveryPoint) -> Option<Arn> {
    let vault = point.vault.as_deref()?;
    let partition = point.resource_arn.partition();
    Arn::parse(format!(
        "arn:{partition}:backup:{}:{}:backup-vault:{vault}",
        point.region, point.account
    ))
    .ok()
}
