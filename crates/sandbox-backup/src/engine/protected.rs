use jiff::Timestamp;

use super::BackupEngine;
use crate::{
    error::BackupError,
    model::{Page, PageRequest, RestoreJob, RestoreJobState, Scope},
};

/// A resource that has recovery points in the scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedResource {
    /// Its ARN.
    pub resource_arn: String,
    /// Its type.
    pub resource_type: String,
    /// Its name.
    pub resource_name: String,
    /// When it was last backed up.
    pub last_backup: Timestamp,
    /// Where to.
    pub last_vault_arn: String,
    /// The point that was made.
    pub last_point_arn: String,
}

impl BackupEngine {
    /// `ListProtectedResources` and, with a vault, `ListProtectedResourcesByBackupVault`; by ARN.
    pub fn list_protected(
        &self,
        scope: &Scope,
        vault: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<ProtectedResource>, BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        if let Some(name) = vault {
            state.vault(name)?;
        }
        let in_vault = |resource: &ProtectedResource| {
            let Some(name) = vault else { return true };
            state
                .points_by_resource
                .get(&resource.resource_arn)
                .is_some_and(|points| {
                    points.iter().any(|seq| {
                        state
                            .points
                            .get(seq)
                            .is_some_and(|point| point.vault == name)
                    })
                })
        };
        Ok(Page::cut(
            state
                .protected
                .values()
                .filter(|resource| {
                    page.after
                        .as_ref()
                        .is_none_or(|after| resource.resource_arn > *after)
                })
                .filter(|resource| in_vault(resource))
                .map(|resource| (resource.resource_arn.clone(), resource.clone())),
            page.limit,
        ))
    }

    /// `DescribeProtectedResource`: the resource and the last restore that ended well.
    pub fn describe_protected(
        &self,
        scope: &Scope,
        resource_arn: &str,
    ) -> Result<(ProtectedResource, Option<RestoreJob>), BackupError> {
        let mut world = self.world();
        let state = world.scope(scope);
        let resource = state.protected.get(resource_arn).cloned().ok_or_else(|| {
            BackupError::not_found(format!("Protected resource {resource_arn} does not exist"))
        })?;
        let restore = state
            .restore_jobs
            .values()
            .rev()
            .find(|job| {
                job.source_resource_arn == resource_arn && job.state == RestoreJobState::Completed
            })
            .cloned();
        Ok((resource, restore))
    }
}
