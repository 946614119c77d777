use jiff::Timestamp;
use tidemark_domain::{
    Arn, PointFilter, PointSource, RecoveryPoint,
    sets::recovery::{MemberHistory, PointMoment},
};

use crate::{ServiceError, Services};

/// How many points before the chosen time are looked at.
const BEFORE: u16 = 200;
/// How many after it are told of.
const AFTER: u16 = 10;
/// How often a copy may have been copied on.
const GENERATIONS: usize = 8;

/// What a member can be recovered to around a chosen time, as the catalogue knows it.
pub(super) async fn history(
    services: &Services,
    member: &str,
    arn: &Arn,
    at: Timestamp,
) -> Result<MemberHistory, ServiceError> {
    let known = services.catalogue.resource(arn).await?;
    let mut history = MemberHistory {
        member: member.to_owned(),
        window: known
            .filter(|known| !known.resource.deleted)
            .and_then(|known| known.resource.pitr),
        ..MemberHistory::default()
    };
    let just_after = at
        .checked_add(jiff::SignedDuration::from_millis(1))
        .unwrap_or(at);
    let before = PointFilter {
        resource: Some(arn.clone()),
        until: Some(just_after),
        limit: Some(BEFORE),
        ..PointFilter::default()
    };
    let after = PointFilter {
        resource: Some(arn.clone()),
        from: Some(just_after),
        oldest_first: true,
        limit: Some(AFTER),
        ..PointFilter::default()
    };
    for filter in [before, after] {
        for point in services.catalogue.points(&filter).await?.items {
            add(services, &mut history, &point).await?;
        }
    }
    Ok(history)
}

async fn add(
    services: &Services,
    history: &mut MemberHistory,
    point: &RecoveryPoint,
) -> Result<(), ServiceError> {
    // A continuous point has no moment of its own: its seconds are the window.
    if point.source == PointSource::Continuous {
        return Ok(());
    }
    let mut moment = PointMoment {
        at: point.created_at,
        point: point.arn.clone(),
        vault: point.vault.clone(),
    };
    if !point.is_usable() {
        let why = format!(
            "Its status is {}: no restore can start from it.",
            point.status
        );
        history.unusable.push((moment, why));
        return Ok(());
    }
    if point.is_copy() {
        let Some(at) = made_at(services, point).await? else {
            let why = "It is a copy, and it is not known of which moment: what it was copied from is gone.";
            history.unusable.push((moment, why.to_owned()));
            return Ok(());
        };
        moment.at = at;
    }
    history.points.push(moment);
    Ok(())
}

/// When the backup was made of which this is a copy: a copy holds the data of that moment, not of its own.
pub(super) async fn made_at(
    services: &Services,
    copy: &RecoveryPoint,
) -> Result<Option<Timestamp>, ServiceError> {
    let mut source = copy.copied_from.clone();
    for _ in 0..GENERATIONS {
        let Some(arn) = source else { return Ok(None) };
        let Some(point) = services.catalogue.point(&arn).await? else {
            return Ok(None);
        };
        if !point.is_copy() {
            return Ok(Some(point.created_at));
        }
        source = point.copied_from;
    }
    Ok(None)
}
