//! The states of the domain as badges: one place that says which word has which tone.

use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::{
    LockState, Protection, RecoveryPoint, ScopeHealth, ScopeState, Tier, change::ItemState,
    runs::RunState,
};

use super::{Badge, Tone};

/// How a resource stands.
#[component]
pub(crate) fn ProtectionBadge(
    /// How it stands.
    protection: Protection,
) -> impl IntoView {
    let tone = match protection {
        Protection::Protected => Tone::Good,
        Protection::Unprotected => Tone::Warn,
        Protection::Failing => Tone::Bad,
    };
    view! { <Badge tone text=protection.as_str()/> }
}

/// What is known of a Region of an account.
#[component]
pub(crate) fn ScopeBadge(
    /// The condition.
    health: ScopeHealth,
) -> impl IntoView {
    view! { <Badge tone=scope_tone(health) text=words(health)/> }
}

fn scope_tone(health: ScopeHealth) -> Tone {
    match health {
        ScopeHealth::Fresh => Tone::Good,
        ScopeHealth::Stale => Tone::Warn,
        ScopeHealth::Denied | ScopeHealth::Unreachable => Tone::Bad,
        ScopeHealth::Never => Tone::Unknown,
    }
}

/// Every Region of an account in a line: one badge per condition, with how many have it.
#[component]
pub(crate) fn AccountHealth(
    /// The Regions.
    scopes: Vec<ScopeState>,
    /// The time that freshness counts from.
    now: Timestamp,
) -> impl IntoView {
    use ScopeHealth as H;
    let badges = [H::Denied, H::Unreachable, H::Stale, H::Never, H::Fresh]
        .into_iter()
        .filter_map(|health| {
            let regions: Vec<&str> = scopes
                .iter()
                .filter(|s| s.health(now) == health)
                .map(|s| s.scope.region.as_str())
                .collect();
            let text = match regions.len() {
                0 => return None,
                1 => format!("{} {}", regions[0], words(health)),
                n => format!("{n} Regions {}", words(health)),
            };
            Some(view! { <Badge tone=scope_tone(health) text=text title=regions.join(", ")/> })
        })
        .collect_view();
    view! { <span class="badges">{badges}</span> }
}

fn words(health: ScopeHealth) -> &'static str {
    match health {
        ScopeHealth::Fresh => "up to date",
        ScopeHealth::Stale => "out of date",
        ScopeHealth::Denied => "access denied",
        ScopeHealth::Unreachable => "unreachable",
        ScopeHealth::Never => "not synced yet",
    }
}

/// Where a run stands.
#[component]
pub(crate) fn RunBadge(
    /// Where it stands.
    state: RunState,
) -> impl IntoView {
    let (tone, text) = match state {
        RunState::Queued => (Tone::Neutral, "queued"),
        RunState::AwaitingApproval => (Tone::Warn, "awaits approval"),
        RunState::Running => (Tone::Busy, "running"),
        RunState::Sleeping => (Tone::Busy, "waiting for AWS"),
        RunState::Compensating => (Tone::Warn, "undoing"),
        RunState::Succeeded => (Tone::Good, "succeeded"),
        RunState::SucceededWithWarnings => (Tone::Warn, "succeeded with warnings"),
        RunState::PartlyFailed => (Tone::Bad, "partly failed"),
        RunState::Failed => (Tone::Bad, "failed"),
        RunState::Cancelled => (Tone::Neutral, "cancelled"),
    };
    view! { <Badge tone text/> }
}

/// Status of a recovery point, with what matters beside it: locked, cold, partial.
#[component]
pub(crate) fn PointBadge(
    /// The point.
    point: RecoveryPoint,
) -> impl IntoView {
    let tone = match point.status.as_str() {
        "COMPLETED" | "AVAILABLE" => Tone::Good,
        "PARTIAL" | "EXPIRED" | "STOPPED" => Tone::Warn,
        "CREATING" => Tone::Busy,
        "DELETING" => Tone::Neutral,
        _ => Tone::Unknown,
    };
    let text = point.status.to_lowercase();
    let locked = point.locked.then(|| {
        view! { <Badge tone=Tone::Neutral text="locked" title="The vault is locked: it cannot be deleted before its time"/> }
    });
    let held = point.held.then(|| {
        view! { <Badge tone=Tone::Warn text="held" title="A legal hold keeps it from being deleted"/> }
    });
    view! {
        <span class="badges">
            <Badge tone text title=point.status_message.unwrap_or_default()/>
            {locked}
            {held}
        </span>
    }
}

/// How a vault's lock stands.
#[component]
pub(crate) fn LockBadge(
    /// The lock.
    lock: LockState,
) -> impl IntoView {
    let tone = match lock {
        LockState::Open | LockState::Governance => Tone::Neutral,
        LockState::Grace { .. } => Tone::Warn,
        LockState::Immutable { .. } => Tone::Good,
    };
    view! { <Badge tone text=lock.as_str()/> }
}

/// Where an item of a run stands.
#[component]
pub(crate) fn ItemBadge(
    /// Where it stands.
    state: ItemState,
    /// The word for what is done.
    done: &'static str,
) -> impl IntoView {
    let (tone, text) = match state {
        ItemState::Pending => (Tone::Neutral, "pending"),
        ItemState::Asked => (Tone::Busy, "asked"),
        ItemState::Done => (Tone::Good, done),
        ItemState::Left => (Tone::Warn, "left"),
        ItemState::Failed => (Tone::Bad, "failed"),
    };
    view! { <Badge tone text/> }
}

/// Storage tier.
#[component]
pub(crate) fn TierBadge(
    /// The tier.
    tier: Tier,
) -> impl IntoView {
    view! { <span class="tier" data-tier=tier.as_str()>{tier.as_str()}</span> }
}

/// Status of a job as AWS words it.
#[component]
pub(crate) fn JobBadge(
    /// The status.
    #[prop(into)]
    status: String,
) -> impl IntoView {
    let tone = match status.as_str() {
        "COMPLETED" => Tone::Good,
        "FAILED" | "ABORTED" | "EXPIRED" => Tone::Bad,
        "PARTIAL" => Tone::Warn,
        "CREATED" | "PENDING" | "RUNNING" | "ABORTING" => Tone::Busy,
        _ => Tone::Unknown,
    };
    view! { <Badge tone text=status.to_lowercase()/> }
}
