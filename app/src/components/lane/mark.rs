use leptos::prelude::*;
use tidemark_domain::{PointSource, timeline::Mark};

use crate::format::{counted, utc};

/// The outline of a mark, around 0,0: the shape says who made the point.
pub(super) fn outline(source: PointSource) -> &'static str {
    match source {
        PointSource::AwsBackup => "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
        PointSource::Continuous => "M-8 -4h16v8h-16z",
        PointSource::DynamoDbBackup => "M0 -7.5L7.5 0L0 7.5L-7.5 0z",
        PointSource::DynamoDbSystem => "M0 -7L7.5 6H-7.5z",
        PointSource::MemoryDbSnapshot => "M-5.5 -5.5h11v11h-11z",
    }
}

/// A padlock, around 0,0.
pub(super) const LOCK: &str =
    "M-4 -1h8v6h-8zM-2.5 -1v-1.5a2.5 2.5 0 0 1 5 0V-1h-1.2v-1.5a1.3 1.3 0 0 0 -2.6 0V-1z";

/// Whether something is the matter with the point.
fn is_flawed(status: &str) -> bool {
    !matches!(status, "COMPLETED" | "AVAILABLE" | "CREATING")
}

/// What a mark is, in words: its name for assistive technology and on hover.
pub(super) fn describe(mark: &Mark) -> String {
    let what = if mark.count > 1 {
        format!(
            "{}, the newest {}",
            counted(u64::from(mark.count), "recovery point", "recovery points"),
            utc(mark.at)
        )
    } else {
        format!("Recovery point {}", utc(mark.at))
    };
    let locked = if mark.locked { ", locked" } else { "" };
    format!(
        "{what}, {}, {}, {}{locked}",
        mark.source.as_str(),
        mark.tier.as_str(),
        mark.status.to_lowercase()
    )
}

/// A mark at its place, as a link. Colour and filling say the tier, the shape says the source, signs
/// above say what is special.
pub(super) fn mark(mark: &Mark, x: String, href: String) -> impl IntoView + use<> {
    let name = describe(mark);
    let title = name.clone();
    let flaw = is_flawed(&mark.status).then(|| {
        view! { <text class="mark-sign" y="-14" text-anchor="middle">"!"</text> }
    });
    let lock = (mark.locked && flaw.is_none())
        .then(|| view! { <path class="lane-lock" d=LOCK transform="translate(0 -19)"></path> });
    let count = (mark.count > 1).then(|| {
        view! { <text class="mark-count" y="20" text-anchor="middle">{mark.count}</text> }
    });
    view! {
        <svg class="mark" x=x y="44" overflow="visible" data-tier=mark.tier.as_str()>
            <a href=href aria-label=name>
                <title>{title}</title>
                <rect class="mark-target" x="-12" y="-22" width="24" height="46"></rect>
                <path d=outline(mark.source)></path>
                {flaw}
                {lock}
                {count}
            </a>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use tidemark_domain::{Arn, Tier};

    use super::*;

    #[test]
    fn a_mark_says_all_that_its_look_says() {
        let mark = Mark {
            at: "2026-11-21T03:18:43Z".parse().unwrap(),
            count: 3,
            arn: Arn::parse("arn:aws:backup:eu-west-1:111111111111:recovery-point:x").unwrap(),
            tier: Tier::Cold,
            source: PointSource::AwsBackup,
            status: "PARTIAL".into(),
            locked: true,
        };
        assert_eq!(
            describe(&mark),
            "3 recovery points, the newest 2026-11-21 03:18:43 UTC, AWS Backup, cold, partial, locked"
        );
    }
}
