use jiff::Timestamp;
use tidemark_domain::{PutBack, RestoreRequest, RestoreSource, TableSettings};

use super::source::Source;

/// A moment as people read it: `2026-11-21 14:04:31 UTC`.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// The moment whose data a restore brings back.
pub(super) fn data_of(request: &RestoreRequest, source: &Source) -> Timestamp {
    match (&request.source, &source.point) {
        (RestoreSource::PointInTime { at } | RestoreSource::Records { at, .. }, _) => *at,
        (_, Some(point)) => point.created_at,
        (_, None) => Timestamp::UNIX_EPOCH,
    }
}

/// One paragraph: what will be created, changed, kept.
pub(super) fn summary(
    request: &RestoreRequest,
    source: &Source,
    settings: &TableSettings,
) -> String {
    let name = &source.detail.resource.name;
    let place = format!(
        "account {} ({}), Region {}",
        source.detail.alias, source.account, source.region
    );
    let moment = moment(data_of(request, source));
    let made = match &request.target_table {
        Some(table) => format!("A new table {table} will be created in {place}"),
        None => format!("A new resource will be created in {place}"),
    };
    let back = request
        .put_back
        .iter()
        .filter(|p| describe(**p, settings).is_some())
        .map(|p| p.label().to_lowercase())
        .collect::<Vec<_>>();
    let back = if back.is_empty() {
        String::new()
    } else {
        format!(
            " Afterwards these settings are put back: {}.",
            back.join(", ")
        )
    };
    let data = match &request.source {
        // Which one is not for everybody who reads runs and the audit log.
        RestoreSource::Records {
            partition: Some(_), ..
        } => format!("the records of {name} in one partition"),
        RestoreSource::Records { .. } => format!("all records of {name}"),
        _ => format!("the data of {name}"),
    };
    format!("{made} with {data} as of {moment}.{back} {name} itself is not touched.")
}

/// What would be put back, in words; none where the source has no such setting.
pub(super) fn describe(what: PutBack, settings: &TableSettings) -> Option<String> {
    match what {
        PutBack::Stream => settings
            .stream_view
            .as_ref()
            .map(|view| format!("stream with {view}")),
        PutBack::TimeToLive => settings
            .ttl_attribute
            .as_ref()
            .map(|attribute| format!("expiry by attribute {attribute}")),
        PutBack::Tags => (!settings.tags.is_empty()).then(|| {
            settings
                .tags
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect::<Vec<_>>()
                .join(", ")
        }),
        PutBack::PointInTimeRecovery => settings.pitr_days.map(|days| format!("on, {days} days")),
        PutBack::AutoScaling => (!settings.scaling.is_empty()).then(|| {
            settings
                .scaling
                .iter()
                .map(|t| format!("{} {}–{}", t.dimension, t.min, t.max))
                .collect::<Vec<_>>()
                .join(", ")
        }),
        PutBack::DeletionProtection => settings.deletion_protection.then(|| "on".to_owned()),
    }
}
