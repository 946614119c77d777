//! STS with accounts: trust policies of the role's own account, session policies, source identity.

mod assume_role;
mod validate;

use awsim_core::{AwsError, Protocol, RequestContext, ServiceHandler};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    gateway::{Refusal, refuse},
    identity::{Caller, Identity},
};

/// Our STS; the stock one only knows one account.
pub(crate) struct Sts {
    identity: Identity,
    stock: awsim_sts::StsService,
}

impl Sts {
    pub(crate) fn new(identity: Identity) -> Self {
        Self {
            identity,
            stock: awsim_sts::StsService::new(),
        }
    }

    /// The caller again; the gateway has checked its credentials already.
    fn caller(&self, ctx: &RequestContext) -> Result<Caller, AwsError> {
        let key = ctx.access_key.clone().unwrap_or_default();
        let scope = crate::gateway::Scope {
            session_token: self
                .identity
                .sessions()
                .get(&key)
                .map(|session| session.token.clone()),
            access_key: key,
            region: ctx.region.clone(),
            service: ctx.service.clone(),
        };
        self.identity
            .resolve(&scope, Timestamp::now())
            .map_err(|refusal| {
                denied(
                    refusal,
                    "The security token included in the request is invalid.",
                )
            })
    }
}

fn denied(refusal: Refusal, message: &str) -> AwsError {
    refuse("sts", Protocol::AwsQuery, refusal, message)
}

#[async_trait::async_trait]
impl ServiceHandler for Sts {
    fn service_name(&self) -> &'static str {
        "sts"
    }

    fn protocol(&self) -> Protocol {
        Protocol::AwsQuery
    }

    async fn handle(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        match operation {
            "GetCallerIdentity" => {
                let caller = self.caller(ctx)?;
                Ok(json!({
                    "Account": caller.account,
                    "Arn": caller.arn,
                    "UserId": caller.user_id,
                }))
            }
            "AssumeRole" => {
                assume_role::assume_role(&self.identity, &self.caller(ctx)?, &input, ctx)
            }
            _ => self.stock.handle(operation, input, ctx).await,
        }
    }
}
