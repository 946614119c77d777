use futures::{StreamExt as _, TryStreamExt as _, stream};
use tidemark_domain::{Arn, LegalHold};
use tidemark_services::{calls::Call, ports::CloudError};

use crate::{
    access::{Access, pages},
    convert,
    read_scope::AT_ONCE,
};

/// A legal hold and the points that it holds.
pub(crate) struct Held {
    pub(crate) hold: LegalHold,
    pub(crate) points: Vec<Arn>,
}

/// Every legal hold with its selection (`ListLegalHolds`, `GetLegalHold`), and what the active ones
/// hold (`ListRecoveryPointsByLegalHold`).
pub(crate) async fn legal_holds(access: &Access) -> Result<Vec<Held>, CloudError> {
    let ids = pages(async |token| {
        let page = access
            .read(Call::ListLegalHolds, || {
                access
                    .clients
                    .backup()
                    .list_legal_holds()
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let ids: Vec<String> = page
            .legal_holds()
            .iter()
            .filter_map(|hold| hold.legal_hold_id().map(str::to_owned))
            .collect();
        Ok((ids, page.next_token))
    })
    .await?;
    let holds: Vec<Option<Held>> = stream::iter(ids)
        .map(|id| async move { one(access, &id).await })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(holds.into_iter().flatten().collect())
}

async fn one(access: &Access, id: &str) -> Result<Option<Held>, CloudError> {
    let Some(mut hold) = legal_hold(access, id).await? else {
        return Ok(None);
    };
    let points = if hold.is_active() {
        points(access, id).await?
    } else {
        Vec::new()
    };
    hold.points = u64::try_from(points.len()).unwrap_or(u64::MAX);
    Ok(Some(Held { hold, points }))
}

/// One hold with its selection, without the number of its points (`GetLegalHold`).
pub(super) async fn legal_hold(access: &Access, id: &str) -> Result<Option<LegalHold>, CloudError> {
    let answer = access
        .read(Call::GetLegalHold, || {
            access
                .clients
                .backup()
                .get_legal_hold()
                .legal_hold_id(id)
                .send()
        })
        .await?;
    let selection = answer.recovery_point_selection();
    let range = selection.and_then(|s| s.date_range());
    let (Some(arn), Some(created_at)) = (
        convert::arn(answer.legal_hold_arn()),
        convert::moment(answer.creation_date()),
    ) else {
        return Ok(None);
    };
    Ok(Some(LegalHold {
        id: id.to_owned(),
        arn,
        account: access.account.clone(),
        region: access.region.clone(),
        title: answer.title().unwrap_or_default().to_owned(),
        description: answer.description().unwrap_or_default().to_owned(),
        status: answer.status().map_or("", |s| s.as_str()).to_owned(),
        created_at,
        cancelled_at: convert::moment(answer.cancellation_date()),
        vaults: selection.map_or_else(Vec::new, |s| s.vault_names().to_vec()),
        resources: selection.map_or_else(Vec::new, |s| s.resource_identifiers().to_vec()),
        from: range.and_then(|r| convert::timestamp(r.from_date())),
        until: range.and_then(|r| convert::timestamp(r.to_date())),
        points: 0,
    }))
}

async fn points(access: &Access, id: &str) -> Result<Vec<Arn>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListRecoveryPointsByLegalHold, || {
                access
                    .clients
                    .backup()
                    .list_recovery_points_by_legal_hold()
                    .legal_hold_id(id)
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let points: Vec<Arn> = page
            .recovery_points()
            .iter()
            .filter_map(|member| convert::arn(member.recovery_point_arn()))
            .collect();
        Ok((points, page.next_token))
    })
    .await
}
