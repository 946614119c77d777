use std::collections::HashMap;

use awsim_iam_policy::ContextValue;

use crate::identity::{Caller, CallerKind};

/// The condition keys that every request carries.
pub(crate) fn condition_context(caller: &Caller, region: &str) -> HashMap<String, ContextValue> {
    let text = |value: &str| ContextValue::String(value.to_owned());
    let mut context = HashMap::from([
        ("aws:PrincipalArn".to_owned(), text(caller.policy_arn())),
        ("aws:PrincipalAccount".to_owned(), text(&caller.account)),
        ("aws:userid".to_owned(), text(&caller.user_id)),
        ("aws:RequestedRegion".to_owned(), text(region)),
        // The sandbox stands for TLS endpoints although it answers on loopback in clear.
        ("aws:SecureTransport".to_owned(), ContextValue::Bool(true)),
    ]);
    match &caller.kind {
        CallerKind::Session(session) => {
            if let Some(identity) = &session.source_identity {
                context.insert("aws:SourceIdentity".to_owned(), text(identity));
            }
            for (key, value) in &session.tags {
                context.insert(format!("aws:PrincipalTag/{key}"), text(value));
            }
        }
        CallerKind::User { name } => {
            context.insert("aws:username".to_owned(), text(name));
        }
        CallerKind::Root => {}
    }
    context
}
