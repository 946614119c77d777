use std::collections::BTreeMap;

use tidemark_domain::{RestoreRequest, strict};
use tidemark_services::{Caller, restore};

use super::{Console, parse};
use crate::{error::AppError, wizard::Wizard};

/// The request that a wizard's query string amounts to. What was neither edited nor chosen is as
/// proposed.
pub(crate) async fn restore_request(
    console: &Console,
    caller: &Caller,
    query: &str,
) -> Result<RestoreRequest, AppError> {
    let wizard = Wizard::parse(query);
    if let Some(name) = &wizard.unknown {
        return parse(Err(strict::unknown(name, name, &Wizard::NAMES)));
    }
    let needs_proposal = if wizard.is_table() {
        wizard.put_back.is_none()
    } else {
        wizard.metadata.is_none()
    };
    let (mut metadata, mut put_back) = (BTreeMap::default(), Vec::new());
    if needs_proposal {
        let (arn, source) = (parse(wizard.resource())?, parse(wizard.source())?);
        let prefill = restore::prefill(&console.services, caller, &arn, &source).await?;
        metadata = prefill.metadata;
        put_back = prefill.put_back.into_iter().map(|(what, _)| what).collect();
    }
    parse(wizard.request(metadata, put_back))
}
