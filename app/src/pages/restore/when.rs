use jiff::Timestamp;
use leptos::prelude::*;
use tidemark_domain::{Invalid, PitrWindow, RecoveryPoint, ResourceDetail, records::CaptureView};

use super::{
    frame::{stage_form, stage_head},
    slider::Slider,
};
use crate::{
    components::{Field, Moment, Notice, Style, Tone, load},
    format::{bytes, date_and_time, parse_date_and_time, windows_in_words},
    pages::resources::points_table,
    server_fns::{
        points::{get_point, list_points},
        records::captures_of_table,
    },
    wizard::{Step, Wizard},
};

/// Which point, or which second of the window.
pub(super) fn stage(
    wizard: &Wizard,
    detail: &ResourceDetail,
    problem: Option<Invalid>,
) -> impl IntoView + use<> {
    let window = detail.resource.pitr.filter(|_| wizard.is_table());
    let second = if wizard.is_table() {
        let stored = StoredValue::new((wizard.clone(), window, problem));
        let arn = wizard.arn.clone();
        let captures = Resource::new_blocking(move || arn.clone(), captures_of_table);
        load(captures, move |captures| {
            stored.with_value(|(wizard, window, problem)| {
                seconds(wizard, *window, &captures, problem.as_ref())
            })
        })
        .into_any()
    } else {
        ().into_any()
    };
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

/// A second of the table's own window, or of a record-level backup: one form, and the ways to the
/// others.
fn seconds(
    wizard: &Wizard,
    window: Option<PitrWindow>,
    captures: &[CaptureView],
    problem: Option<&Invalid>,
) -> AnyView {
    let chosen = captures
        .iter()
        .find(|view| view.capture.id == wizard.capture)
        .map(|view| view.status.windows())
        .filter(|windows| !windows.is_empty());
    let others = captures
        .iter()
        .filter(|view| view.capture.id != wizard.capture)
        .filter(|view| !view.status.windows().is_empty())
        .map(|view| other(wizard, view, &view.status.windows()))
        .collect_view();
    if let Some(windows) = chosen {
        let own = Wizard {
            capture: String::new(),
            partition: String::new(),
            date: String::new(),
            time: String::new(),
            ..wizard.clone()
        };
        let own = own.at(Step::When).href();
        return view! {
            {second(wizard, &windows, problem, true)}
            <p class="panel-after"><a class="button" href=own>"Restore from something else"</a></p>
            {others}
        }
        .into_any();
    }
    view! {
        {window.map(|window| second(wizard, &[window], problem, false))}
        {others}
    }
    .into_any()
}

/// The way to the seconds of a record-level backup.
fn other(wizard: &Wizard, view: &CaptureView, windows: &[PitrWindow]) -> impl IntoView + use<> {
    let latest = windows
        .last()
        .map_or(Timestamp::UNIX_EPOCH, |window| window.latest);
    let href = wizard
        .clone()
        .from_records(&view.capture.id, latest)
        .at(Step::When)
        .href();
    view! {
        <section class="panel">
            <h3>"From the record-level backup"</h3>
            <p>
                "Every second " {windows_in_words(windows)} ", whole or a single partition."
            </p>
            <p><a class="button" href=href>"Choose a second of it"</a></p>
        </section>
    }
}

fn second(
    wizard: &Wizard,
    windows: &[PitrWindow],
    problem: Option<&Invalid>,
    records: bool,
) -> AnyView {
    let (Some(oldest), Some(newest)) = (windows.first().copied(), windows.last().copied()) else {
        return ().into_any();
    };
    let (date, time) = if wizard.date.is_empty() {
        date_and_time(newest.latest)
    } else {
        (wizard.date.clone(), wizard.time.clone())
    };
    let chosen = parse_date_and_time(&date, &time);
    // The slider moves within the stretch that the fields begin in.
    let begun = windows
        .iter()
        .find(|window| chosen.is_some_and(|at| window.contains(at)));
    let window = begun.copied().unwrap_or(newest);
    let rule = |field: &str| {
        problem
            .filter(|problem| problem.field == field)
            .map(|problem| problem.rule.clone())
            .unwrap_or_default()
    };
    let (first_day, _) = date_and_time(oldest.earliest);
    let (last_day, _) = date_and_time(newest.latest);
    let mut others = wizard.clone();
    others.point.clear();
    others.vault.clear();
    let (title, what) = if records {
        ("Any second of the record-level backup", "The backup")
    } else {
        ("Any second of the point-in-time window", "The window")
    };
    let partition = records.then(|| {
        let (capture, partition) = (wizard.capture.clone(), wizard.partition.clone());
        view! {
            <input type="hidden" name="capture" value=capture/>
            <Field label="Only this partition" name="partition" value=partition error=rule("partition key")
                hint="A value of the partition key, such as c-1001. Leave it empty for all records."/>
        }
    });
    let fields = view! {
        <div class="field-row">
            <Field label="Date (UTC)" name="date" kind="date" value=date min=first_day max=last_day required=true/>
            <Field label="Time (UTC)" name="time" kind="time" step="1" value=time error=rule("time") required=true/>
        </div>
        <Slider window chosen/>
        <p class="field-hint">
            {what} " reaches " {windows_in_words(windows)} ". Its end moves on with the time."
        </p>
        {partition}
    }
    .into_any();
    view! {
        <section aria-labelledby="second-title" class="panel">
            <h3 id="second-title">{title}</h3>
            {stage_form(&others, Step::When, fields)}
        </section>
    }
    .into_any()
}
