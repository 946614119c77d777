use serde::Deserialize;
use serde_json::Value;

use crate::{
    CreateLegalHold,
    error::BackupError,
    model::HoldSelection,
    wire::moment,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateLegalHold",
    method: "POST",
    paths: &["/legal-holds"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let selection: SelectionInput = call.document("RecoveryPointSelection")?.unwrap_or_default();
    let hold = call.engine.create_legal_hold(
        &call.scope,
        CreateLegalHold {
            title: call.required("Title")?,
            description: call.required("Description")?,
            idempotency_token: call.text("IdempotencyToken"),
            selection: selection.read()?,
            tags: call.map("Tags")?,
        },
        call.now,
    )?;
    Ok(json::legal_hold_whole(&hold))
}

/// `RecoveryPointSelection` as it comes.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct SelectionInput {
    vault_names: Vec<String>,
    resource_identifiers: Vec<String>,
    date_range: Option<DateRange>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DateRange {
    from_date: Value,
    to_date: Value,
}

impl SelectionInput {
    fn read(self) -> Result<HoldSelection, BackupError> {
        let date_range = match self.date_range {
            None => None,
            Some(range) => Some(
                moment(&range.from_date)
                    .zip(moment(&range.to_date))
                    .ok_or_else(|| BackupError::invalid("DateRange needs two timestamps"))?,
            ),
        };
        Ok(HoldSelection {
            vault_names: self.vault_names,
            resource_identifiers: self.resource_identifiers,
            date_range,
        })
    }
}
