//! KMS: awsim's, with the policy that a key is made with, and with the keys that AWS manages.

use std::sync::Arc;

use async_trait::async_trait;
use awsim_core::{
    AccountRegionStore, AwsError, IamCheck, Protocol, RequestContext, RouteDefinition,
    ServiceHandler,
};
use awsim_kms::{KmsService, state::KmsState};
use serde_json::{Value, json};
use tidemark_sandbox_backup::{BackupEngine, Key, Keys, model::Scope};

/// awsim's KMS, whose keys have the policy of AWS's default, and which knows AWS's own keys of AWS Backup.
pub(crate) struct Kms {
    stock: Arc<KmsService>,
    backup: BackupEngine,
}

impl Kms {
    pub(crate) fn new(stock: Arc<KmsService>, backup: BackupEngine) -> Self {
        Self { stock, backup }
    }

    /// A key that is made without a policy lets its own account in and nobody else ("Default key policy" in the KMS
    /// developer guide).
    fn set_policy(&self, input: &Value, answer: &Value, ctx: &RequestContext) {
        let state = self.stock.store().get(&ctx.account_id, &ctx.region);
        let id = answer["KeyMetadata"]["KeyId"].as_str().unwrap_or_default();
        if let Some(mut key) = state.keys.get_mut(id) {
            let given = input["Policy"].as_str().filter(|text| !text.is_empty());
            let policy = given.map_or_else(|| default_policy(&ctx.account_id), str::to_owned);
            key.policies.insert("default".to_owned(), policy);
        }
    }

    /// The answer about a key that AWS manages; none for other keys and operations.
    fn of_aws(&self, operation: &str, input: &Value, ctx: &RequestContext) -> Option<Value> {
        let key = input["KeyId"].as_str()?;
        let scope = Scope::new(&ctx.account_id, &ctx.region);
        if !self.backup.is_key_of_aws(&scope, key) {
            return None;
        }
        match operation {
            "DescribeKey" => Some(json!({"KeyMetadata": {
                "KeyId": key.rsplit('/').next(),
                "Arn": key,
                "AWSAccountId": ctx.account_id,
                "KeyState": "Enabled",
                "Enabled": true,
                "KeyManager": "AWS",
                "KeySpec": "SYMMETRIC_DEFAULT",
                "KeyUsage": "ENCRYPT_DECRYPT",
                "Origin": "AWS_KMS",
                "MultiRegion": false,
            }})),
            "GetKeyPolicy" => Some(json!({"Policy": json!({
                "Version": "2012-10-17",
                "Statement": [{
                    "Sid": "Allow access through the service for all principals in the account",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
                    "Resource": "*",
                    "Condition": {"StringEquals": {"kms:CallerAccount": ctx.account_id}},
                }],
            }).to_string()})),
            _ => None,
        }
    }
}

/// What a key lets in that was made without a policy.
pub(crate) fn default_policy(account: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [{
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": {"AWS": format!("arn:aws:iam::{account}:root")},
            "Action": "kms:*",
            "Resource": "*",
        }],
    })
    .to_string()
}

/// Keys by their ARNs, for the simulated AWS Backup.
pub(crate) struct KeyStore(pub(crate) AccountRegionStore<KmsState>);

impl Keys for KeyStore {
    fn key(&self, arn: &str) -> Option<Key> {
        let mut parts = arn.splitn(6, ':').skip(3);
        let (region, account) = (parts.next()?, parts.next()?);
        let id = parts.next()?.strip_prefix("key/")?;
        let state = self.0.get(account, region);
        let key = state.keys.get(id)?;
        let policy = key.policies.get("default").cloned();
        Some(Key {
            enabled: key.key_state == "Enabled",
            policy: policy.unwrap_or_else(|| default_policy(account)),
        })
    }
}

#[async_trait]
impl ServiceHandler for Kms {
    fn service_name(&self) -> &str {
        self.stock.service_name()
    }

    fn signing_name(&self) -> &str {
        self.stock.signing_name()
    }

    fn protocol(&self) -> Protocol {
        self.stock.protocol()
    }

    fn routes(&self) -> Vec<RouteDefinition> {
        self.stock.routes()
    }

    fn iam_checks_with_context(
        &self,
        operation: &str,
        input: &Value,
        ctx: &RequestContext,
    ) -> Vec<IamCheck> {
        // Whoever names a key by its alias is asked for the permission on the key.
        if let Some((_, alias)) = input["KeyId"]
            .as_str()
            .and_then(|key| key.split_once(":alias/aws/"))
        {
            let (region, account) = (&ctx.region, &ctx.account_id);
            let key = format!("arn:aws:kms:{region}:{account}:key/aws-{alias}");
            return vec![IamCheck::new(format!("kms:{operation}"), key)];
        }
        self.stock.iam_checks_with_context(operation, input, ctx)
    }

    async fn handle(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        if let Some(answer) = self.of_aws(operation, &input, ctx) {
            return Ok(answer);
        }
        let answer = self.stock.handle(operation, input.clone(), ctx).await?;
        if operation == "CreateKey" {
            self.set_policy(&input, &answer, ctx);
        }
        Ok(answer)
    }

    async fn tick(&self) {
        self.stock.tick().await;
    }
}
