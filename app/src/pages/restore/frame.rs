//! What the stages have in common: the form that carries the state on, and the ways forth and back.

use leptos::prelude::*;

use crate::{
    components::{ErrorNotice, GetForm},
    error::{AppError, ErrorKind},
    wizard::{PATH, Step, Wizard},
};

/// The form of a stage. Everything that other stages settled goes along in hidden fields, so that
/// neither going on nor going back loses anything.
pub(super) fn stage_form(wizard: &Wizard, step: Step, inside: AnyView) -> impl IntoView + use<> {
    let hidden = wizard
        .fields(Some(step))
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let at = Step::ALL.into_iter().position(|s| s == step).unwrap_or(0);
    let next = Step::ALL.get(at + 1).map(|next| {
        view! {
            <button class="button button-primary" name="step" value=next.as_str()>"Continue"</button>
        }
    });
    let back = at.checked_sub(1).map(|at| {
        view! {
            <button class="button" name="step" value=Step::ALL[at].as_str() formnovalidate=true>"Back"</button>
        }
    });
    view! {
        <GetForm action=PATH class="form">
            {hidden}
            {inside}
            <div class="form-actions">{next}{back}</div>
        </GetForm>
    }
}

/// What is wrong with the answers so far, and the way to the one that must change.
pub(super) fn stage_error(error: AppError, wizard: &Wizard, step: Step) -> AnyView {
    let field = match &error.kind {
        ErrorKind::Invalid { field, .. } => field.as_str(),
        _ => "",
    };
    let mend = match field {
        "time" | "source" | "recovery point" | "vault" | "partition key" => Step::When,
        "table name" => Step::Where,
        field if field.starts_with("restore metadata") => Step::Where,
        "service role" | "reason" | "tags" => Step::Options,
        _ => Step::ALL
            .into_iter()
            .rev()
            .find(|earlier| *earlier < step)
            .unwrap_or(step),
    };
    let href = wizard.clone().at(mend).href();
    view! {
        <ErrorNotice error/>
        <div class="form-actions">
            <a class="button" href=href>{format!("Back to \u{201c}{}\u{201d}", mend.title())}</a>
        </div>
    }
    .into_any()
}

/// The heading of a stage; gets the focus when a hydrated page comes to it.
pub(super) fn stage_head(step: Step, text: &'static str) -> impl IntoView {
    view! {
        <h2 id="stage-title" tabindex="-1">{step.title()}</h2>
        <p class="lead">{text}</p>
    }
}
