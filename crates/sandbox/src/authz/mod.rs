//! Whether a caller may do what it asks: identity, boundary, session and resource policies.

mod actions;
mod context;
mod decide;
mod dynamodb_actions;

pub(crate) use actions::checks_for;
pub(crate) use context::condition_context;
pub(crate) use decide::{Question, Verdict, decide};

use std::collections::HashMap;

use awsim_iam_policy::ContextValue;

/// One action on one resource that a call needs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Check {
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) context: HashMap<String, ContextValue>,
}

impl Check {
    pub(crate) fn new(action: impl Into<String>, resource: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            resource: resource.into(),
            context: HashMap::new(),
        }
    }
}
