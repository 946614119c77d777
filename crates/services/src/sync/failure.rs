use tidemark_domain::{ScopeCause, ScopeError};

use crate::ports::{AccessProbe, CloudError, CloudErrorKind};

/// Why a scope could not be read, in words: by the probe's first broken link where there is one, by
/// the failed call itself otherwise.
pub fn scope_error(error: &CloudError, probe: Option<&AccessProbe>) -> ScopeError {
    if let Some(broken) = probe.and_then(|p| p.links.iter().find_map(|link| link.broken.clone())) {
        return broken;
    }
    let (cause, fix) = match error.kind {
        CloudErrorKind::Denied => (
            ScopeCause::Permission,
            "Add the missing permission to the role's policy; the account's page lists what is missing.",
        ),
        CloudErrorKind::Throttled => (
            ScopeCause::Throttled,
            "Nothing to do: the next sync tries again. If it lasts, other tools use up the account's API rate.",
        ),
        CloudErrorKind::Timeout => (
            ScopeCause::Slow,
            "The endpoint answers too slowly; the last good data stays. Check the network path and AWS's health page.",
        ),
        CloudErrorKind::Unavailable => (
            ScopeCause::Endpoint,
            "The endpoint cannot be reached. Check AWS_ENDPOINT_URL, the network path and the Region's name.",
        ),
        _ => (
            ScopeCause::Other,
            "Look at the message; the next sync tries again.",
        ),
    };
    ScopeError {
        cause,
        message: error.to_string(),
        fix: fix.to_owned(),
        code: error.code.clone(),
        request_id: error.request_id.clone(),
    }
}
