//! IAM around the stock service: simulation by the same evaluator that enforces.

mod simulate_principal_policy;

use std::sync::Arc;

use awsim_core::{AwsError, Protocol, RequestContext, ServiceHandler};
use awsim_iam::IamService;
use serde_json::{Value, json};

use crate::identity::Identity;

/// Our IAM around the stock one.
pub(crate) struct Iam {
    stock: Arc<IamService>,
    identity: Identity,
}

impl Iam {
    pub(crate) fn new(stock: Arc<IamService>, identity: Identity) -> Self {
        Self { stock, identity }
    }
}

#[async_trait::async_trait]
impl ServiceHandler for Iam {
    fn service_name(&self) -> &'static str {
        "iam"
    }

    fn protocol(&self) -> Protocol {
        Protocol::AwsQuery
    }

    fn iam_checks(
        &self,
        operation: &str,
        input: &Value,
        ctx: &RequestContext,
    ) -> Vec<(String, String)> {
        if operation == "SimulatePrincipalPolicy" {
            let source = input["PolicySourceArn"].as_str().unwrap_or("*");
            return vec![("iam:SimulatePrincipalPolicy".to_owned(), source.to_owned())];
        }
        self.stock.iam_checks(operation, input, ctx)
    }

    async fn handle(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        match operation {
            "SimulatePrincipalPolicy" => {
                simulate_principal_policy::simulate(&self.identity, &input, ctx)
            }
            "CreateRole" => self.create_role(input, ctx).await,
            _ => self.stock.handle(operation, input, ctx).await,
        }
    }
}

impl Iam {
    /// `CreateRole` with its tags, which the stock service leaves out.
    async fn create_role(&self, input: Value, ctx: &RequestContext) -> Result<Value, AwsError> {
        let listed = match &input["Tags"] {
            Value::Array(list) => list.clone(),
            other => other["member"].as_array().cloned().unwrap_or_default(),
        };
        let tagged = !listed.is_empty();
        let tags = json!({"RoleName": input["RoleName"], "Tags": {"member": listed}});
        let answer = self.stock.handle("CreateRole", input, ctx).await?;
        if tagged {
            self.stock.handle("TagRole", tags, ctx).await?;
        }
        Ok(answer)
    }
}
