//! The run that changes a bucket's policy: put it, then prove that it does what it is for.

mod prove;
mod put;

pub(crate) use put::same;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidemark_domain::{policy::AccessRequest, runs::RunView};
use tidemark_runs::{ParamsError, RunKind, Step, parse_params};

use crate::ports::{AccountStore, PolicyCloud};

/// The kind's name in the run store.
pub const SET_BUCKET_POLICY_KIND: &str = "set-bucket-policy";

pub(super) const PUT: &str = "put-bucket-policy";
pub(super) const PROVE: &str = "prove-access";

/// What the run is to do. It keeps the policy as it was, so that it can be given back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PolicyParams {
    /// As asked for.
    pub(crate) request: AccessRequest,
    /// The policy as it was shown, byte for byte.
    pub(crate) before: Option<String>,
    /// The policy as it will be.
    pub(crate) after: Option<String>,
    /// The policy was put by an earlier run: only the proof is left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) only_prove: bool,
}

/// What its steps share.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) accounts: Arc<dyn AccountStore>,
    pub(super) policies: Arc<dyn PolicyCloud>,
    pub(super) params: Arc<PolicyParams>,
}

/// The run kind *change a bucket's policy*.
pub struct SetBucketPolicyRun {
    accounts: Arc<dyn AccountStore>,
    policies: Arc<dyn PolicyCloud>,
}

impl SetBucketPolicyRun {
    /// The kind over its ports.
    pub fn new(accounts: Arc<dyn AccountStore>, policies: Arc<dyn PolicyCloud>) -> Self {
        Self { accounts, policies }
    }
}

impl RunKind for SetBucketPolicyRun {
    fn name(&self) -> &'static str {
        SET_BUCKET_POLICY_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: PolicyParams = parse_params(params)?;
        let (only_prove, proves) = (params.only_prove, params.request.task.is_some());
        let work = Work {
            accounts: Arc::clone(&self.accounts),
            policies: Arc::clone(&self.policies),
            params: Arc::new(params),
        };
        let mut steps: Vec<Box<dyn Step>> = Vec::new();
        if !only_prove {
            steps.push(Box::new(put::PutPolicy(work.clone())));
        }
        if proves || only_prove {
            steps.push(Box::new(prove::ProveAccess(work)));
        }
        Ok(steps)
    }

    /// The policy stays when only the proof fails: a retry proves it again.
    fn rest(&self, params: &Value, view: &RunView) -> Option<Value> {
        let proves = view.step(PROVE).is_some();
        let mut rest = params.clone();
        rest["only_prove"] = json!(true);
        proves.then_some(rest)
    }

    fn summary(&self, view: &RunView) -> Value {
        view.step(PROVE)
            .map_or(Value::Null, |step| json!({ "proof": step.output }))
    }
}
