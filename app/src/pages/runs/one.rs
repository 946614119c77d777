use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;
use tidemark_domain::{
    Arn, Privilege,
    runs::{RunEvent, RunId, RunState, RunView, StepState},
};

use super::{
    changes::{is_change, outcome, results_section, when_cancelled},
    follow::Followed,
    log::log,
    policy::{give_back, is_policy, proved},
    undone::{is_undo, undone},
    words,
};
use crate::{
    components::{
        AccountLabel, Badge, Copyable, Crumb, Disclosure, FormError, Moment, Notice, PageHead,
        PostForm, ProgressBar, RunBadge, StepList, Style, TextArea, Tone, load_page,
    },
    format::span,
    pages::resources::resource_href,
    server_fns::runs::{CancelRun, RetryRun, RunPage as Data, get_run},
    use_session,
};

/// Seconds after which the page of an unfinished run asks again, where there is no JavaScript.
const REFRESH: &str = r#"<meta http-equiv="refresh" content="3">"#;

/// One run: its steps live, its log, who and why.
#[component]
pub(crate) fn RunPage() -> impl IntoView {
    let params = use_params_map();
    let run = Resource::new_blocking(move || params.read().get("id").unwrap_or_default(), get_run);
    load_page(run, |run| show(run).into_any())
}

fn show(run: Data) -> impl IntoView {
    let id = run.row.id;
    let title = words::title(&run.row.kind, &run.row.labels);
    let refresh =
        (!run.view.state.is_terminal()).then(|| view! { <noscript inner_html=REFRESH></noscript> });
    let facts = facts(&run);
    let again = run.again.clone();
    let followed = Followed::from(id, run.view, run.events);
    let state = Memo::new(move |_| followed.view.with(|view| view.state));
    let percent = Signal::derive(move || followed.view.with(|view| view.progress().percent));
    let moved = Memo::new(move |_| {
        followed.view.with(|view| {
            if view.state.is_terminal() {
                u64::MAX
            } else {
                u64::from(view.progress().percent.unwrap_or(0))
            }
        })
    });
    let kind = run.row.kind.clone();
    let labels = StoredValue::new(run.row.labels.clone());
    let controls = use_session().may(Privilege::ControlRuns);
    view! {
        <PageHead title=title crumbs=vec![Crumb::new("Runs", "/runs")]/>
        {refresh}
        <FormError action=CancelRun::PATH/>
        <FormError action=RetryRun::PATH/>
        <div class="run-head">
            <p class="run-state">
                {move || view! { <RunBadge state=state.get()/> }}
                <span>{move || followed.view.with(headline)}</span>
            </p>
            {move || (!state.get().is_terminal()).then(|| view! {
                <ProgressBar percent label="Progress of the run"/>
                <p class="calm">"You can close this page: the run goes on by itself, and you find it again under Runs."</p>
            })}
            {followed.not_live()}
            {move || followed.view.with(|view| ending(view, again.as_deref()))}
        </div>
        <section aria-labelledby="steps-title">
            <h2 id="steps-title">"Steps"</h2>
            {move || view! { <StepList steps=followed.view.with(|view| view.steps.clone())/> }}
        </section>
        {results_section(id, kind, moved)}
        {move || (controls && !state.get().is_terminal()).then(|| cancel_form(id, &followed.view.get_untracked()))}
        {move || (controls && state.get().leaves_something()).then(|| followed.view.with_untracked(|view| retry_form(id, view)))}
        {move || followed.view.with(|view| labels.with_value(|labels| give_back(id, labels, view)))}
        {facts}
        <section aria-labelledby="log-title">
            <h2 id="log-title">"Log"</h2>
            {move || followed.events.with(|events: &Vec<RunEvent>| followed.view.with(|view| log(events, view)))}
        </section>
    }
}

/// What is going on, or how it ended, in a line.
fn headline(view: &RunView) -> String {
    let took = match (view.started_at, view.finished_at) {
        (Some(from), Some(until)) => u64::try_from(until.as_second() - from.as_second())
            .map(|seconds| format!(" after {}", span(seconds)))
            .unwrap_or_default(),
        _ => String::new(),
    };
    match view.state {
        RunState::Succeeded => format!("Completed{took}."),
        RunState::SucceededWithWarnings => {
            format!("What was asked for is there{took}, but not everything that belongs to it.")
        }
        RunState::PartlyFailed => format!("Some of it is done, some of it failed{took}."),
        RunState::Failed if kept(view) => {
            format!("It failed{took}; what AWS had finished before is kept.")
        }
        RunState::Failed => format!("It failed{took}."),
        RunState::Cancelled if is_change(&view.kind) => {
            format!("It was cancelled{took}; {}.", when_cancelled(&view.kind))
        }
        RunState::Cancelled if is_undo(&view.kind) => {
            format!(
                "It was cancelled{took}; what was written stays so, the rest was left as it is."
            )
        }
        RunState::Cancelled if kept(view) => {
            format!("It was cancelled{took}; what AWS had finished before is kept.")
        }
        RunState::Cancelled => format!("It was cancelled{took}; what it did is undone."),
        RunState::Queued => "Queued.".to_owned(),
        RunState::AwaitingApproval => "It waits for a second person's approval.".to_owned(),
        RunState::Compensating => "What it did is being rolled back.".to_owned(),
        RunState::Running | RunState::Sleeping => view.progress().message,
    }
}

/// Whether what AWS had finished is kept, although the run did not come to its end.
fn kept(view: &RunView) -> bool {
    view.steps
        .iter()
        .any(|step| step.seals && step.state == StepState::Succeeded)
}

/// What there is now, or what went wrong and what to do.
fn ending(view: &RunView, again: Option<&str>) -> Option<AnyView> {
    match view.state {
        RunState::Succeeded | RunState::PartlyFailed if is_change(&view.kind) => outcome(view),
        RunState::Succeeded if is_undo(&view.kind) => undone(view),
        RunState::Succeeded if is_policy(&view.kind) => proved(view),
        RunState::Succeeded => created(view).map(there_is),
        RunState::SucceededWithWarnings => {
            let there = created(view).map(there_is);
            Some(view! { {there} {missing(view)} }.into_any())
        }
        RunState::PartlyFailed => Some(results(view)),
        RunState::Running | RunState::Sleeping | RunState::Compensating => alarm(view),
        RunState::Failed => {
            let error = view.error.clone().map(|error| {
                let guidance = error.guidance.map(|text| view! { <p>{text}</p> });
                view! { <p>{error.message}</p> {guidance} }
            });
            let left: Vec<String> = view.leftovers().map(|step| step.title.clone()).collect();
            let left = (!left.is_empty()).then(|| {
                view! { <p><strong>"Left behind: "</strong> {left.join(", ")} " could not be undone."</p> }
            });
            let again = again.map(|href| {
                view! { <p><a class="button" href=href.to_owned()>"Go through the wizard again"</a></p> }
            });
            Some(
                view! { <Notice tone=Tone::Bad title="Why it failed">{error}{left}{again}</Notice> }.into_any(),
            )
        }
        _ => None,
    }
}

fn there_is(arn: String) -> AnyView {
    view! {
        <Notice tone=Tone::Good title="Restored resource">
            <p><Copyable text=arn label="ARN"/></p>
            <p>"It appears under Resources after the next sync."</p>
        </Notice>
    }
    .into_any()
}

/// What could not be done although the rest is there: step by step, with what to do about it.
fn missing(view: &RunView) -> AnyView {
    let steps = view
        .warnings()
        .map(|step| {
            let error = step.work.error.clone();
            let message = error.as_ref().map(|error| error.message.clone());
            let guidance = error.and_then(|error| error.guidance);
            view! { <li><strong>{step.title.clone()}</strong> ": " {message} " " {guidance}</li> }
        })
        .collect_view();
    view! {
        <Notice tone=Tone::Warn title="What is missing">
            <ul>{steps}</ul>
        </Notice>
    }
    .into_any()
}

/// What became of each target, those that failed first.
fn results(view: &RunView) -> AnyView {
    let mut rows: Vec<(bool, String, String)> = view.summary["results"]
        .as_array()
        .map(|results| results.iter().map(result).collect())
        .unwrap_or_default();
    rows.sort_by_key(|(failed, ..)| !failed);
    let rows = rows
        .into_iter()
        .map(|(failed, target, what)| {
            let (tone, text) = if failed {
                (Tone::Bad, "failed")
            } else {
                (Tone::Good, "done")
            };
            view! { <li><Badge tone text/> " " <strong>{target}</strong> " " {what}</li> }
        })
        .collect_view();
    view! {
        <Notice tone=Tone::Bad title="What became of each">
            <ul>{rows}</ul>
        </Notice>
    }
    .into_any()
}

/// Whether a target failed, its name, and why.
fn result(one: &serde_json::Value) -> (bool, String, String) {
    let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
    if let Some(resource) = one["resource"].as_str() {
        let failed = one["status"] != "COMPLETED";
        let what = format!("{} {}", text("status"), text("message"));
        return (failed, resource.to_owned(), what);
    }
    let failed = one["error"].is_string();
    let target = format!("{} {}", text("account"), text("region"));
    (failed, target, text("error"))
}

/// That the run has not come further for long, and needs somebody.
fn alarm(view: &RunView) -> Option<AnyView> {
    let alarm = view.alarm()?;
    let guidance = view.trouble().and_then(|(_, error)| error.guidance.clone());
    Some(
        view! {
            <Notice tone=Tone::Warn title="It cannot go on">
                <p>"Since " <Moment at=alarm.since style=Style::Both/> ": " {alarm.message}</p>
                <p>{guidance} " It keeps trying, and goes on by itself as soon as it can; nothing is undone meanwhile."</p>
            </Notice>
        }
        .into_any(),
    )
}

/// The ARN of what the run made, as its kind reports it.
fn created(view: &RunView) -> Option<String> {
    view.summary.get("created")?.as_str().map(str::to_owned)
}

fn facts(run: &Data) -> impl IntoView + use<> {
    let labels = &run.row.labels;
    let resource = labels.resource.clone().map(|text| match Arn::parse(&text) {
        Ok(arn) => view! {
            <dt>"Resource"</dt><dd><a href=resource_href(&arn)>{text}</a></dd>
        }
        .into_any(),
        Err(_) => view! { <dt>"Resource"</dt><dd>{text}</dd> }.into_any(),
    });
    let account = labels.account.clone().map(|id| {
        let page = format!("/accounts/{id}");
        view! {
            <dt>"Account"</dt>
            <dd><a href=page><AccountLabel alias="" id=id/></a> " " {labels.region.clone()}</dd>
        }
    });
    let reason = (!run.row.reason.is_empty())
        .then(|| view! { <dt>"Reason"</dt><dd>{run.row.reason.clone()}</dd> });
    view! {
        <section aria-labelledby="facts-title">
            <h2 id="facts-title">"About this run"</h2>
            <dl class="facts">
                {resource}
                {account}
                <dt>"Asked for"</dt>
                <dd><Moment at=run.row.created_at style=Style::Both/> " by " {run.row.creator.clone()}</dd>
                {reason}
                <dt>"Run id"</dt><dd><Copyable text=run.row.id.to_string() label="run id"/></dd>
            </dl>
        </section>
    }
}

fn cancel_form(id: RunId, view: &RunView) -> AnyView {
    if view.cancel.is_some() && is_undo(&view.kind) {
        return view! { <p class="calm">"It was asked to stop."</p> }.into_any();
    }
    if view.cancel.is_some() {
        return view! { <p class="calm">"It was asked to stop. What it did is undone first."</p> }
            .into_any();
    }
    let what = if is_undo(&view.kind) {
        "It stops between two records. What was written stays so, the rest is left as it is."
            .to_owned()
    } else if is_change(&view.kind) {
        format!(
            "It stops after the points that AWS is being asked for; {}.",
            when_cancelled(&view.kind)
        )
    } else {
        "It stops at the next safe moment and undoes what it did. What is undone is listed above, step by step.".to_owned()
    };
    view! {
        <Disclosure summary="Cancel the run">
            <p>{what}</p>
            <PostForm action=CancelRun::PATH class="form">
                <input type="hidden" name="id" value=id.to_string()/>
                <TextArea label="Reason" name="reason" hint="For the audit log, in your words."/>
                <div class="form-actions"><button class="button button-danger">"Cancel the run"</button></div>
            </PostForm>
        </Disclosure>
    }
    .into_any()
}

fn retry_form(id: RunId, view: &RunView) -> impl IntoView + use<> {
    let (button, hint) = match view.state {
        RunState::SucceededWithWarnings if view.kind == "restore" => (
            "Put back what is missing",
            "A new run with just the steps that failed. The table stays as it is.",
        ),
        RunState::SucceededWithWarnings if is_policy(&view.kind) => (
            "Prove access again",
            "A new run that proves the access. The policy stays as it is.",
        ),
        RunState::SucceededWithWarnings => (
            "Do what is missing",
            "A new run with just the steps that failed.",
        ),
        RunState::PartlyFailed => ("Retry failed", "A new run with just those that failed."),
        _ => (
            "Run it again",
            "A new run of the same plan, made and checked anew.",
        ),
    };
    view! {
        <PostForm action=RetryRun::PATH>
            <input type="hidden" name="id" value=id.to_string()/>
            <button class="button">{button}</button>
            <p class="field-hint">{hint}</p>
        </PostForm>
    }
}
