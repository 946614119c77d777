use tidemark_domain::Privilege;

use super::AuditRecord;
use crate::{Caller, ServiceError, Services, authorize, ports::AuditLog};

const BATCH: u32 = 1000;

/// The first place at which the chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainFault {
    /// The number of the record that does not follow the one before it.
    pub number: i64,
}

/// Reads the whole log and answers how many records it holds, or where it was altered, cut or
/// reordered.
pub async fn verify(
    services: &Services,
    caller: &Caller,
) -> Result<Result<u64, ChainFault>, ServiceError> {
    authorize(services, caller, Privilege::ReadAudit, "audit.verify", "").await?;
    Ok(walk(services.audit.as_ref()).await?)
}

async fn walk(log: &dyn AuditLog) -> Result<Result<u64, ChainFault>, crate::StoreError> {
    let (mut number, mut hash, mut count) = (0, AuditRecord::GENESIS.to_owned(), 0);
    loop {
        let batch = log.read_from(number + 1, BATCH).await?;
        if batch.is_empty() {
            return Ok(Ok(count));
        }
        for record in batch {
            if !record.follows(number, &hash) {
                return Ok(Err(ChainFault {
                    number: record.number,
                }));
            }
            (number, hash) = (record.number, record.hash);
            count += 1;
        }
    }
}
