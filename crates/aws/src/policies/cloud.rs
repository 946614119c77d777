use std::collections::BTreeMap;

use async_trait::async_trait;
use tidemark_domain::RoleArn;
use tidemark_services::ports::{
    CloudError, PolicyCloud, RoleSays, Simulation, Stack, StackResource, Target, Trial, Tried,
};

use super::{
    clear_trials::clear_trials, delete_policy::delete_policy, get_policy::get_policy,
    locks_versions::locks_versions, put_policy::put_policy, try_object::try_object,
};
use crate::{AwsCloud, cloudformation, iam};

#[async_trait]
impl PolicyCloud for AwsCloud {
    async fn bucket_policy(
        &self,
        target: &Target,
        bucket: &str,
    ) -> Result<Option<String>, CloudError> {
        get_policy(&self.factory().open(target).await?, bucket).await
    }

    async fn put_bucket_policy(
        &self,
        target: &Target,
        bucket: &str,
        policy: &str,
    ) -> Result<(), CloudError> {
        put_policy(&self.factory().open(target).await?, bucket, policy).await
    }

    async fn delete_bucket_policy(&self, target: &Target, bucket: &str) -> Result<(), CloudError> {
        delete_policy(&self.factory().open(target).await?, bucket).await
    }

    async fn locks_versions(&self, target: &Target, bucket: &str) -> Result<bool, CloudError> {
        locks_versions(&self.factory().open(target).await?, bucket).await
    }

    async fn stacks(&self, target: &Target) -> Result<Vec<Stack>, CloudError> {
        let access = self.factory().open(target).await?;
        Box::pin(cloudformation::list_stacks(&access)).await
    }

    async fn stack_resources(
        &self,
        target: &Target,
        stack: &str,
    ) -> Result<Vec<StackResource>, CloudError> {
        let access = self.factory().open(target).await?;
        Box::pin(cloudformation::list_stack_resources(&access, stack)).await
    }

    async fn role(&self, target: &Target, name: &str) -> Result<Option<RoleArn>, CloudError> {
        iam::role_arn(&self.factory().open(target).await?, name).await
    }

    async fn simulate_role(
        &self,
        target: &Target,
        role: &RoleArn,
        simulation: &Simulation,
    ) -> Result<BTreeMap<String, RoleSays>, CloudError> {
        let access = self.factory().open(target).await?;
        Box::pin(iam::simulate_role(&access, role, simulation)).await
    }

    async fn try_object(&self, target: &Target, trial: &Trial) -> Result<Tried, CloudError> {
        Box::pin(try_object(self.factory(), target, trial)).await
    }

    async fn clear_trials(
        &self,
        target: &Target,
        bucket: &str,
        prefix: &str,
    ) -> Result<(), CloudError> {
        let access = self.factory().open(target).await?;
        Box::pin(clear_trials(&access, bucket, prefix)).await
    }
}
