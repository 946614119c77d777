//! Changes of legal holds, one call each.

use aws_sdk_backup::types::{DateRange, RecoveryPointSelection};
use tidemark_domain::{
    LegalHold,
    vaults::{HoldRelease, NewHold},
};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::legal_holds::legal_hold;
use crate::{access::Access, convert};

/// `GetLegalHold`; none when there is none.
pub(crate) async fn find_hold(access: &Access, id: &str) -> Result<Option<LegalHold>, CloudError> {
    match legal_hold(access, id).await {
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(None),
        answer => answer,
    }
}

/// `CreateLegalHold`; the token is the `IdempotencyToken`.
pub(crate) async fn create_hold(
    access: &Access,
    new: &NewHold,
    token: &str,
) -> Result<String, CloudError> {
    const OPERATION: Call = Call::CreateLegalHold;
    let range = match (new.from, new.until) {
        (Some(from), Some(until)) => Some(
            DateRange::builder()
                .from_date(convert::seconds(from))
                .to_date(convert::seconds(until))
                .build()
                .map_err(|error| {
                    CloudError::local(CloudErrorKind::Invalid, OPERATION, error.to_string())
                })?,
        ),
        _ => None,
    };
    let texts = |list: Vec<String>| (!list.is_empty()).then_some(list);
    let selection = RecoveryPointSelection::builder()
        .set_vault_names(texts(new.vaults.iter().map(ToString::to_string).collect()))
        .set_resource_identifiers(texts(
            new.resources.iter().map(ToString::to_string).collect(),
        ))
        .set_date_range(range)
        .build();
    let answer = access
        .call(OPERATION, || {
            access
                .clients
                .backup()
                .create_legal_hold()
                .title(&new.title)
                .description(&new.description)
                .idempotency_token(token)
                .recovery_point_selection(selection.clone())
                .send()
        })
        .await?;
    answer.legal_hold_id.ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            OPERATION,
            "the answer holds no id of the hold",
        )
    })
}

/// `CancelLegalHold`.
pub(crate) async fn cancel_hold(
    access: &Access,
    release: &HoldRelease,
    why: &str,
) -> Result<(), CloudError> {
    access
        .call(Call::CancelLegalHold, || {
            access
                .clients
                .backup()
                .cancel_legal_hold()
                .legal_hold_id(&release.hold)
                .cancel_description(why)
                .set_retain_record_in_days(release.retain_record_days)
                .send()
        })
        .await
        .map(|_| ())
}
