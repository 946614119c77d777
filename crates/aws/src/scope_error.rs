use tidemark_domain::{ScopeCause, ScopeError};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

/// Why a scope or a part of it could not be read, in words for people: what failed and the fix.
pub fn scope_error(error: &CloudError) -> ScopeError {
    use {CloudErrorKind as K, ScopeCause as C};
    let operation = &error.operation;
    let call = Call::named(operation);
    let (cause, message, fix) = match error.kind {
        K::Denied if call == Some(Call::AssumeRole) => (
            C::AssumeDenied,
            format!("AWS refused to let the console assume the role: {}", error.message),
            "Check the account: the check tells a missing role, its trust policy and its external id apart."
                .to_owned(),
        ),
        K::Denied => (
            C::Permission,
            format!("The role may not do {operation}: {}", error.message),
            format!(
                "Allow the role the action {}, as the account's template does.",
                call.and_then(Call::action).unwrap_or(operation)
            ),
        ),
        K::Throttled => (
            C::Throttled,
            format!("AWS throttled {operation}."),
            "Nothing to do: the next sync reads it.".to_owned(),
        ),
        K::Unavailable => (
            C::Endpoint,
            format!("{operation} got no answer: {}", error.message),
            "Check the endpoint's address, the network and AWS's health dashboard.".to_owned(),
        ),
        K::Timeout => (
            C::Slow,
            format!("{operation} was too slow: {}", error.message),
            "Check the network and AWS's health dashboard; the next sync reads it.".to_owned(),
        ),
        K::NotFound | K::Conflict | K::Invalid | K::LimitExceeded | K::Unexpected => (
            C::Other,
            format!("{operation} failed: {}", error.message),
            "Look the code up in AWS's documentation; the request id helps AWS's support.".to_owned(),
        ),
    };
    ScopeError {
        cause,
        message,
        fix,
        code: error.code.clone(),
        request_id: error.request_id.clone(),
    }
}
