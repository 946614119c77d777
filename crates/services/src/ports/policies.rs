use std::collections::BTreeMap;

use async_trait::async_trait;
use tidemark_domain::{Region, RoleArn};

use super::{CloudError, Simulation, Target};

/// Policies of buckets, and the roles that they are about. Every call goes to one account and Region
/// through its role.
#[async_trait]
pub trait PolicyCloud: Send + Sync {
    /// `GetBucketPolicy`: byte for byte; none without one. A bucket that is not there is not found.
    async fn bucket_policy(
        &self,
        target: &Target,
        bucket: &str,
    ) -> Result<Option<String>, CloudError>;

    /// `PutBucketPolicy`: the whole policy.
    async fn put_bucket_policy(
        &self,
        target: &Target,
        bucket: &str,
        policy: &str,
    ) -> Result<(), CloudError>;

    /// `DeleteBucketPolicy`. Succeeds when there is none.
    async fn delete_bucket_policy(&self, target: &Target, bucket: &str) -> Result<(), CloudError>;

    /// `GetObjectLockConfiguration`: whether new versions are locked.
    async fn locks_versions(&self, target: &Target, bucket: &str) -> Result<bool, CloudError>;

    /// `ListStacks`: those that were not deleted.
    async fn stacks(&self, target: &Target) -> Result<Vec<Stack>, CloudError>;

    /// `ListStackResources`.
    async fn stack_resources(
        &self,
        target: &Target,
        stack: &str,
    ) -> Result<Vec<StackResource>, CloudError>;

    /// `GetRole`: the ARN of the role of this name, path and all; none when there is no such role.
    async fn role(&self, target: &Target, name: &str) -> Result<Option<RoleArn>, CloudError>;

    /// `SimulatePrincipalPolicy` for a role of the account: what its own policies say of each action on
    /// all of the resources.
    async fn simulate_role(
        &self,
        target: &Target,
        role: &RoleArn,
        simulation: &Simulation,
    ) -> Result<BTreeMap<String, RoleSays>, CloudError>;

    /// Puts and gets a small object as a role, by `AssumeRole` with the credentials of the target.
    async fn try_object(&self, target: &Target, trial: &Trial) -> Result<Tried, CloudError>;

    /// Takes away every version of the objects whose keys begin so: what trials have left.
    async fn clear_trials(
        &self,
        target: &Target,
        bucket: &str,
        prefix: &str,
    ) -> Result<(), CloudError>;
}

/// A stack of `CloudFormation`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// `StackId`.
    pub id: String,
    /// `StackName`.
    pub name: String,
    /// `ParentId`, of a nested stack.
    pub parent: Option<String>,
}

/// A resource of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackResource {
    /// `LogicalResourceId`.
    pub logical_id: String,
    /// `PhysicalResourceId`, once there is one: of a role its name, of a nested stack its id.
    pub physical_id: Option<String>,
    /// `ResourceType`, for example `AWS::IAM::Role`.
    pub resource_type: String,
}

/// What a role's own policies say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleSays {
    /// They allow it.
    Allowed,
    /// No statement allows it.
    NotAllowed,
    /// A statement denies it.
    Denied,
}

/// An object to put and get as a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The role.
    pub role: RoleArn,
    /// The bucket's Region.
    pub region: Region,
    /// The bucket.
    pub bucket: String,
    /// The object.
    pub key: String,
    /// Inline session policy (JSON): what is tried, and nothing else.
    pub policy: String,
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The role cannot be assumed.
    NotAssumed {
        /// What STS says.
        why: String,
    },
    /// It was tried.
    As {
        /// The put: none when it was allowed, else what S3 says.
        put: Option<String>,
        /// The get; it is only telling after a put that was allowed.
        get: Option<String>,
    },
}
