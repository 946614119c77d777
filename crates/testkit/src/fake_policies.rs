use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use tidemark_domain::{
    Arn, RoleArn,
    policy::{Answer, Asked, Document, evaluate},
};
use tidemark_services::ports::{
    CloudError, CloudErrorKind, PolicyCloud, RoleSays, Simulation, Stack, StackResource, Target,
    Trial, Tried,
};

/// Buckets with policies, stacks and roles in memory. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct FakePolicyCloud {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Account and policy by bucket.
    buckets: BTreeMap<String, (String, Option<String>)>,
    locked: BTreeSet<String>,
    objects: BTreeSet<String>,
    stacks: BTreeMap<String, (Stack, Vec<StackResource>)>,
    roles: BTreeMap<String, FakeRole>,
    denied: BTreeSet<String>,
    writes: Vec<String>,
}

/// A role as the fake knows it.
#[derive(Clone, Debug, Default)]
pub struct FakeRole {
    /// What its own policies say; what is not named is not allowed.
    pub says: BTreeMap<String, RoleSays>,
    /// Whether the console may assume it.
    pub assumable: bool,
}

impl FakeRole {
    /// One whose own policies allow these actions.
    pub fn allowing(actions: &[&str]) -> Self {
        let says = actions
            .iter()
            .map(|action| ((*action).to_owned(), RoleSays::Allowed))
            .collect();
        Self {
            says,
            assumable: false,
        }
    }

    /// The same, and the console may assume it.
    #[must_use]
    pub fn assumable(mut self) -> Self {
        self.assumable = true;
        self
    }
}

impl FakePolicyCloud {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a bucket of an account, with a policy or without.
    pub fn add_bucket(&self, account: &str, bucket: &str, policy: Option<&str>) {
        let policy = policy.map(str::to_owned);
        let of = (account.to_owned(), policy);
        self.lock().buckets.insert(bucket.to_owned(), of);
    }

    /// Has a bucket lock every new version.
    pub fn lock_bucket(&self, bucket: &str) {
        self.lock().locked.insert(bucket.to_owned());
    }

    /// The policy of a bucket now.
    pub fn policy_of(&self, bucket: &str) -> Option<String> {
        self.lock().buckets.get(bucket)?.1.clone()
    }

    /// Changes a policy behind everybody's back.
    pub fn set_policy(&self, bucket: &str, policy: Option<&str>) {
        if let Some(found) = self.lock().buckets.get_mut(bucket) {
            found.1 = policy.map(str::to_owned);
        }
    }

    /// Adds a role, or replaces it.
    pub fn add_role(&self, arn: &str, role: FakeRole) {
        self.lock().roles.insert(arn.to_owned(), role);
    }

    /// Adds a stack with its resources, each as type, logical and physical id.
    pub fn add_stack(&self, name: &str, parent: Option<&str>, resources: &[(&str, &str, &str)]) {
        let resources = resources
            .iter()
            .map(|(kind, logical, physical)| StackResource {
                logical_id: (*logical).to_owned(),
                physical_id: Some((*physical).to_owned()).filter(|id| !id.is_empty()),
                resource_type: (*kind).to_owned(),
            })
            .collect();
        let stack = Stack {
            id: stack_id(name),
            name: name.to_owned(),
            parent: parent.map(stack_id),
        };
        self.lock()
            .stacks
            .insert(stack.id.clone(), (stack, resources));
    }

    /// Refuses an operation, such as `s3:PutBucketPolicy`, from now on.
    pub fn deny(&self, operation: &str) {
        self.lock().denied.insert(operation.to_owned());
    }

    /// Every write to a policy, in order.
    pub fn writes(&self) -> Vec<String> {
        self.lock().writes.clone()
    }

    /// What lies in buckets.
    pub fn objects(&self) -> BTreeSet<String> {
        self.lock().objects.clone()
    }

    fn enter(&self, operation: &str) -> Result<MutexGuard<'_, State>, CloudError> {
        let state = self.lock();
        if state.denied.contains(operation) {
            return Err(CloudError::local(
                CloudErrorKind::Denied,
                operation,
                "not authorized",
            ));
        }
        Ok(state)
    }
}

/// The id of a stack of this name.
pub fn stack_id(name: &str) -> String {
    format!("arn:aws:cloudformation:eu-west-1:111122223333:stack/{name}/1")
}

impl State {
    fn policy(
        &mut self,
        target: &Target,
        operation: &str,
        bucket: &str,
    ) -> Result<&mut Option<String>, CloudError> {
        let account = target.connection.account.as_str();
        match self.buckets.get_mut(bucket) {
            Some((owner, policy)) if owner == account => Ok(policy),
            Some(_) => Err(CloudError::local(
                CloudErrorKind::Denied,
                operation,
                "not authorized",
            )),
            None => Err(CloudError::local(
                CloudErrorKind::NotFound,
                operation,
                format!("there is no bucket {bucket}"),
            )),
        }
    }

    fn write(&mut self, operation: &str, bucket: &str) {
        self.writes.push(format!("{operation} {bucket}"));
    }

    /// What S3 does for a role: both sides across accounts, one of them within one.
    fn lets(&self, role: &RoleArn, action: &str, bucket: &str, key: &str) -> Option<String> {
        let refused = Some(format!("{role} is not authorized to perform {action}"));
        let (Some((owner, policy)), Some(own), Ok(principal)) = (
            self.buckets.get(bucket),
            self.roles.get(role.as_str()),
            Arn::parse(role.as_str()),
        ) else {
            return refused;
        };
        let resource = format!("arn:aws:s3:::{bucket}/{key}");
        let asked = Asked {
            principal: &principal,
            action,
            resource: &resource,
            context: &BTreeMap::new(),
        };
        let bucket_says = Document::of(policy.as_deref())
            .map_or(Answer::NotAllowed, |document| evaluate(&document, &asked));
        let by_bucket = matches!(bucket_says, Answer::Allowed { .. });
        let by_role = own.says.get(action) == Some(&RoleSays::Allowed);
        let denied = matches!(bucket_says, Answer::Denied { .. })
            || own.says.get(action) == Some(&RoleSays::Denied);
        let allowed = if owner == role.account() {
            by_bucket || by_role
        } else {
            by_bucket && by_role
        };
        if allowed && !denied { None } else { refused }
    }
}

#[async_trait]
impl PolicyCloud for FakePolicyCloud {
    async fn bucket_policy(
        &self,
        target: &Target,
        bucket: &str,
    ) -> Result<Option<String>, CloudError> {
        const OPERATION: &str = "s3:GetBucketPolicy";
        let mut state = self.enter(OPERATION)?;
        Ok(state.policy(target, OPERATION, bucket)?.clone())
    }

    async fn put_bucket_policy(
        &self,
        target: &Target,
        bucket: &str,
        policy: &str,
    ) -> Result<(), CloudError> {
        const OPERATION: &str = "s3:PutBucketPolicy";
        let mut state = self.enter(OPERATION)?;
        *state.policy(target, OPERATION, bucket)? = Some(policy.to_owned());
        state.write(OPERATION, bucket);
        Ok(())
    }

    async fn delete_bucket_policy(&self, target: &Target, bucket: &str) -> Result<(), CloudError> {
        const OPERATION: &str = "s3:DeleteBucketPolicy";
        let mut state = self.enter(OPERATION)?;
        *state.policy(target, OPERATION, bucket)? = None;
        state.write(OPERATION, bucket);
        Ok(())
    }

    async fn locks_versions(&self, _target: &Target, bucket: &str) -> Result<bool, CloudError> {
        let state = self.enter("s3:GetObjectLockConfiguration")?;
        Ok(state.locked.contains(bucket))
    }

    async fn stacks(&self, _target: &Target) -> Result<Vec<Stack>, CloudError> {
        let state = self.enter("cloudformation:ListStacks")?;
        Ok(state
            .stacks
            .values()
            .map(|(stack, _)| stack.clone())
            .collect())
    }

    async fn stack_resources(
        &self,
        _target: &Target,
        stack: &str,
    ) -> Result<Vec<StackResource>, CloudError> {
        const OPERATION: &str = "cloudformation:ListStackResources";
        let state = self.enter(OPERATION)?;
        match state.stacks.get(stack) {
            Some((_, resources)) => Ok(resources.clone()),
            None => Err(CloudError::local(
                CloudErrorKind::NotFound,
                OPERATION,
                format!("there is no stack {stack}"),
            )),
        }
    }

    async fn role(&self, target: &Target, name: &str) -> Result<Option<RoleArn>, CloudError> {
        let state = self.enter("iam:GetRole")?;
        let found = state
            .roles
            .keys()
            .filter_map(|arn| RoleArn::parse(arn).ok())
            .find(|arn| arn.name() == name && arn.account() == target.connection.account.as_str());
        Ok(found)
    }

    async fn simulate_role(
        &self,
        _target: &Target,
        role: &RoleArn,
        simulation: &Simulation,
    ) -> Result<BTreeMap<String, RoleSays>, CloudError> {
        const OPERATION: &str = "iam:SimulatePrincipalPolicy";
        let state = self.enter(OPERATION)?;
        let Some(found) = state.roles.get(role.as_str()) else {
            return Err(CloudError::local(
                CloudErrorKind::NotFound,
                OPERATION,
                format!("there is no {role}"),
            ));
        };
        Ok(simulation
            .actions
            .iter()
            .map(|action| {
                let says = found.says.get(action).copied();
                (action.clone(), says.unwrap_or(RoleSays::NotAllowed))
            })
            .collect())
    }

    async fn try_object(&self, _target: &Target, trial: &Trial) -> Result<Tried, CloudError> {
        let mut state = self.enter("sts:AssumeRole")?;
        let Trial {
            role, bucket, key, ..
        } = trial;
        if !state
            .roles
            .get(role.as_str())
            .is_some_and(|role| role.assumable)
        {
            return Ok(Tried::NotAssumed {
                why: "not authorized to perform sts:AssumeRole".to_owned(),
            });
        }
        let put = state.lets(role, "s3:PutObject", bucket, key);
        if put.is_none() {
            state.objects.insert(format!("{bucket}/{key}"));
        }
        let get = state.lets(role, "s3:GetObject", bucket, key);
        Ok(Tried::As { put, get })
    }

    async fn clear_trials(
        &self,
        _target: &Target,
        bucket: &str,
        prefix: &str,
    ) -> Result<(), CloudError> {
        let mut state = self.enter("s3:DeleteObject")?;
        let below = format!("{bucket}/{prefix}");
        state.objects.retain(|object| !object.starts_with(&below));
        Ok(())
    }
}
