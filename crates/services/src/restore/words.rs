use jiff::Timestamp;
use tidemark_domain::{
    Existence, PutBack, RestoreDestination, RestoreRequest, RestoreSource, TableSettings,
};

use super::{destination::Looked, source::Source};

/// A moment as people read it: `2026-11-21 14:04:31 UTC`.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// The moment whose data a restore brings back.
pub(super) fn data_of(request: &RestoreRequest, source: &Source) -> Timestamp {
    let asked: Option<Timestamp> = request
        .metadata
        .get("RestoreTime")
        .and_then(|text| text.parse().ok());
    asked.unwrap_or_else(|| moment_of(&request.source, source))
}

/// The moment that a source holds.
pub(super) fn moment_of(from: &RestoreSource, source: &Source) -> Timestamp {
    match (from, &source.point) {
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
    destination: &RestoreDestination,
) -> String {
    let name = &source.detail.resource.name;
    let place = place(destination);
    let moment = moment(data_of(request, source));
    let data = match &request.source {
        // Which one is not for everybody who reads runs and the audit log.
        RestoreSource::Records {
            partition: Some(_), ..
        } => format!("the records of {name} in one partition"),
        RestoreSource::Records { .. } => format!("all records of {name}"),
        _ => format!("the data of {name}"),
    };
    let what = named(destination);
    let made = match &destination.exists {
        Existence::No | Existence::NotChecked => {
            format!("A new {what} will be created in {place} with {data} as of {moment}.")
        }
        Existence::Yes => format!(
            "This restores into something that exists: the {what} in {place} is to take {data} as of {moment}."
        ),
        Existence::Untold { why } => format!(
            "It cannot be told whether this changes something that exists in {place}: {why}. It restores {data} as of {moment}."
        ),
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
    let kept = if may_touch(source, destination) {
        String::new()
    } else {
        format!(" {name} itself is not touched.")
    };
    format!("{made}{back}{kept}")
}

/// Whether the source itself is, or may be, what takes the data.
fn may_touch(source: &Source, destination: &RestoreDestination) -> bool {
    match destination.exists {
        Existence::No | Existence::NotChecked => false,
        Existence::Yes => destination.arn.as_ref() == Some(&source.detail.resource.arn),
        Existence::Untold { .. } => true,
    }
}

/// `table orders-back`, or `volume` where AWS gives it an id.
fn named(destination: &RestoreDestination) -> String {
    match &destination.name {
        Some(name) => format!("{} {name}", destination.noun),
        None => destination.noun.clone(),
    }
}

fn place(destination: &RestoreDestination) -> String {
    format!(
        "account {} ({}), Region {}",
        destination.alias, destination.account, destination.region
    )
}

/// What will exist afterwards that did not before.
pub(super) fn creates(destination: &RestoreDestination) -> Vec<String> {
    if destination.is_change() {
        return Vec::new();
    }
    vec![format!("{} in {}", named(destination), place(destination))]
}

/// What exists and will be different afterwards, or may be.
pub(super) fn changes(looked: &Looked) -> Vec<String> {
    let destination = &looked.destination;
    let place = place(destination);
    match &destination.exists {
        Existence::No | Existence::NotChecked => Vec::new(),
        Existence::Yes => vec![format!(
            "{} in {place}, which exists: {}.",
            named(destination),
            looked.into_existing
        )],
        Existence::Untold { why } => vec![format!(
            "Whatever the restore metadata name in {place}: it cannot be told whether this changes something that exists, because {why}."
        )],
    }
}

/// What stays as it is.
pub(super) fn keeps(source: &Source, destination: &RestoreDestination) -> Vec<String> {
    let name = &source.detail.resource.name;
    vec![if may_touch(source, destination) {
        format!("All recovery points of {name} stay as they are.")
    } else {
        format!("{name} and all of its recovery points stay as they are.")
    }]
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
