use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::{Access, pages};

/// The ids of a plan's selections (`ListBackupSelections`).
pub(super) async fn list_selections(
    access: &Access,
    plan_id: &str,
) -> Result<Vec<String>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListBackupSelections, || {
                access
                    .clients
                    .backup()
                    .list_backup_selections()
                    .backup_plan_id(plan_id)
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let ids = page
            .backup_selections_list
            .unwrap_or_default()
            .into_iter()
            .filter_map(|selection| selection.selection_id)
            .collect();
        Ok((ids, page.next_token))
    })
    .await
}
