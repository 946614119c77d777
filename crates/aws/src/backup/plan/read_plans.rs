use std::sync::Arc;

use aws_sdk_backup::types::BackupPlansListMember;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use moka::future::Cache;
use tidemark_domain::{
    AccountId, Region,
    plan::{BackupPlan, PlanRecord, PlanVersion, SelectionRecord},
};
use tidemark_services::ports::{CloudError, CloudErrorKind, KnownVersion};

use super::{
    get_plan::get_plan, get_selection::get_selection, list_plans::list_plans,
    list_selections::list_selections, list_versions::list_versions, tags::plan_tags,
};
use crate::{access::Access, convert, read_scope::AT_ONCE};

/// Documents of versions of plans, which AWS never changes: each is fetched once.
#[derive(Clone, Debug)]
pub(crate) struct Documents(Cache<Version, Arc<BackupPlan>>);

type Version = (AccountId, Region, String, String);

impl Documents {
    /// Documents kept at most: those of every plan of some hundred accounts.
    const MOST: u64 = 20_000;

    pub(crate) fn new() -> Self {
        Self(Cache::new(Self::MOST))
    }

    async fn get(
        &self,
        access: &Access,
        plan: &str,
        version: &str,
    ) -> Result<BackupPlan, CloudError> {
        let key = (
            access.account.clone(),
            access.region.clone(),
            plan.to_owned(),
            version.to_owned(),
        );
        let fetch = async {
            let (plan, _) = get_plan(access, plan, Some(version)).await?;
            Ok(Arc::new(plan))
        };
        match self.0.try_get_with(key, fetch).await {
            Ok(plan) => Ok(plan.as_ref().clone()),
            Err(error) => Err(CloudError::clone(&error)),
        }
    }
}

/// Plans of a Region, and their versions.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    pub(crate) plans: Vec<PlanRecord>,
    pub(crate) versions: Vec<KnownVersion>,
}

/// Every plan of the Region with its selections and versions. One that is deleted meanwhile is not
/// among them.
pub(crate) async fn read_plans(access: &Access) -> Result<Plans, CloudError> {
    let members = list_plans(access).await?;
    let read: Vec<Option<(PlanRecord, Vec<KnownVersion>)>> = stream::iter(members)
        .map(|member| read_plan(access, member))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut plans = Plans::default();
    for (plan, versions) in read.into_iter().flatten() {
        plans.plans.push(plan);
        plans.versions.extend(versions);
    }
    Ok(plans)
}

async fn read_plan(
    access: &Access,
    member: BackupPlansListMember,
) -> Result<Option<(PlanRecord, Vec<KnownVersion>)>, CloudError> {
    let (Some(id), Some(version), Some(arn)) = (
        member.backup_plan_id(),
        member.version_id(),
        convert::arn(member.backup_plan_arn()),
    ) else {
        return Ok(None);
    };
    let read = async {
        let mut plan = access.documents.get(access, id, version).await?;
        plan.set_tags(plan_tags(access, arn.as_str()).await?);
        let selections = selections(access, id).await?;
        let versions = versions(access, id).await?;
        let created_at = versions
            .iter()
            .find(|known| known.version.version_id == version)
            .map(|known| known.version.created_at)
            .or_else(|| convert::moment(member.creation_date()));
        let record = PlanRecord {
            account: access.account.clone(),
            region: access.region.clone(),
            id: id.to_owned(),
            arn,
            version_id: version.to_owned(),
            plan,
            selections,
            created_at: created_at.unwrap_or(access.now),
            last_execution: convert::moment(member.last_execution_date()),
            taken: None,
        };
        Ok((record, versions))
    };
    gone_is_none(read.await)
}

/// One plan in force with its selections; none when there is no such plan.
pub(crate) async fn plan(access: &Access, id: &str) -> Result<Option<PlanRecord>, CloudError> {
    let read = async {
        let (mut plan, answer) = get_plan(access, id, None).await?;
        let Some(arn) = convert::arn(answer.backup_plan_arn()) else {
            return Ok(None);
        };
        if answer.deletion_date().is_some() {
            return Ok(None);
        }
        plan.set_tags(plan_tags(access, arn.as_str()).await?);
        Ok(Some(PlanRecord {
            account: access.account.clone(),
            region: access.region.clone(),
            id: id.to_owned(),
            arn,
            version_id: answer.version_id().unwrap_or_default().to_owned(),
            plan,
            selections: selections(access, id).await?,
            created_at: convert::moment(answer.creation_date()).unwrap_or(access.now),
            last_execution: convert::moment(answer.last_execution_date()),
            taken: None,
        }))
    };
    gone_is_none(read.await).map(Option::flatten)
}

async fn selections(access: &Access, plan_id: &str) -> Result<Vec<SelectionRecord>, CloudError> {
    let ids = list_selections(access, plan_id).await?;
    let mut selections: Vec<SelectionRecord> = stream::iter(ids)
        .map(|id| async move { gone_is_none(get_selection(access, plan_id, &id).await) })
        .buffered(AT_ONCE)
        .try_filter_map(|selection| async { Ok(selection) })
        .try_collect()
        .await?;
    selections.sort_by(|a, b| {
        let key = |s: &SelectionRecord| (s.selection.selection_name.clone(), s.id.clone());
        key(a).cmp(&key(b))
    });
    Ok(selections)
}

async fn versions(access: &Access, plan_id: &str) -> Result<Vec<KnownVersion>, CloudError> {
    let members = list_versions(access, plan_id).await?;
    stream::iter(members)
        .map(|member| async move {
            let (Some(version), Some(created_at)) =
                (member.version_id(), convert::moment(member.creation_date()))
            else {
                return Ok(None);
            };
            let plan = gone_is_none(access.documents.get(access, plan_id, version).await)?;
            Ok(plan.map(|plan| KnownVersion {
                plan_id: plan_id.to_owned(),
                version: PlanVersion {
                    version_id: version.to_owned(),
                    created_at,
                    deleted_at: convert::moment(member.deletion_date()),
                    plan,
                },
            }))
        })
        .buffered(AT_ONCE)
        .try_filter_map(|version| async { Ok(version) })
        .try_collect()
        .await
}

fn gone_is_none<T>(read: Result<T, CloudError>) -> Result<Option<T>, CloudError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
