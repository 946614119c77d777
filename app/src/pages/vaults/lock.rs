//! A vault's lock in words.

use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::{LockState, Vault, VaultKind};

use crate::components::{Moment, Notice, Style, Tone};

/// What the lock means for the vault, with the time that is left to change it.
pub(super) fn lock_notice(vault: &Vault, now: Timestamp) -> AnyView {
    let lock = vault.lock_state(now);
    let limits = retention(vault).map(|text| view! { <p>{text}</p> });
    match lock {
        LockState::Open => view! {
            <Notice tone=Tone::Neutral title="This vault is not locked">
                <p>"Whoever has the permission can delete what it holds. A vault lock makes that impossible, for a retention that you set."</p>
            </Notice>
        }
        .into_any(),
        LockState::Governance => view! {
            <Notice tone=Tone::Neutral title="Locked in governance mode">
                <p>"Recovery points cannot be deleted and their lifecycles cannot be changed while the lock is on. Who may change vault locks can remove it."</p>
                {limits}
            </Notice>
        }
        .into_any(),
        LockState::Grace { until } => view! {
            <Notice tone=Tone::Warn title=format!("{} left to change or remove the lock", left(now, until))>
                <p>
                    "It is locked in compliance mode and becomes immutable forever "
                    <Moment at=until style=Style::Both/>
                    ". From then on nobody can remove it, not even AWS."
                </p>
                {limits}
            </Notice>
        }
        .into_any(),
        LockState::Immutable { since } => {
            let since = since.map(|at| view! { " Immutable since " <Moment at style=Style::Both/> "." });
            let title = if vault.kind == VaultKind::AirGapped {
                "Logically air-gapped: locked forever"
            } else {
                "Locked forever"
            };
            view! {
                <Notice tone=Tone::Good title=title>
                    <p>"Compliance mode: until its own date no recovery point can be deleted by anybody, and the lock cannot be removed." {since}</p>
                    {limits}
                </Notice>
            }
            .into_any()
        }
    }
}

/// The retention that the lock demands; none when it demands nothing.
fn retention(vault: &Vault) -> Option<String> {
    let days = |days: i64| format!("{days} days");
    let range = match (vault.min_retention_days, vault.max_retention_days) {
        (None, None) => return None,
        (Some(min), Some(max)) => format!("from {} to {}", days(min), days(max)),
        (Some(min), None) => format!("of at least {}", days(min)),
        (None, Some(max)) => format!("of at most {}", days(max)),
    };
    Some(format!(
        "Jobs that ask for a retention other than {range} fail; points that are there already are not touched."
    ))
}

/// The time until then in two units at most: `2 days and 5 hours`.
fn left(now: Timestamp, until: Timestamp) -> String {
    let seconds = (until.as_second() - now.as_second()).max(0);
    let (days, hours, minutes) = (
        seconds / 86_400,
        seconds % 86_400 / 3_600,
        seconds % 3_600 / 60,
    );
    let unit = |number: i64, word: &str| {
        let s = if number == 1 { "" } else { "s" };
        format!("{number} {word}{s}")
    };
    match (days, hours) {
        (0, 0) => unit(minutes, "minute"),
        (0, _) => format!("{} and {}", unit(hours, "hour"), unit(minutes, "minute")),
        (_, 0) => unit(days, "day"),
        _ => format!("{} and {}", unit(days, "day"), unit(hours, "hour")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_countdown_is_told_in_two_units_at_most() {
        let at = |seconds: i64| Timestamp::from_second(seconds).unwrap();
        let told = |seconds| left(at(0), at(seconds));
        assert_eq!(told(86_400 * 2 + 3_600 * 5), "2 days and 5 hours");
        assert_eq!(told(86_400), "1 day");
        assert_eq!(told(3_660), "1 hour and 1 minute");
        assert_eq!(told(59), "0 minutes");
    }
}
