use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Check, Page,
    plan::{Difference, PlanChange, PlanDraft, PlannedRun, SelectionStep},
    selection::{Clause, DryRunCounts, DryRunList, DryRunRow},
};

use super::editor::place;
use crate::{
    components::{
        CheckList, Column, Copyable, Disclosure, ErrorNotice, FormError, Moment, Notice, PostForm,
        Stat, Style, Table, Tone, load_or,
    },
    error::AppError,
    format::{count, counted},
    pages::resources::resource_href,
    plan_form::PlanForm,
    query::Query,
    server_fns::plans::{ApplyPlan, EditPlan, list_dry_run, plan_change},
};

/// Exactly what saving does: what changes, what the plan takes, and what stands in the way.
pub(super) fn review(form: &PlanForm, list: Option<String>) -> impl IntoView + use<> {
    let mut query = Query::default();
    for (name, value) in form.fields() {
        query.push(&name, &value);
    }
    let sent = query.as_str().to_owned();
    let draft = form.draft().map_err(AppError::from);
    let change = Resource::new_blocking(
        || (),
        move |()| {
            let draft = draft.clone();
            async move { plan_change(draft?).await }
        },
    );
    let stored = StoredValue::new((form.clone(), sent, list));
    view! {
        <FormError action=ApplyPlan::PATH/>
        {load_or(change, move |change| {
            let (form, sent, list) = stored.get_value();
            show(change, &form, sent, list).into_any()
        }, move |error| {
            let sent = stored.with_value(|(_, sent, _)| sent.clone());
            view! {
                <ErrorNotice error/>
                {edit_form(sent, view! { <button class="button" name="op" value="edit">"Back to editing"</button> }.into_any())}
            }
            .into_any()
        })}
    }
}

/// A form that goes on with the editor's form as it is.
fn edit_form(form: String, buttons: AnyView) -> impl IntoView {
    view! {
        <PostForm action=EditPlan::PATH>
            <input type="hidden" name="form" value=form/>
            {buttons}
        </PostForm>
    }
}

fn show(
    change: PlanChange,
    form: &PlanForm,
    sent: String,
    list: Option<String>,
) -> impl IntoView + use<> {
    let checks: Vec<Check> = change
        .findings
        .iter()
        .map(|finding| Check {
            name: place(&finding.field, form),
            verdict: finding.verdict,
            detail: finding.rule.clone(),
            fix: finding.fix.clone(),
        })
        .collect();
    let found = (!checks.is_empty()).then(|| {
        view! {
            <section aria-labelledby="checks-title">
                <h2 id="checks-title">"Findings"</h2>
                <CheckList checks/>
            </section>
        }
    });
    let listed = list.map(|list| dry_run_list(change.draft.clone(), sent.clone(), &list));
    let policy = change.session_policy.clone();
    view! {
        <p class="review">{summary(&change)}</p>
        {found}
        <section aria-labelledby="differences-title">
            <h2 id="differences-title">"What changes"</h2>
            {differences(&change)}
        </section>
        <section aria-labelledby="takes-title">
            <h2 id="takes-title">"Selected resources"</h2>
            {counts(&change)}
            {edit_form(sent.clone(), list_buttons(&change.dry_run).into_any())}
            {listed}
            {clauses(&change.dry_run)}
            {overlaps(&change.dry_run)}
        </section>
        <section aria-labelledby="runs-title">
            <h2 id="runs-title">"Upcoming runs"</h2>
            {runs(change.next_runs.clone())}
        </section>
        <Disclosure summary="What the run will be allowed to do">
            <p>"The run enters the account with session policies that allow this and nothing else, whatever the role itself may do."</p>
            <Copyable text=policy label="session policy" block=true/>
        </Disclosure>
        {save(&change, sent)}
    }
}

fn summary(change: &PlanChange) -> String {
    let name = &change.draft.plan.backup_plan_name;
    let here = format!("{} in {}", change.draft.account, change.draft.region);
    let what = match &change.before {
        None => format!("The plan {name} will be created in account {here}."),
        Some(_) if change.is_empty() => format!("Nothing of the plan {name} changes."),
        Some(_) => format!("A new version of the plan {name} will be created in account {here}."),
    };
    let takes = counted(own_taken(change), "resource", "resources");
    format!(
        "{what} It takes {takes}. Points that are there keep their dates: a new lifecycle counts for new points only."
    )
}

/// Resources that this plan takes: those that one of its selections names.
fn own_taken(change: &PlanChange) -> u64 {
    let own = change.draft.plan_id.as_deref().unwrap_or("new");
    change
        .dry_run
        .clauses
        .iter()
        .filter(|clause| clause.plan_id == own)
        .map(|clause| clause.resources)
        .sum()
}

fn save(change: &PlanChange, sent: String) -> impl IntoView + use<> {
    let back = edit_form(
        sent.clone(),
        view! { <button class="button" name="op" value="edit">"Back to editing"</button> }
            .into_any(),
    );
    if !change.can_apply() {
        return view! {
            <Notice tone=Tone::Bad title="It cannot be saved like this">
                <p>"Fix what fails above. Nothing was changed."</p>
            </Notice>
            {back}
        }
        .into_any();
    }
    if change.is_empty() {
        return view! {
            <Notice tone=Tone::Neutral title="There is nothing to save">
                <p>"The plan is like this already."</p>
            </Notice>
            {back}
        }
        .into_any();
    }
    let digest = change.digest.clone();
    let draft = serde_json::to_string(&change.draft).unwrap_or_default();
    view! {
        <section class="plan-ways">
            <PostForm action=ApplyPlan::PATH>
                <input type="hidden" name="form" value=sent/>
                <input type="hidden" name="op" value="save"/>
                <input type="hidden" name="draft" value=draft/>
                <input type="hidden" name="digest" value=digest/>
                <button class="button button-primary">"Save the plan"</button>
            </PostForm>
            {back}
            <p class="field-hint">"Saving is a run: once it has started you can close this page, and it goes on by itself."</p>
        </section>
    }
    .into_any()
}

fn differences(change: &PlanChange) -> AnyView {
    let selections = change
        .selections
        .iter()
        .filter(|one| one.what != SelectionStep::Keep)
        .map(|one| {
            let inside = one.differences.clone();
            view! {
                <p>{format!("Selection {} {}.", one.name, one.what.as_str())}</p>
                {(!inside.is_empty()).then(|| difference_table("What differs in the selection", inside))}
            }
        })
        .collect_view();
    let table = if change.differences.is_empty() {
        view! { <p class="muted">"The plan itself stays as it is."</p> }.into_any()
    } else {
        difference_table("What changes in the plan", change.differences.clone()).into_any()
    };
    view! { {table} {selections} }.into_any()
}

/// Fields that differ, each with what was and what will be.
pub(super) fn difference_table(label: &'static str, differences: Vec<Difference>) -> impl IntoView {
    let side = |class: &'static str, value: Option<String>| match value {
        Some(value) => view! { <code class=class>{value}</code> }.into_any(),
        None => view! { <span class="muted">"—"</span> }.into_any(),
    };
    let rows = differences
        .into_iter()
        .map(|one| {
            view! {
                <tr>
                    <td class="cell-name"><code>{one.field}</code></td>
                    <td class="cell-wide">{side("difference-before", one.before)}</td>
                    <td class="cell-wide">{side("difference-after", one.after)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label columns=vec![Column::text("Field"), Column::text("Before"), Column::text("After")]>
            {rows}
        </Table>
    }
}

fn counts(change: &PlanChange) -> impl IntoView + use<> {
    let run = &change.dry_run;
    let lost = if change.lost > 0 {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    let missed = if run.missed > 0 {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    let twice = if run.twice > 0 {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    view! {
        <dl class="stats">
            <Stat label="Taken newly" value=count(change.won) note="not by this plan so far"/>
            <Stat label="Not taken any more" value=count(change.lost) note="by this plan so far" tone=lost/>
            <Stat label="In several plans" value=count(run.twice) note="by several plans or selections" tone=twice/>
            <Stat label="By service opt-in" value=count(run.by_opt_in) note="taken as long as their type is opted in"/>
            <Stat label="Missed" value=count(run.missed) note=format!("of {} by every plan here", count(run.resources)) tone=missed/>
        </dl>
    }
}

const LISTS: [(&str, DryRunList, &str); 4] = [
    ("taken", DryRunList::Taken, "Taken by any plan"),
    ("twice", DryRunList::Twice, "In several plans"),
    ("opt-in", DryRunList::ByOptIn, "By service opt-in"),
    ("missed", DryRunList::Missed, "Missed"),
];

fn list_buttons(run: &DryRunCounts) -> impl IntoView + use<> {
    let buttons = LISTS
        .map(|(name, _, title)| {
            let number = match name {
                "taken" => run.taken,
                "twice" => run.twice,
                "opt-in" => run.by_opt_in,
                _ => run.missed,
            };
            view! {
                <button class="button button-small" name="op" value=format!("list.{name}") disabled=number == 0>
                    {format!("{title}: {}", count(number))}
                </button>
            }
        })
        .collect_view();
    view! { <p class="buttons plan-lists" role="group" aria-label="Lists of the dry run">{buttons}</p> }
}

/// One of the lists, on demand: `missed`, or `missed.50` for the page of a cursor.
fn dry_run_list(draft: PlanDraft, form: String, what: &str) -> impl IntoView + use<> {
    let (name, cursor) = what.split_once('.').unwrap_or((what, ""));
    let (name, list, title) = LISTS
        .into_iter()
        .find(|(known, _, _)| *known == name)
        .unwrap_or(LISTS[0]);
    let cursor = cursor.to_owned();
    let sent = StoredValue::new(form);
    let page = Resource::new_blocking(
        || (),
        move |()| list_dry_run(draft.clone(), list, cursor.clone()),
    );
    load_or(
        page,
        move |page| listed(name, title, page, sent.get_value()).into_any(),
        |error| view! { <ErrorNotice error/> }.into_any(),
    )
}

fn listed(
    name: &'static str,
    title: &'static str,
    page: Page<DryRunRow>,
    form: String,
) -> impl IntoView {
    let rows = page.items.into_iter().map(dry_run_row).collect_view();
    let more = page.next.map(|next| {
        let value = format!("list.{name}.{next}");
        edit_form(
            form,
            view! { <button class="button" name="op" value=value>"Next page"</button> }.into_any(),
        )
    });
    view! {
        <h3 id="list-title">{title}</h3>
        <Table label=title columns=vec![Column::text("Resource"), Column::text("Type"), Column::text("By what")]>
            {rows}
        </Table>
        {more}
    }
}

/// A resource in a list of a dry run.
pub(super) fn dry_run_row(row: DryRunRow) -> impl IntoView {
    let by: Vec<String> = row
        .takes
        .iter()
        .map(|take| {
            format!(
                "{} ({}): {}",
                take.plan_name,
                take.selection,
                clause(&take.clause)
            )
        })
        .collect();
    let by = match (by.is_empty(), row.nearest) {
        (false, _) => by.join("; "),
        (true, Some(near)) => format!(
            "nearest {} ({}): {}",
            near.plan_name,
            near.selection,
            clause(&near.clause)
        ),
        (true, None) => "no plan looks here".to_owned(),
    };
    view! {
        <tr>
            <td class="cell-name"><a href=resource_href(&row.arn)>{row.arn.name().to_owned()}</a></td>
            <td>{row.resource_type.to_string()}</td>
            <td class="cell-wide">{by}</td>
        </tr>
    }
}

/// A clause in words.
pub(super) fn clause(clause: &Clause) -> String {
    match clause {
        Clause::Resource(pattern) => format!("named by {pattern}"),
        Clause::Tag(tag) => format!("tagged {tag}"),
        Clause::Everything => "everything opted in".to_owned(),
        Clause::NotNamed => "nothing names it".to_owned(),
        Clause::LeftOut(pattern) => format!("left out by {pattern}"),
        Clause::Condition(key) => format!("the condition on tag {key} does not hold"),
        Clause::NotOptedIn => "its type is not opted in".to_owned(),
    }
}

fn clauses(run: &DryRunCounts) -> AnyView {
    if run.clauses.is_empty() {
        return ().into_any();
    }
    let rows = run
        .clauses
        .iter()
        .map(|one| {
            view! {
                <tr>
                    <td class="cell-name">{one.plan_name.clone()}</td>
                    <td>{one.selection.clone()}</td>
                    <td class="cell-wide">{clause(&one.clause)}</td>
                    <td class="numeric">{count(one.resources)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Disclosure summary="By which clause">
            <Table
                label="Clauses"
                columns=vec![
                    Column::text("Plan"),
                    Column::text("Selection"),
                    Column::text("Clause"),
                    Column::number("Resources"),
                ]
            >
                {rows}
            </Table>
        </Disclosure>
    }
    .into_any()
}

fn overlaps(run: &DryRunCounts) -> AnyView {
    if run.overlaps.is_empty() {
        return ().into_any();
    }
    let items = run
        .overlaps
        .iter()
        .map(|one| {
            let text = format!(
                "{}: {}",
                counted(one.resources, "resource", "resources"),
                one.explain()
            );
            view! { <li>{text}</li> }
        })
        .collect_view();
    view! {
        <Notice tone=Tone::Warn title="Plans that take the same resources">
            <ul class="review-list">{items}</ul>
        </Notice>
    }
    .into_any()
}

/// Runs to come, with their rules.
pub(super) fn runs(runs: Vec<PlannedRun>) -> AnyView {
    if runs.is_empty() {
        return view! { <p class="muted">"No rule runs again."</p> }.into_any();
    }
    let rows = runs
        .into_iter()
        .map(|run| {
            view! {
                <tr>
                    <td>{run.rule}</td>
                    <td><Moment at=run.at style=Style::Both/></td>
                    <td class="nowrap">{crate::format::day_and_time(run.at, &jiff::tz::TimeZone::UTC)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Upcoming runs" columns=vec![Column::text("Rule"), Column::text("Your time"), Column::text("UTC")]>
            {rows}
        </Table>
    }
    .into_any()
}
