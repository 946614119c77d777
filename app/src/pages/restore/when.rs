use leptos::prelude::*;
use tidemark_domain::{Invalid, PitrWindow, RecoveryPoint, ResourceDetail};

use super::{
    frame::{stage_form, stage_head},
    slider::Slider,
};
use crate::{
    components::{Field, Moment, Notice, Style, Tone, load},
    format::{bytes, date_and_time, utc},
    pages::resources::points_table,
    server_fns::points::{get_point, list_points},
    wizard::{Step, Wizard},
};

/// Which point, or which second of the window.
pub(super) fn stage(
    wizard: &Wizard,
    detail: &ResourceDetail,
    problem: Option<Invalid>,
) -> impl IntoView + use<> {
    let second = detail
        .resource
        .pitr
        .filter(|_| wizard.is_table())
        .map(|window| second(wizard, window, problem.as_ref()));
    let chosen = (!wizard.point.is_empty()).then(|| chosen_point(wizard));
    let (resource, cursor) = (wizard.arn.clone(), wizard.cursor.clone());
    let points = Resource::new_blocking(
        move || (resource.clone(), cursor.clone()),
        |(resource, cursor)| list_points(resource, cursor),
    );
    let wizard = StoredValue::new(wizard.clone());
    view! {
        {stage_head(Step::When, "To which moment do you want the data back?")}
        {chosen}
        {second}
        <section aria-labelledby="points-title">
            <h3 id="points-title">"From a recovery point"</h3>
            {load(points, move |page| {
                let wizard = wizard.get_value();
                let here = |cursor: &str| {
                    let mut wizard = wizard.clone().at(Step::When);
                    cursor.clone_into(&mut wizard.cursor);
                    wizard.href()
                };
                let first = (!wizard.cursor.is_empty()).then(|| here(""));
                let next = page.next.as_deref().map(here);
                let mut choose = wizard.clone();
                choose.cursor.clear();
                points_table(page, Some(&choose), "Restore from this", first, next)
            })}
        </section>
    }
}

/// A point that was chosen on the timeline, or before.
fn chosen_point(wizard: &Wizard) -> impl IntoView + use<> {
    let arn = wizard.point.clone();
    let point = Resource::new_blocking(move || arn.clone(), get_point);
    let wizard = StoredValue::new(wizard.clone());
    load(point, move |point: RecoveryPoint| {
        let href = wizard.get_value().from_point(&point).href();
        let usable = point.is_usable();
        let size = point
            .size_bytes
            .map(|size| format!(", {}", bytes(size)))
            .unwrap_or_default();
        let vault = point
            .vault
            .map(|vault| format!(", vault {vault}"))
            .unwrap_or_default();
        view! {
            <Notice tone=Tone::Neutral title="The chosen recovery point">
                <p>
                    <Moment at=point.created_at style=Style::Both/> ", " {point.source.as_str()}
                    {size} {vault} ", " {point.status.to_lowercase()}
                </p>
                {usable.then(|| view! {
                    <p><a class="button button-primary" href=href>"Continue with this point"</a></p>
                })}
            </Notice>
        }
        .into_any()
    })
}

fn second(wizard: &Wizard, window: PitrWindow, problem: Option<&Invalid>) -> impl IntoView + use<> {
    let (date, time) = if wizard.date.is_empty() {
        date_and_time(window.latest)
    } else {
        (wizard.date.clone(), wizard.time.clone())
    };
    let rule = problem
        .filter(|problem| problem.field == "time")
        .map(|problem| problem.rule.clone())
        .unwrap_or_default();
    let (first_day, _) = date_and_time(window.earliest);
    let (last_day, _) = date_and_time(window.latest);
    let mut others = wizard.clone();
    others.point.clear();
    others.vault.clear();
    let fields = view! {
        <div class="field-row">
            <Field label="Date (UTC)" name="date" kind="date" value=date min=first_day max=last_day required=true/>
            <Field label="Time (UTC)" name="time" kind="time" step="1" value=time error=rule required=true/>
        </div>
        <Slider window/>
        <p class="field-hint">
            "The window reaches from " {utc(window.earliest)} " to " {utc(window.latest)}
            ". Its end moves on with the time."
        </p>
    }
    .into_any();
    view! {
        <section aria-labelledby="second-title" class="panel">
            <h3 id="second-title">"Any second of the point-in-time window"</h3>
            {stage_form(&others, Step::When, fields)}
        </section>
    }
}
