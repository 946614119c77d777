use std::collections::HashMap;

use aws_sdk_applicationautoscaling::types::{ScalableTarget, ServiceNamespace};
use aws_sdk_dynamodb::types::TableDescription;
use tidemark_domain::ScalingTarget;
use tidemark_services::{calls::Call, ports::CloudError};

use super::policy;
use crate::access::{Access, pages};

/// The auto scaling of a table and its indexes (`DescribeScalableTargets`, `DescribeScalingPolicies`).
pub(crate) async fn read_scaling(
    access: &Access,
    table: &TableDescription,
) -> Result<Vec<ScalingTarget>, CloudError> {
    let name = table.table_name().unwrap_or_default();
    let ids: Vec<String> = std::iter::once(format!("table/{name}"))
        .chain(
            table
                .global_secondary_indexes()
                .iter()
                .filter_map(|i| i.index_name())
                .map(|index| format!("table/{name}/index/{index}")),
        )
        .collect();
    let targets = targets(access, &ids).await?;
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let mut policies = HashMap::new();
    for id in &ids {
        policies.extend(policies_of(access, id).await?);
    }
    Ok(targets
        .into_iter()
        .map(|t| {
            let dimension = t.scalable_dimension().as_str().to_owned();
            let policy = policies.remove(&(t.resource_id().to_owned(), dimension.clone()));
            ScalingTarget {
                resource_id: t.resource_id().to_owned(),
                dimension,
                min: t.min_capacity(),
                max: t.max_capacity(),
                policy,
            }
        })
        .collect())
}

async fn targets(access: &Access, ids: &[String]) -> Result<Vec<ScalableTarget>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::DescribeScalableTargets, || {
                access
                    .clients
                    .autoscaling()
                    .describe_scalable_targets()
                    .service_namespace(ServiceNamespace::Dynamodb)
                    .set_resource_ids(Some(ids.to_vec()))
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok((page.scalable_targets.unwrap_or_default(), page.next_token))
    })
    .await
}

type Policies = Vec<((String, String), (String, String))>;

/// Target-tracking policies by resource and dimension: name and configuration.
async fn policies_of(access: &Access, id: &str) -> Result<Policies, CloudError> {
    let policies = pages(async |token| {
        let page = access
            .read(Call::DescribeScalingPolicies, || {
                access
                    .clients
                    .autoscaling()
                    .describe_scaling_policies()
                    .service_namespace(ServiceNamespace::Dynamodb)
                    .resource_id(id)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok((page.scaling_policies.unwrap_or_default(), page.next_token))
    })
    .await?;
    Ok(policies
        .into_iter()
        .filter_map(|p| {
            let configuration = p.target_tracking_scaling_policy_configuration()?;
            let json = policy::to_json(configuration);
            if json.is_none() {
                tracing::warn!(
                    resource = p.resource_id(),
                    policy = p.policy_name(),
                    "A scaling policy computes its metric; it cannot be kept and put back."
                );
            }
            Some((
                (
                    p.resource_id().to_owned(),
                    p.scalable_dimension().as_str().to_owned(),
                ),
                (p.policy_name().to_owned(), json?),
            ))
        })
        .collect())
}
