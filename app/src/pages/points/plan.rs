//! The plan of a change of many points, and the form that starts it.

use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::change::{ChangePlan, ChangeTarget, LeftGroup, PointAction, ResourceReach};

use super::point_href;
use crate::{
    components::{
        AccountLabel, Column, Disclosure, Empty, Field, FormError, Moment, Notice, PostForm, Style,
        Table, TextArea, Tone,
    },
    format::{bytes, count, counted, money},
    outcome::{entered, failure},
    pages::resources::resource_href,
    server_fns::points::{ChangePoints, ChangeQuery},
};

/// What will happen, what is left and why, and what follows for the resources.
pub(super) fn plan_section(
    plan: ChangePlan,
    query: &ChangeQuery,
    text: &str,
) -> impl IntoView + use<> {
    let start = if plan.points == 0 {
        let back = query.filter.on("/points");
        view! {
            <Empty title="There is nothing to do">
                <p>"None of these points can be changed; the reasons are above."</p>
                <p><a class="button" href=back>"Back to the list"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        form(&plan, query, text).into_any()
    };
    view! {
        <p class="review">{summary(&plan)}</p>
        {last_points(&plan)}
        {due_at_once(&plan)}
        {early(&plan)}
        {targets(&plan.targets)}
        {left(&plan.left)}
        {reach(&plan)}
        {first(&plan)}
        {start}
    }
}

fn summary(plan: &ChangePlan) -> String {
    let points = counted(plan.points, "recovery point", "recovery points");
    let vaults = counted(plan.targets.len() as u64, "vault", "vaults");
    let what = match plan.request.action {
        PointAction::Delete => format!(
            "{points} in {vaults} will be deleted for good; that frees {}.",
            bytes(plan.bytes)
        ),
        PointAction::ChangeLifecycle {
            delete_after_days: Some(days),
            ..
        } => format!("{points} in {vaults} will be kept for {days} days from their creation."),
        PointAction::ChangeLifecycle { .. } => {
            format!("{points} in {vaults} will be kept forever.")
        }
    };
    match plan.left_points() {
        0 => what,
        left => format!("{what} {} will be skipped.", count(left)),
    }
}

/// The one thing that nobody may overlook.
fn last_points(plan: &ChangePlan) -> AnyView {
    if plan.last_points_total == 0 {
        return ().into_any();
    }
    let names = plan
        .last_points
        .iter()
        .map(|reach| {
            view! { <li><a href=resource_href(&reach.resource)>{reach.name.clone()}</a></li> }
        })
        .collect_view();
    let more = plan
        .last_points_total
        .saturating_sub(plan.last_points.len() as u64);
    let more = (more > 0).then(|| view! { <li>{format!("and {} more", count(more))}</li> });
    let title = format!(
        "{} lose their last usable recovery point",
        counted(plan.last_points_total, "resource", "resources")
    )
    .replace("1 resource lose their", "1 resource loses its");
    view! {
        <Notice tone=Tone::Bad title=title>
            <p>"Afterwards there is nothing left to restore them from."</p>
            <ul class="names">{names}{more}</ul>
        </Notice>
    }
    .into_any()
}

fn due_at_once(plan: &ChangePlan) -> AnyView {
    if plan.due_at_once == 0 {
        return ().into_any();
    }
    let title = format!(
        "{} would be due for deletion at once",
        counted(plan.due_at_once, "recovery point", "recovery points")
    );
    view! {
        <Notice tone=Tone::Bad title=title>
            <p>"They are older than the new retention already: AWS Backup deletes them within hours."</p>
        </Notice>
    }
    .into_any()
}

/// Deleting from cold storage too soon saves nothing.
fn early(plan: &ChangePlan) -> AnyView {
    let early = &plan.early;
    if early.charged() == 0 {
        return ().into_any();
    }
    let title = format!(
        "{} in cold storage for fewer than 90 days",
        counted(early.charged(), "recovery point is", "recovery points are")
    );
    let rest = (early.unknown > 0).then(|| {
        format!(
            " For {} the size or the price is not known, so it is more.",
            counted(early.unknown, "of them", "of them")
        )
    });
    let charge = format!(
        "AWS charges the remaining days of the 90 all the same: about {} by list prices.",
        money(early.amount, &early.currency)
    );
    view! {
        <Notice tone=Tone::Warn title=title>
            <p>{charge} {rest}</p>
        </Notice>
    }
    .into_any()
}

fn targets(targets: &[ChangeTarget]) -> AnyView {
    if targets.is_empty() {
        return ().into_any();
    }
    let rows = targets
        .iter()
        .map(|target| {
            view! {
                <tr>
                    <th scope="row">{target.vault.clone()}</th>
                    <td class="numeric">{count(target.points)}</td>
                    <td class="numeric">{bytes(target.bytes)}</td>
                    <td><AccountLabel alias=target.alias.clone() id=target.account.as_str()/></td>
                    <td>{target.region.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="targets-title">
            <h2 id="targets-title">"Where"</h2>
            <Table
                label="Vaults"
                columns=vec![
                    Column::text("Vault"),
                    Column::number("Points"),
                    Column::number("Size"),
                    Column::text("Account"),
                    Column::text("Region"),
                ]
            >
                {rows}
            </Table>
        </section>
    }
    .into_any()
}

fn left(left: &[LeftGroup]) -> AnyView {
    if left.is_empty() {
        return ().into_any();
    }
    let rows = left
        .iter()
        .map(|group| {
            let first = group
                .first
                .first()
                .map(|arn| view! { <a href=point_href(arn)>"the first of them"</a> });
            view! {
                <tr>
                    <th scope="row">{group.keep.label()}</th>
                    <td class="numeric">{count(group.points)}</td>
                    <td class="cell-wide">{group.keep.why()}</td>
                    <td class="nowrap">{first}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="left-title">
            <h2 id="left-title">"Skipped"</h2>
            <Table
                label="Skipped"
                columns=vec![
                    Column::text("Points"),
                    Column::number("How many"),
                    Column::text("Reason"),
                    Column::text("Look"),
                ]
            >
                {rows}
            </Table>
        </section>
    }
    .into_any()
}

/// How far back the resources reach afterwards.
fn reach(plan: &ChangePlan) -> AnyView {
    if plan.reach.is_empty() {
        return ().into_any();
    }
    let rows = plan.reach.iter().map(reach_row).collect_view();
    let others = plan
        .resources
        .saturating_sub(plan.last_points_total + plan.reach.len() as u64);
    let others = (others > 0).then(|| {
        view! { <p class="field-hint">{format!("And {} more resources that lose less.", count(others))}</p> }
    });
    view! {
        <section aria-labelledby="reach-title">
            <h2 id="reach-title">"Recoverable afterwards"</h2>
            <Table
                label="Recoverable, before and after"
                columns=vec![
                    Column::text("Resource"),
                    Column::text("Furthest now"),
                    Column::text("Furthest then"),
                    Column::text("Newest then"),
                    Column::number("Points left"),
                ]
            >
                {rows}
            </Table>
            {others}
        </section>
    }
    .into_any()
}

fn reach_row(reach: &ResourceReach) -> impl IntoView + use<> {
    let moment =
        |at: Option<jiff::Timestamp>| at.map(|at| view! { <Moment at style=Style::Both/> });
    view! {
        <tr>
            <td class="cell-name"><a href=resource_href(&reach.resource)>{reach.name.clone()}</a></td>
            <td>{moment(reach.furthest_before)}</td>
            <td>{moment(reach.furthest_after)}</td>
            <td>{moment(reach.newest_after)}</td>
            <td class="numeric">{format!("{} of {}", count(reach.after), count(reach.before))}</td>
        </tr>
    }
}

fn first(plan: &ChangePlan) -> AnyView {
    if plan.first.is_empty() {
        return ().into_any();
    }
    let points = plan
        .first
        .iter()
        .map(|arn| view! { <li><a href=point_href(arn)>{arn.to_string()}</a></li> })
        .collect_view();
    let summary = if plan.points > plan.first.len() as u64 {
        format!("The first {} of {}", plan.first.len(), count(plan.points))
    } else {
        "Each of them".to_owned()
    };
    view! { <Disclosure summary=summary><ul class="arns">{points}</ul></Disclosure> }.into_any()
}

fn form(plan: &ChangePlan, query: &ChangeQuery, text: &str) -> impl IntoView + use<> {
    let rule = |field: &str| {
        failure(ChangePoints::PATH)
            .and_then(|error| error.rule_for(field).map(str::to_owned))
            .unwrap_or_default()
    };
    let (class, verb) = match plan.request.action {
        PointAction::Delete => (
            "button button-danger",
            format!("Delete {}", counted(plan.points, "point", "points")),
        ),
        PointAction::ChangeLifecycle { .. } => (
            "button button-primary",
            format!("Change {}", counted(plan.points, "point", "points")),
        ),
    };
    let hint = format!("To confirm, type: {}", plan.confirmation);
    let back = query.filter.on("/points");
    let (text, digest) = (text.to_owned(), plan.digest.clone());
    view! {
        <section aria-labelledby="confirm-title">
            <h2 id="confirm-title">"Confirm"</h2>
            <FormError action=ChangePoints::PATH/>
            <PostForm action=ChangePoints::PATH class="form">
                <input type="hidden" name="query" value=text/>
                <input type="hidden" name="digest" value=digest/>
                <Field label="Confirmation" name="confirmation" required=true hint=hint
                    value=entered(ChangePoints::PATH, "confirmation") error=rule("confirmation")/>
                <TextArea label="Reason" name="reason" value=entered(ChangePoints::PATH, "reason")
                    hint="For the audit log, in your words." error=rule("reason")/>
                <div class="form-actions">
                    <button class=class>{verb}</button>
                    <a class="button" href=back>"Cancel"</a>
                </div>
                <p class="field-hint">"It becomes a run: you can close the page, it goes on by itself, and each point's result is kept."</p>
            </PostForm>
        </section>
    }
}
