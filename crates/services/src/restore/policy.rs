use tidemark_domain::{
    Arn, PutBack, RestoreDestination, RestorePlan, RestoreRequest, RestoreSource, TableSettings,
};

use super::{source::Source, words::describe};
use crate::{
    calls::{Call, SessionPolicy},
    records::allow_restore,
};

/// The inline session policy of a restore: what this one run may do, and nothing else.
pub(super) fn session_policy(
    request: &RestoreRequest,
    source: &Source,
    settings: &TableSettings,
    destination: &RestoreDestination,
) -> SessionPolicy {
    // Only of tables does AWS look at the destination under the caller's own credentials; everything
    // else AWS Backup makes as the service role, from the metadata that the run's plan holds.
    let new_table = request
        .target_table
        .as_ref()
        .and(destination.arn.as_ref())
        .map(Arn::as_str);
    let policy = SessionPolicy::new(
        request.resource.partition(),
        &source.account,
        &source.region,
    )
    .roles(request.service_role.as_deref())
    .new_table(new_table);
    let policy = match &request.source {
        RestoreSource::PointInTime { .. } => {
            policy.allow(&[Call::RestoreTableToPointInTime], &[&request.resource])
        }
        RestoreSource::DynamoDbBackup { arn } => {
            policy.allow(&[Call::RestoreTableFromBackup], &[arn])
        }
        RestoreSource::Records { .. } => {
            let policy = match &source.capture {
                Some(stored) => allow_restore(policy, &stored.capture),
                None => policy,
            };
            policy
                .allow(
                    &[
                        Call::CreateTable,
                        Call::BatchWriteItem,
                        Call::DynamoDbTagResource,
                        Call::DynamoDbUntagResource,
                        // What describing a table reads.
                        Call::DescribeTimeToLive,
                        Call::DynamoDbListTags,
                    ],
                    new_table.as_slice(),
                )
                .allow_any(&[Call::DescribeScalableTargets, Call::DescribeScalingPolicies])
        }
        RestoreSource::RecoveryPoint { arn, .. } => {
            let policy = policy
                .allow(&[Call::StartRestoreJob], &[arn])
                .allow_any(&[Call::DescribeRestoreJob]);
            match new_table {
                Some(_) => policy.allow(&[Call::RestoreTableFromAwsBackup], &[arn]),
                None => policy,
            }
        }
    };
    match new_table {
        Some(table) => put_back(
            policy.allow(&[Call::DeleteTable], &[table]),
            request,
            settings,
            table,
        ),
        None => policy,
    }
}

/// The inline session policy of a run that only puts settings back.
pub(super) fn put_back_policy(plan: &RestorePlan) -> SessionPolicy {
    let partition = plan.request.resource.partition();
    let table = format!(
        "arn:{partition}:dynamodb:{}:{}:table/{}",
        plan.region,
        plan.account,
        plan.request.target_table.as_deref().unwrap_or_default()
    );
    let policy = SessionPolicy::new(partition, &plan.account, &plan.region).new_table(Some(&table));
    put_back(policy, &plan.request, &plan.settings, &table)
}

/// Looking at the new table, and then what a run goes on without.
fn put_back(
    policy: SessionPolicy,
    request: &RestoreRequest,
    settings: &TableSettings,
    table: &str,
) -> SessionPolicy {
    let mut policy = policy
        .allow(
            &[Call::DescribeTable, Call::DescribeContinuousBackups],
            &[table],
        )
        .spare();
    for what in request
        .put_back
        .iter()
        .filter(|what| describe(**what, settings).is_some())
    {
        policy = match what {
            PutBack::Stream | PutBack::DeletionProtection => {
                policy.allow(&[Call::UpdateTable], &[table])
            }
            PutBack::TimeToLive => policy.allow(&[Call::UpdateTimeToLive], &[table]),
            PutBack::Tags => policy.allow(&[Call::DynamoDbTagResource], &[table]),
            PutBack::PointInTimeRecovery => {
                policy.allow(&[Call::UpdateContinuousBackups], &[table])
            }
            PutBack::AutoScaling => {
                policy.allow_any(&[Call::RegisterScalableTarget, Call::PutScalingPolicy])
            }
        };
    }
    policy
}
