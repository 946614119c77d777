use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{RestorePlan, RestoreSource};

use super::frame::{stage_error, stage_head};
use crate::{
    components::{CheckList, Copyable, Disclosure, FormError, Notice, PostForm, Tone, load_or},
    server_fns::restore::{StartRestore, plan_restore},
    wizard::{Step, Wizard},
};

/// Exactly what will happen, and whether it can.
pub(super) fn stage(wizard: &Wizard) -> impl IntoView + use<> {
    let query = wizard.query().as_str().to_owned();
    let sent = query.clone();
    let plan = Resource::new_blocking(move || query.clone(), plan_restore);
    let stored = StoredValue::new((wizard.clone(), sent));
    view! {
        {stage_head(Step::Review, "Nothing has been changed yet.")}
        <FormError action=StartRestore::PATH/>
        {load_or(plan, move |plan| {
            let (wizard, query) = stored.get_value();
            show(plan, &wizard, query).into_any()
        }, move |error| stored.with_value(|(wizard, _)| stage_error(error, wizard, Step::Review)))}
    }
}

fn show(plan: RestorePlan, wizard: &Wizard, query: String) -> impl IntoView + use<> {
    let back = wizard.clone().at(Step::Options).href();
    let start = if plan.can_start() {
        view! {
            <PostForm action=StartRestore::PATH>
                <input type="hidden" name="wizard" value=query/>
                <input type="hidden" name="digest" value=plan.digest.clone()/>
                <div class="form-actions">
                    <button class="button button-primary">"Start the restore"</button>
                    <a class="button" href=back>"Back"</a>
                </div>
                <p class="field-hint">"Once it has started you can close this page: it goes on by itself."</p>
            </PostForm>
        }
        .into_any()
    } else {
        view! {
            <Notice tone=Tone::Bad title="It cannot start like this">
                <p>"Mend what fails above, or change your answers. Then come back to this step: the checks are made anew."</p>
            </Notice>
            <div class="form-actions"><a class="button" href=back>"Back"</a></div>
        }
        .into_any()
    };
    let partition = match &plan.request.source {
        RestoreSource::Records {
            partition: Some(partition),
            ..
        } => Some(view! { <p>"The partition: " <code>{partition.clone()}</code></p> }),
        _ => None,
    };
    view! {
        <p class="review">{plan.summary.clone()}</p>
        {partition}
        <div class="review-lists">
            {list("Will be created", plan.creates)}
            {list("Will be changed", plan.changes)}
            {list("Stays as it is", plan.keeps)}
        </div>
        <section aria-labelledby="checks-title">
            <h3 id="checks-title">"Checks"</h3>
            <CheckList checks=plan.checks/>
        </section>
        <Disclosure summary="What the run will be allowed to do">
            <p>
                "The run enters the account with a session policy that allows this and nothing else, whatever the role itself may do."
            </p>
            <Copyable text=plan.session_policy label="session policy" block=true/>
        </Disclosure>
        {start}
    }
}

fn list(title: &'static str, entries: Vec<String>) -> AnyView {
    if entries.is_empty() {
        return ().into_any();
    }
    let entries = entries
        .into_iter()
        .map(|entry| view! { <li>{entry}</li> })
        .collect_view();
    view! {
        <section class="review-list">
            <h3>{title}</h3>
            <ul>{entries}</ul>
        </section>
    }
    .into_any()
}
