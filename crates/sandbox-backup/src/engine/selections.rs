use jiff::Timestamp;

use super::{BackupEngine, refusals::check_selection};
use crate::{
    error::BackupError,
    model::{Page, PageRequest, Scope, SelectionDocument, StoredSelection},
};

impl BackupEngine {
    /// `CreateBackupSelection`.
    pub fn create_selection(
        &self,
        scope: &Scope,
        plan_id: &str,
        document: SelectionDocument,
        creator_request_id: Option<String>,
        now: Timestamp,
    ) -> Result<StoredSelection, BackupError> {
        check_selection(&document)?;
        let mut world = self.world();
        let quota = world.quotas.selections_per_plan;
        let id = world.new_uuid().to_string();
        let seq = world.next_seq();
        let plan = world.scope(scope).live_plan_mut(plan_id)?;
        let same_name = plan
            .selections
            .iter()
            .find(|selection| selection.document.selection_name == document.selection_name);
        if let Some(existing) = same_name {
            if creator_request_id.is_some() && existing.creator_request_id == creator_request_id {
                return Ok(existing.clone());
            }
            return Err(BackupError::exists(
                format!(
                    "Backup selection with the same name already exists: {}",
                    document.selection_name
                ),
                &plan.arn,
            ));
        }
        if plan.selections.len() >= quota {
            return Err(BackupError::limit(format!(
                "The limit of {quota} selections per backup plan is reached"
            )));
        }
        let selection = StoredSelection {
            seq,
            id,
            document,
            creator_request_id,
            created: now,
        };
        plan.selections.push(selection.clone());
        Ok(selection)
    }

    /// `GetBackupSelection`.
    pub fn selection(
        &self,
        scope: &Scope,
        plan_id: &str,
        id: &str,
    ) -> Result<StoredSelection, BackupError> {
        let mut world = self.world();
        let plan = world.scope(scope).plan(plan_id)?;
        plan.selections
            .iter()
            .find(|selection| selection.id == id)
            .cloned()
            .ok_or_else(|| no_such_selection(id))
    }

    /// `ListBackupSelections`, newest first.
    pub fn list_selections(
        &self,
        scope: &Scope,
        plan_id: &str,
        page: &PageRequest,
    ) -> Result<Page<StoredSelection>, BackupError> {
        let mut world = self.world();
        let plan = world.scope(scope).plan(plan_id)?;
        let selections = plan
            .selections
            .iter()
            .rev()
            .filter(|selection| selection.seq < page.after_seq());
        Ok(Page::cut(
            selections.map(|selection| (selection.seq, selection.clone())),
            page.limit,
        ))
    }

    /// `DeleteBackupSelection`.
    pub fn delete_selection(
        &self,
        scope: &Scope,
        plan_id: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<(), BackupError> {
        let mut world = self.world();
        let plan = world.scope(scope).live_plan_mut(plan_id)?;
        let before = plan.selections.len();
        plan.selections.retain(|selection| selection.id != id);
        if plan.selections.len() == before {
            return Err(no_such_selection(id));
        }
        let plan = plan.clone();
        world.stop_uncovered(scope, &plan, now);
        Ok(())
    }
}

fn no_such_selection(id: &str) -> BackupError {
    BackupError::not_found(format!("Backup selection {id} does not exist"))
}
