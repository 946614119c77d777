use jiff::Timestamp;

use super::BackupEngine;
use crate::{
    error::BackupError,
    model::{Page, PageRequest, Scope, SelectionDocument, StoredSelection},
    validate,
};

const MOST_ARNS: usize = 500;
const MOST_PATTERNS: usize = 30;

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

fn check_selection(document: &SelectionDocument) -> Result<(), BackupError> {
    validate::display_name("selection name", &document.selection_name)?;
    validate::role_arn(&document.iam_role_arn)?;
    check_arns("Resources", &document.resources)?;
    check_arns("NotResources", &document.not_resources)?;
    for tag in &document.list_of_tags {
        if !tag.condition_type.eq_ignore_ascii_case("STRINGEQUALS") {
            return Err(BackupError::invalid(format!(
                "ListOfTags supports STRINGEQUALS only, not {}",
                tag.condition_type
            )));
        }
    }
    let conditions = &document.conditions;
    for condition in [
        &conditions.string_equals,
        &conditions.string_not_equals,
        &conditions.string_like,
        &conditions.string_not_like,
    ]
    .into_iter()
    .flatten()
    {
        if condition
            .condition_key
            .strip_prefix("aws:ResourceTag/")
            .is_none_or(str::is_empty)
        {
            return Err(BackupError::invalid(format!(
                "Invalid condition key {}: it must have the form aws:ResourceTag/key",
                condition.condition_key
            )));
        }
    }
    Ok(())
}

fn check_arns(what: &str, arns: &[String]) -> Result<(), BackupError> {
    let patterns = arns.iter().filter(|arn| arn.contains('*')).count();
    if arns.len() > MOST_ARNS || patterns > MOST_PATTERNS {
        return Err(BackupError::invalid(format!(
            "{what} takes at most {MOST_ARNS} ARNs, {MOST_PATTERNS} of them with a wildcard"
        )));
    }
    for arn in arns {
        if arn == "*" {
            continue;
        }
        let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
        let stem = resource.strip_suffix('*').unwrap_or(resource);
        if !arn.starts_with("arn:") || resource.is_empty() || stem.contains('*') {
            return Err(BackupError::invalid(format!(
                "Invalid ARN in {what}: {arn}. A wildcard may stand at the end only"
            )));
        }
    }
    Ok(())
}
