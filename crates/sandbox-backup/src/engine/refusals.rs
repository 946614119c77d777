use serde::{Serialize, de::DeserializeOwned};
use tidemark_domain::{
    plan::{BackupPlan, Finding, Refusal},
    selection::BackupSelection,
};

use crate::{
    error::BackupError,
    model::{PlanDocument, SelectionDocument},
};

/// Refuses a plan that AWS Backup refuses, by the table that the console's lint goes by. Quotas are those
/// of the simulation, which a test may set.
pub(super) fn check_plan(document: &PlanDocument) -> Result<(), BackupError> {
    let plan: BackupPlan = read(document, "BackupPlan")?;
    for row in Refusal::all().filter(|row| !row.quota) {
        refuse(row.in_plan(&plan))?;
    }
    Ok(())
}

/// Refuses a selection that AWS Backup refuses.
pub(super) fn check_selection(document: &SelectionDocument) -> Result<(), BackupError> {
    let selection: BackupSelection = read(document, "BackupSelection")?;
    for row in Refusal::all().filter(|row| !row.quota) {
        refuse(row.in_selection(&selection))?;
    }
    Ok(())
}

fn read<T: DeserializeOwned>(document: &impl Serialize, what: &str) -> Result<T, BackupError> {
    serde_json::to_value(document)
        .and_then(serde_json::from_value)
        .map_err(|error| BackupError::invalid(format!("Invalid {what}: {error}")))
}

fn refuse(findings: Vec<Finding>) -> Result<(), BackupError> {
    match findings.into_iter().next() {
        None => Ok(()),
        Some(Finding { field, rule, .. }) => Err(BackupError::invalid(if field.is_empty() {
            rule
        } else {
            format!("{field} {rule}")
        })),
    }
}
