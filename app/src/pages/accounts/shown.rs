//! How permissions are worded.

use leptos::prelude::*;
use tidemark_domain::permissions::{FeaturePermissions, FeatureState, Lost};

use crate::components::{Badge, Tone};

/// How a feature stands, with its sums on hover.
pub(super) fn state_badge(of: &FeaturePermissions) -> impl IntoView + use<> {
    let (tone, text) = match of.state {
        FeatureState::Allowed => (Tone::Good, "allowed".to_owned()),
        FeatureState::Mostly => (Tone::Warn, format!("{} in some cases", of.sometimes)),
        FeatureState::Denied if of.lost > 0 => (Tone::Bad, format!("{} denied, lost", of.denied)),
        FeatureState::Denied => (Tone::Bad, format!("{} denied", of.denied)),
        FeatureState::Unknown => (Tone::Unknown, "not known".to_owned()),
        FeatureState::Off => (Tone::Neutral, "not chosen".to_owned()),
    };
    let title = match of.state {
        FeatureState::Off => "The role is not made for it.".to_owned(),
        _ => format!(
            "{} allowed, {} denied, {} denied that some cases need, {} not known",
            of.allowed, of.denied, of.sometimes, of.unknown
        ),
    };
    view! { <Badge tone text=text title=title/> }
}

/// The actions that were lost, the first few by name.
pub(super) fn lost_words(lost: &Lost) -> String {
    some_words(&lost.actions)
}

/// The first few of a list by name.
pub(crate) fn some_words(actions: &[String]) -> String {
    const SHOWN: usize = 4;
    let named = actions
        .iter()
        .take(SHOWN)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    match actions.len().saturating_sub(SHOWN) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
