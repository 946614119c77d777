//! The way into an account, tried link by link.

mod assume;
mod diagnose;
mod own;
mod reading;
mod trust;

use std::collections::BTreeMap;

use tidemark_domain::{ScopeCause, ScopeError};
use tidemark_services::ports::{AccessProbe, CloudError, ProbeLink, Target};

use crate::factory::ClientFactory;

/// Name of the role by which the console finds out why it may not assume the access role.
const DIAGNOSE_ROLE: &str = "TidemarkDiagnose";

/// Tries endpoint, own credentials, the role and its permissions of reading, in this order; the
/// first broken link ends the list and says why.
pub(crate) async fn probe(factory: &ClientFactory, target: &Target) -> AccessProbe {
    let mut links = Vec::new();
    let Some(caller) = own::own(factory, &mut links).await else {
        return AccessProbe {
            links,
            tried: BTreeMap::new(),
        };
    };
    let assumed = assume::assume(factory, target, &caller).await;
    let stopped = assumed.broken.is_some();
    links.push(assumed);
    let mut tried = BTreeMap::new();
    if !stopped {
        let (link, found) = reading::reading(factory, target).await;
        links.push(link);
        tried = found;
    }
    AccessProbe { links, tried }
}

/// A link that holds.
fn holds(name: &str, detail: impl Into<String>) -> ProbeLink {
    ProbeLink {
        name: name.to_owned(),
        detail: detail.into(),
        broken: None,
        warning: None,
    }
}

/// A link that is broken.
fn broken(name: &str, why: ScopeError) -> ProbeLink {
    ProbeLink {
        name: name.to_owned(),
        detail: String::new(),
        broken: Some(why),
        warning: None,
    }
}

/// Why a link is broken, with what AWS said.
fn because(
    cause: ScopeCause,
    message: impl Into<String>,
    fix: impl Into<String>,
    said: Option<&CloudError>,
) -> ScopeError {
    ScopeError {
        cause,
        message: message.into(),
        fix: fix.into(),
        code: said.and_then(|e| e.code.clone()),
        request_id: said.and_then(|e| e.request_id.clone()),
    }
}
