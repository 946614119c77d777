use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;
use tidemark_domain::{
    Check, LockState, Protection, ScopeHealth, Tier,
    change::ItemState,
    runs::{
        Activity, Always, OnFailure, Progress, RunState, StepError, StepPlan, StepState, StepView,
    },
};

use super::lanes::lanes;

use crate::{
    clock::page_clock,
    components::{
        AccountLabel, Badge, CheckList, Choice, Column, Copyable, Disclosure, Empty, ErrorNotice,
        Field, ItemBadge, LifecycleBar, LifecycleScale, LockBadge, Moment, NextRuns, Notice,
        PageHead, Pagination, ProgressBar, ProtectionBadge, Retention, RunBadge, ScopeBadge,
        Select, Stage, Stages, Stat, StepList, Style, Table, TextArea, TierBadge, Tone, Window,
        WindowBar,
    },
    error::{AppError, ErrorKind},
    format::count,
};

const LONG: &str = "a-name-so-long-that-it-has-to-be-broken-somewhere-because-people-put-the-whole-environment-and-purpose-into-it-0123456789";

/// All of them.
pub(super) fn stories() -> impl IntoView {
    view! {
        <PageHead title="Styleguide">
            <button class="button">"Secondary"</button>
            <button class="button button-primary">"Primary"</button>
            <button class="button button-danger">"Danger"</button>
        </PageHead>
        {story("Badges", badges().into_any())}
        {story("Notices", notices().into_any())}
        {story("Figures", stats().into_any())}
        {story("Fields", fields().into_any())}
        {story("Stages", stages().into_any())}
        {story("Table", table().into_any())}
        {story("Nothing here", empty().into_any())}
        {story("Timeline", lanes().into_any())}
        {story("Life of a point", lives().into_any())}
        {story("Checks", checks().into_any())}
        {story("Steps", steps().into_any())}
        {story("Windows", windows().into_any())}
        {story("Lifecycles", lifecycles().into_any())}
        {story("Upcoming runs", next_runs().into_any())}
        {story("Text", text().into_any())}
    }
}

fn story(title: &'static str, inside: AnyView) -> impl IntoView {
    let id = format!("story-{}", title.replace(' ', "-").to_lowercase());
    let label = id.clone();
    view! { <section aria-labelledby=label><h2 id=id>{title}</h2>{inside}</section> }
}

fn badges() -> impl IntoView {
    let tones = [
        Tone::Neutral,
        Tone::Good,
        Tone::Warn,
        Tone::Bad,
        Tone::Busy,
        Tone::Unknown,
    ]
    .map(|tone| view! { <Badge tone text=tone.as_str()/> })
    .collect_view();
    let runs = RunState::ALL
        .map(|state| view! { <RunBadge state/> })
        .collect_view();
    let standing = [
        Protection::Protected,
        Protection::Unprotected,
        Protection::Failing,
    ]
    .map(|protection| view! { <ProtectionBadge protection/> })
    .collect_view();
    let scopes = [
        ScopeHealth::Fresh,
        ScopeHealth::Stale,
        ScopeHealth::Denied,
        ScopeHealth::Unreachable,
        ScopeHealth::Never,
    ]
    .map(|health| view! { <ScopeBadge health/> })
    .collect_view();
    view! {
        <p class="badges">{tones}</p>
        <p class="badges">{runs}</p>
        <p class="badges">{standing}{scopes}<TierBadge tier=Tier::Warm/><TierBadge tier=Tier::Cold/></p>
    }
}

fn notices() -> impl IntoView {
    let mut cloud = AppError::new(
        ErrorKind::Cloud {
            operation: "sts:AssumeRole".into(),
            code: Some("AccessDenied".into()),
            request_id: Some("7a62c49f-347e-4fc4-9331-6e8eEXAMPLE".into()),
        },
        "The role TidemarkAccess does not trust the console's account.",
    )
    .with_guidance("Apply the account's template again, then run the check.");
    cloud.correlation = "4f1c0a9be23d".into();
    let invalid = AppError::from(tidemark_domain::Invalid::new(
        "table name",
        "must have 3 to 255 characters of letters, digits and _.-",
    ));
    view! {
        <Notice tone=Tone::Neutral title="Neutral"><p>"Something to know."</p></Notice>
        <Notice tone=Tone::Good title="Good"><p>"It worked."</p></Notice>
        <Notice tone=Tone::Warn title="Warning"><p>{LONG}</p></Notice>
        <ErrorNotice error=cloud/>
        <ErrorNotice error=invalid/>
        <ErrorNotice error=AppError::new(ErrorKind::Offline, "The console could not be reached.")/>
    }
}

fn stats() -> impl IntoView {
    view! {
        <dl class="stats">
            <Stat label="Protected" value=count(12_345) note="can be restored" tone=Tone::Good href="#"/>
            <Stat label="Unprotected" value=count(3) note="no recovery point" tone=Tone::Warn href="#"/>
            <Stat label="Failing" value=count(1) note="last backup failed" tone=Tone::Bad/>
            <Stat label="Nothing" value=count(0)/>
        </dl>
    }
}

fn fields() -> impl IntoView {
    let choices = vec![Choice::new("a", "First"), Choice::new("b", LONG)];
    view! {
        <form class="form">
            <Field label="Empty" name="empty"/>
            <Field label="With a hint" name="hint" value="orders" hint="What people call it."/>
            <Field label="With an error" name="error" value="o" error="must have 3 characters" hint="A hint stays."/>
            <Select label="Choice" name="choice" choices=choices value="b"/>
            <TextArea label="Text" name="area" value=LONG/>
        </form>
    }
}

fn stages() -> impl IntoView {
    let stage = |title, answer: &str, href: Option<&str>, current| Stage {
        title,
        answer: answer.into(),
        href: href.map(str::to_owned),
        current,
    };
    let stages = vec![
        stage("What", "orders", Some("#"), false),
        stage("When", LONG, Some("#"), false),
        stage("Where", "", None, true),
        stage("Options", "", None, false),
        stage("Checks and review", "", None, false),
    ];
    view! { <Stages stages/> }
}

fn table() -> impl IntoView {
    let rows = (1..=30_u64)
        .map(|n| {
            let name = if n == 3 {
                LONG.to_owned()
            } else {
                format!("table-{n}")
            };
            view! {
                <tr>
                    <td class="cell-name"><a class="row-link" href="#">{name}</a></td>
                    <td><AccountLabel alias="orders-prod" id="012345678901"/></td>
                    <td class="numeric">{count(n * 97_531)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label="Many rows"
            columns=vec![
                Column::text("Name").sorted("#".into(), Some(false)),
                Column::text("Account"),
                Column::number("Items").sorted("#".into(), None),
            ]
        >
            {rows}
        </Table>
        <Pagination summary="30 rows on this page" first=None next=Some("#".to_owned())/>
    }
}

fn empty() -> impl IntoView {
    view! {
        <Empty title="No resource is known yet">
            <p>"Resources appear when an account has been read for the first time."</p>
            <p><a class="button" href="#">"See the accounts"</a></p>
        </Empty>
        <div class="skeleton" aria-hidden="true"></div>
    }
}

fn lives() -> impl IntoView {
    let now = page_clock().now_once();
    let day = |days: i64| now + SignedDuration::from_hours(24 * days);
    view! {
        <LifecycleBar created_at=day(-60) cold_at=Some(day(-30)) delete_at=Some(day(100)) now/>
        <LifecycleBar created_at=day(-2) cold_at=Some(day(28)) delete_at=Some(day(358)) now/>
        <LifecycleBar created_at=day(-2) cold_at=None delete_at=None now/>
        <LifecycleBar created_at=day(-90) cold_at=None delete_at=Some(day(-55)) now/>
        <p class="badges">
            <LockBadge lock=LockState::Open/>
            <LockBadge lock=LockState::Governance/>
            <LockBadge lock=LockState::Grace { until: day(3) }/>
            <LockBadge lock=LockState::Immutable { since: None }/>
            {ItemState::ALL.map(|state| view! { <ItemBadge state done="deleted"/> }).collect_view()}
        </p>
    }
}

fn checks() -> impl IntoView {
    let checks = vec![
        Check::pass("The name is free", "No table orders-restored exists."),
        Check::warn(
            "The point does not expire meanwhile",
            "It is deleted in 2 days.",
            "Restore soon, or copy it first.",
        ),
        Check::fail(
            "The role may restore",
            "dynamodb:RestoreTableToPointInTime is denied.",
            "Add the action to the role's policy.",
        ),
        Check::unknown(
            "Restores running at once",
            "The quota could not be read.",
            "It shows when the run starts.",
        ),
    ];
    view! { <CheckList checks/> }
}

fn steps() -> impl IntoView {
    let step = |title: &str, state: StepState, work: Activity| {
        let mut step = StepView::new(StepPlan {
            on_failure: OnFailure::Undo,
            seals: false,
            at_most_seconds: None,
            name: title.into(),
            title: title.into(),
            undo: true,
            always: Always::No,
        });
        step.state = state;
        step.work = work;
        step
    };
    let going = Activity {
        attempts: 1,
        progress: Progress {
            percent: Some(42),
            message: "DynamoDB restores the table".into(),
        },
        ..Activity::default()
    };
    let failed = Activity {
        attempts: 3,
        error: Some(
            StepError::denied("The role may not update the table's time to live.")
                .with_guidance("Add dynamodb:UpdateTimeToLive to the role, then run it again."),
        ),
        ..Activity::default()
    };
    let steps = vec![
        step("Check the name", StepState::Succeeded, Activity::default()),
        step("Restore the table", StepState::Waiting, going),
        step("Put back the time to live", StepState::Failed, failed),
        step("Put back the tags", StepState::Skipped, Activity::default()),
        step(
            "Put back the stream",
            StepState::Pending,
            Activity::default(),
        ),
        step(
            "Undo the restore",
            StepState::UndoFailed,
            Activity::default(),
        ),
    ];
    view! {
        <StepList steps/>
        <p><ProgressBar percent=Signal::stored(Some(64)) label="Known"/></p>
        <p><ProgressBar percent=Signal::stored(None) label="Not known"/></p>
    }
}

fn windows() -> impl IntoView {
    let window = |name: &str, starts: &[u16], start_within, end_within| Window {
        name: name.to_owned(),
        starts: starts.to_vec(),
        start_within,
        end_within,
    };
    let windows = vec![
        window("daily", &[300], 480, 10_080),
        window("past midnight", &[1_380], 120, 300),
        window("every six hours", &[0, 360, 720, 1_080], 60, 120),
        window(LONG, &[], 60, 120),
    ];
    view! {
        <WindowBar windows=Signal::stored(windows) zone=Signal::stored("Europe/Berlin".to_owned())/>
        <WindowBar windows=Signal::stored(Vec::new()) zone=Signal::stored("UTC".to_owned())/>
    }
}

fn lifecycles() -> impl IntoView {
    let keep = |name: &str, cold, delete, at_least, at_most| Retention {
        name: name.to_owned(),
        cold,
        delete,
        at_least,
        at_most,
    };
    let rows = vec![
        keep("daily", None, Some(35), None, None),
        keep("monthly", Some(30), Some(365), None, None),
        keep(
            "copy in a locked vault",
            None,
            Some(35),
            Some(90),
            Some(300),
        ),
        keep("yearly", Some(90), None, None, None),
    ];
    let single = vec![keep(LONG, None, None, None, None)];
    view! {
        <LifecycleScale rows=Signal::stored(rows)/>
        <LifecycleScale rows=Signal::stored(single)/>
    }
}

fn next_runs() -> impl IntoView {
    let now = page_clock().now_once();
    let runs: Vec<Timestamp> = (1..=10)
        .map(|days| now + SignedDuration::from_hours(24 * days))
        .collect();
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").ok();
    view! {
        <NextRuns runs=Signal::stored(runs) zone=Signal::stored(zone) label="Next runs of a story"/>
        <NextRuns runs=Signal::stored(Vec::new()) zone=Signal::stored(None) label="No next runs"/>
    }
}

fn text() -> impl IntoView {
    let now = page_clock().now_once();
    view! {
        <p><Moment at=now style=Style::Both/></p>
        <p><Copyable text="arn:aws:dynamodb:eu-west-1:012345678901:table/orders" label="ARN"/></p>
        <Disclosure summary="What the run will be allowed to do">
            <Copyable text="{\n  \"Version\": \"2012-10-17\"\n}" label="policy" block=true/>
        </Disclosure>
    }
}
