use tidemark_domain::{
    Privilege,
    records::{ProofDetail, ProofDifference},
};
use tidemark_records::{
    ports::GetObject,
    proof::{Difference, DifferenceKind, Proof},
};

use super::{errors::records_error, find, open_backup, shown};
use crate::{Caller, ServiceError, Services};

/// Differences that are named.
const NAMED: usize = 100;

/// What the newest comparison of table and backup found, as it lies in the bucket; none before the
/// first.
pub async fn proof(
    services: &Services,
    caller: &Caller,
    capture: &str,
) -> Result<Option<ProofDetail>, ServiceError> {
    let view = find(
        services,
        caller,
        capture,
        Privilege::ReadRecords,
        "records.proof",
    )
    .await?;
    let Some(summary) = view.status.last_proof else {
        return Ok(None);
    };
    let (backup, access) = open_backup(services, caller, &view.capture).await?;
    let object = access
        .store
        .get(&GetObject::new(&summary.object))
        .await
        .map_err(|error| records_error(error.into()))?;
    let proof: Proof = serde_json::from_slice(&object.body).map_err(|error| {
        ServiceError::Conflict(format!("{} cannot be read: {error}", summary.object))
    })?;
    let differences = proof
        .differences
        .iter()
        .take(NAMED)
        .map(|difference| ProofDifference {
            key: shown::key_text(backup.schema(), &difference.key),
            what: words(difference).to_owned(),
        })
        .collect();
    Ok(Some(ProofDetail {
        as_of: proof.as_of,
        finished_at: proof.finished_at,
        table_items: proof.table_items,
        backup_items: proof.backup_items,
        settled: proof.settled,
        complete: proof.complete,
        differences,
        differences_total: u64::try_from(proof.differences.len()).unwrap_or(u64::MAX),
        troubles: shown::troubles(&proof.troubles),
        digest: proof.table_digest,
    }))
}

fn words(difference: &Difference) -> &'static str {
    match difference.kind {
        DifferenceKind::MissingInBackup => "is in the table, not in the backup",
        DifferenceKind::MissingInTable => "is in the backup, not in the table",
        DifferenceKind::Differs if difference.rounded => {
            "differs in numbers that an older tool rounded"
        }
        DifferenceKind::Differs => "differs",
    }
}
