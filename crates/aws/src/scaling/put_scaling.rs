use aws_sdk_applicationautoscaling::types::{PolicyType, ScalableDimension, ServiceNamespace};
use tidemark_domain::ScalingTarget;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::policy;
use crate::access::Access;

const POLICY: Call = Call::PutScalingPolicy;

/// `RegisterScalableTarget` and, where there is a policy, `PutScalingPolicy`. Repeating them changes
/// nothing.
pub(crate) async fn put_scaling(
    access: &Access,
    scaling: &ScalingTarget,
) -> Result<(), CloudError> {
    let dimension = ScalableDimension::from(scaling.dimension.as_str());
    // Read before anything is changed, so that a policy that makes no sense changes nothing.
    let policy = scaling
        .policy
        .as_ref()
        .map(|(name, json)| policy::from_json(json).map(|configuration| (name, configuration)))
        .transpose()
        .map_err(|why| {
            CloudError::local(
                CloudErrorKind::Invalid,
                POLICY,
                format!(
                    "the policy of {} makes no sense: {why}",
                    scaling.resource_id
                ),
            )
        })?;
    access
        .call(Call::RegisterScalableTarget, || {
            access
                .clients
                .autoscaling()
                .register_scalable_target()
                .service_namespace(ServiceNamespace::Dynamodb)
                .resource_id(&scaling.resource_id)
                .scalable_dimension(dimension.clone())
                .min_capacity(scaling.min)
                .max_capacity(scaling.max)
                .send()
        })
        .await?;
    let Some((name, configuration)) = policy else {
        return Ok(());
    };
    access
        .call(POLICY, || {
            access
                .clients
                .autoscaling()
                .put_scaling_policy()
                .service_namespace(ServiceNamespace::Dynamodb)
                .resource_id(&scaling.resource_id)
                .scalable_dimension(dimension.clone())
                .policy_name(name)
                .policy_type(PolicyType::TargetTrackingScaling)
                .target_tracking_scaling_policy_configuration(configuration.clone())
                .send()
        })
        .await
        .map(|_| ())
}
