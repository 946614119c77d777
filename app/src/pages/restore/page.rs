use leptos::prelude::*;
use tidemark_domain::{Arn, Invalid, Privilege, ResourceDetail};

use super::{options, review, target, what, when};
use crate::{
    alive::Life,
    components::{Crumb, ErrorNotice, PageHead, Stage, Stages, load_page},
    error::ErrorKind,
    format::{parse_date_and_time, utc},
    layout::focus,
    pages::{answer_with, only, resources::resource_href, search},
    server_fns::resources::get_resource,
    wizard::{Step, Wizard},
};

/// The wizard at the stage that its address says, or at the first that is not settled.
#[component]
pub(crate) fn RestorePage() -> impl IntoView {
    only(
        Privilege::Restore,
        "Ask the owner of the resource or an operator to restore it.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let search = search();
    let wizard = Memo::new(move |_| Wizard::parse(&search.get()));
    let stage = Memo::new(move |_| wizard.with(Wizard::stage));
    focus_stage_when_it_changes(stage);
    if let (_, Some(problem)) = stage.get_untracked() {
        answer_with(ErrorKind::Invalid {
            field: problem.field,
            rule: problem.rule,
        });
    }
    // The resource stays while the stages change; only another resource is fetched anew.
    let arn = Memo::new(move |_| wizard.with(|wizard| wizard.arn.clone()));
    let known = Memo::new(move |_| wizard.with(|wizard| wizard.resource().is_ok()));
    move || {
        if known.get() {
            let detail = Resource::new_blocking(move || arn.get(), get_resource);
            load_page(detail, move |detail| {
                with_resource(detail, wizard, stage).into_any()
            })
        } else {
            without_resource(wizard, stage).into_any()
        }
    }
}

fn without_resource(wizard: Memo<Wizard>, stage: Memo<(Step, Option<Invalid>)>) -> impl IntoView {
    let (_, problem) = stage.get_untracked();
    view! {
        <PageHead title="Restore"/>
        {stages(&wizard.get_untracked(), Step::What, None)}
        {problem.map(|problem| view! { <ErrorNotice error=problem.into()/> })}
        {what::stage()}
    }
}

fn with_resource(
    detail: ResourceDetail,
    wizard: Memo<Wizard>,
    stage: Memo<(Step, Option<Invalid>)>,
) -> impl IntoView {
    let name = detail.resource.name.clone();
    let crumbs = vec![
        Crumb::new("Resources", "/resources"),
        Crumb::new(name.clone(), resource_href(&detail.resource.arn)),
    ];
    let stored = StoredValue::new(detail);
    view! {
        <PageHead title=format!("Restore {name}") crumbs=crumbs/>
        {move || {
            let (step, problem) = stage.get();
            let wizard = wizard.get();
            let detail = stored.get_value();
            let notice = problem
                .clone()
                .map(|problem| view! { <ErrorNotice error=problem.into()/> });
            let body = match step {
                Step::What => what::stage().into_any(),
                Step::When => when::stage(&wizard, &detail, problem).into_any(),
                Step::Where => target::stage(&wizard, problem).into_any(),
                Step::Options => options::stage(&wizard, problem).into_any(),
                Step::Review => review::stage(&wizard).into_any(),
            };
            view! {
                {stages(&wizard, step, Some(&detail.resource.arn))}
                {notice}
                {body}
            }
        }}
    }
}

/// The line of stages with what each has settled.
fn stages(wizard: &Wizard, current: Step, arn: Option<&Arn>) -> impl IntoView + use<> {
    let stages = Step::ALL
        .into_iter()
        .map(|step| Stage {
            title: step.title(),
            answer: answer(wizard, step, arn),
            href: (step < current || wizard.reaches(step)).then(|| wizard.clone().at(step).href()),
            current: step == current,
        })
        .collect();
    view! { <Stages stages/> }
}

fn answer(wizard: &Wizard, step: Step, arn: Option<&Arn>) -> String {
    match step {
        Step::What => arn.map(|arn| arn.name().to_owned()).unwrap_or_default(),
        Step::When if !wizard.point.is_empty() => "recovery point".to_owned(),
        Step::When => parse_date_and_time(&wizard.date, &wizard.time)
            .map(utc)
            .unwrap_or_default(),
        Step::Where => wizard.table.clone(),
        Step::Options | Step::Review => String::new(),
    }
}

/// After going on without a reload, assistive technology must hear the new stage.
fn focus_stage_when_it_changes(stage: Memo<(Step, Option<Invalid>)>) {
    let life = Life::here();
    Effect::new(move |before: Option<Step>| {
        let (now, _) = stage.get();
        if before.is_some_and(|before| before != now) {
            life.on_next_frame(|| focus("stage-title"));
        }
        now
    });
}
