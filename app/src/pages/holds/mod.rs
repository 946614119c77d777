//! Legal holds of every account.

mod change;
mod list;
mod plan;

pub(crate) use change::HoldChangePage;
pub(crate) use list::HoldsPage;

use tidemark_domain::LegalHold;

use crate::format::counted;

/// What a hold's selection takes, in words.
fn covers(hold: &LegalHold) -> String {
    let vaults = if hold.vaults.is_empty() {
        "every vault".to_owned()
    } else {
        hold.vaults.join(", ")
    };
    let resources = if hold.resources.is_empty() {
        "every resource".to_owned()
    } else {
        counted(hold.resources.len() as u64, "resource", "resources")
    };
    format!("{resources} in {vaults}")
}
