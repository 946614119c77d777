use tidemark_domain::plan::SelectionRecord;
use tidemark_services::{calls::Call, ports::CloudError};

use super::whole::WholeAnswer;
use crate::{access::Access, convert};

const OPERATION: Call = Call::GetBackupSelection;

/// A selection of a plan (`GetBackupSelection`).
pub(super) async fn get_selection(
    access: &Access,
    plan_id: &str,
    id: &str,
) -> Result<SelectionRecord, CloudError> {
    let whole = WholeAnswer::default();
    let answer = access
        .read(OPERATION, || {
            access
                .clients
                .backup()
                .get_backup_selection()
                .backup_plan_id(plan_id)
                .selection_id(id)
                .customize()
                .interceptor(whole.clone())
                .send()
        })
        .await?;
    Ok(SelectionRecord {
        id: id.to_owned(),
        created_at: convert::moment(answer.creation_date()),
        selection: whole.member(OPERATION, "BackupSelection")?,
    })
}
