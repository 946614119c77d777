//! Organizations: awsim's, where an account that belongs to the organization that AWS Backup knows says so.

use async_trait::async_trait;
use awsim_core::{AwsError, IamCheck, Protocol, RequestContext, RouteDefinition, ServiceHandler};
use awsim_organizations::OrganizationsService;
use serde_json::{Value, json};
use tidemark_sandbox_backup::BackupEngine;

/// The management account of the organizations that accounts belong to without having made them.
const MANAGEMENT: &str = "000000000001";

/// awsim's Organizations, whose every account knows its organization, as in AWS.
pub(crate) struct Organizations {
    stock: OrganizationsService,
    backup: BackupEngine,
}

impl Organizations {
    pub(crate) fn new(backup: BackupEngine) -> Self {
        Self {
            stock: OrganizationsService::new(),
            backup,
        }
    }
}

#[async_trait]
impl ServiceHandler for Organizations {
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
        self.stock.iam_checks_with_context(operation, input, ctx)
    }

    async fn handle(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let answer = self.stock.handle(operation, input, ctx).await;
        let of = self.backup.organization_of(&ctx.account_id);
        match (operation, answer, of) {
            ("DescribeOrganization", Err(_), Some(id)) => Ok(json!({"Organization": {
                "Id": id,
                "Arn": format!("arn:aws:organizations::{MANAGEMENT}:organization/{id}"),
                "FeatureSet": "ALL",
                "MasterAccountArn": format!("arn:aws:organizations::{MANAGEMENT}:account/{id}/{MANAGEMENT}"),
                "MasterAccountId": MANAGEMENT,
                "MasterAccountEmail": "management@example.com",
                "AvailablePolicyTypes": [],
            }})),
            (_, answer, _) => answer,
        }
    }

    async fn tick(&self) {
        self.stock.tick().await;
    }
}
