use leptos::{ev::SubmitEvent, html, prelude::*, server_fn::ServerFn};
use tidemark_domain::{Check, plan::Finding};
use wasm_bindgen::JsCast;
use web_sys::{HtmlButtonElement, HtmlFormElement};

use super::{live::Live, rule::rule, selection::selection};
use crate::{
    components::{CheckList, Field, TextArea},
    format::counted,
    layout::{announce, focus},
    outcome::current_page,
    plan_form::PlanForm,
    query::pairs,
    server_fns::plans::EditPlan,
};

/// The form of a plan. Without JavaScript each of its buttons posts it and the page comes back with a
/// row more or less; hydrated, rows come and go at once and what is wrong is said while one types.
pub(super) fn editor(live: Live, back: String) -> impl IntoView {
    let page = current_page();
    let node = NodeRef::<html::Form>::new();
    let busy = RwSignal::new(false);
    let follow = move || {
        if let Some(form) = node.get_untracked().and_then(|form| read(&form)) {
            live.form.set(form);
        }
    };
    let on_submit = move |event: SubmitEvent| {
        let what = asked(&event);
        if what == "review"
            && live
                .findings
                .with_untracked(|f| !f.iter().any(Finding::is_error))
        {
            if busy.get_untracked() {
                event.prevent_default();
            }
            busy.set(true);
            return;
        }
        event.prevent_default();
        follow();
        let mut form = live.form.get_untracked();
        match form.change(&what) {
            Some(field) => {
                live.form.set(form.clone());
                live.shape.set(form);
                live.life
                    .on_next_frame(move || focus(&format!("field-{field}")));
            }
            None => check(live),
        }
    };
    Effect::new(move |_| live.take_up());
    let shape = live.shape.get_untracked();
    let hidden = hidden(&shape);
    let roles = live
        .around
        .with_value(|around| around.roles.clone())
        .into_iter()
        .map(|role| view! { <option value=role></option> })
        .collect_view();
    view! {
        <form
            method="post"
            action=EditPlan::PATH
            class="plan-form"
            aria-busy=move || busy.get().then_some("true")
            node_ref=node
            on:submit=on_submit
            on:input=move |_| follow()
            on:change=move |_| { follow(); live.shows.set(true); }
        >
            // Enter in any field checks what was entered.
            <button class="visually-hidden" name="op" value="check" tabindex="-1" aria-hidden="true" formnovalidate=true>"Check"</button>
            <input type="hidden" name="page" value=page/>
            {hidden}
            <datalist id="roles">{roles}</datalist>
            <div class="narrow">
                <Field label="Name of the plan" name="name" value=shape.name.clone()
                    error=live.error("BackupPlanName")
                    hint="1 to 50 letters, digits, -, _ and ."/>
            </div>
            {move || parts(live)}
            {finish(live, shape.reason, back)}
        </form>
    }
}

/// Rules and selections as they are laid out now.
fn parts(live: Live) -> impl IntoView {
    let shape = live.shape.get();
    let rules = shape
        .rules
        .iter()
        .enumerate()
        .map(|(index, one)| rule(live, index, one))
        .collect_view();
    let selections = shape
        .selections
        .iter()
        .enumerate()
        .map(|(index, one)| selection(live, index, one))
        .collect_view();
    view! {
        <section aria-labelledby="rules-title">
            <h2 id="rules-title">"Rules"</h2>
            <p class="field-error" hidden=move || live.error("Rules").get().is_empty()>{live.error("Rules")}</p>
            {rules}
            <button class="button" name="op" value="rule.add" formnovalidate=true>"Add a rule"</button>
        </section>
        <section aria-labelledby="selections-title">
            <h2 id="selections-title">"Selected resources"</h2>
            <p class="lead prose">
                "Each selection takes the resources that it names and those that carry one of its tags, as far as all its conditions hold. "
                "One that names neither is refused by AWS Backup: the resource * stands for everything that is opted in."
            </p>
            {selections}
            <button class="button" name="op" value="selection.add" formnovalidate=true>"Add a selection"</button>
        </section>
    }
}

/// Why, what was found, and the ways on.
fn finish(live: Live, reason: String, back: String) -> impl IntoView {
    view! {
        <section aria-labelledby="why-title">
            <h2 id="why-title">"Save"</h2>
            <div class="narrow">
                <TextArea label="Reason" name="reason" value=reason
                    hint="For the audit log, in your words."/>
            </div>
            {move || summary(live)}
            <div class="form-actions">
                <button class="button button-primary" name="op" value="review">"Review"</button>
                <button class="button" name="op" value="check" formnovalidate=true>"Check"</button>
                <a class="button" href=back>"Discard"</a>
            </div>
            <p class="field-hint">"Nothing is saved before the review, which shows what changes and what the plan takes."</p>
        </section>
    }
}

/// What the form carries along without showing it.
fn hidden(shape: &PlanForm) -> impl IntoView + use<> {
    [
        ("account", &shape.account),
        ("region", &shape.region),
        ("plan", &shape.plan),
        ("version", &shape.version),
        ("other", &shape.other),
    ]
    .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> })
    .collect_view()
}

/// Everything that was found, in a list, with the place of each.
fn summary(live: Live) -> impl IntoView {
    let shows = live.shows.get();
    let form = live.form.get();
    let checks: Vec<Check> = live.findings.with(|findings| {
        findings
            .iter()
            .filter(|finding| shows || !finding.is_error())
            .map(|finding| Check {
                name: place(&finding.field, &form),
                verdict: finding.verdict,
                detail: finding.rule.clone(),
                fix: finding.fix.clone(),
            })
            .collect()
    });
    if checks.is_empty() {
        return ().into_any();
    }
    view! { <div id="findings" tabindex="-1"><h3>"Findings"</h3><CheckList checks/></div> }
        .into_any()
}

/// The place of a field in words: `daily: DeleteAfterDays`.
pub(in crate::pages::plans) fn place(field: &str, form: &PlanForm) -> String {
    let indexed = |prefix: &str| -> Option<(usize, String)> {
        let (index, rest) = field.strip_prefix(prefix)?.split_once(']')?;
        let rest = rest.trim_start_matches('.').replace("Lifecycle.", "");
        Some((index.parse().ok()?, rest))
    };
    let named = |name: Option<&String>, rest: String| match name {
        Some(name) if rest.is_empty() => name.clone(),
        Some(name) => format!("{name}: {rest}"),
        None => rest,
    };
    if let Some((index, rest)) = indexed("Rules[") {
        return named(form.rules.get(index).map(|rule| &rule.name), rest);
    }
    if let Some((index, rest)) = indexed("Selections[") {
        return named(form.selections.get(index).map(|one| &one.name), rest);
    }
    field.to_owned()
}

/// Shows what is wrong and reads out how much it is.
fn check(live: Live) {
    live.shows.set(true);
    let wrong = live
        .findings
        .with_untracked(|findings| findings.iter().filter(|f| f.is_error()).count());
    if wrong == 0 {
        announce("Nothing is wrong with the plan.");
    } else {
        announce(&format!(
            "{} to fix.",
            counted(wrong as u64, "field", "fields")
        ));
        live.life.on_next_frame(|| {
            if let Ok(Some(field)) = document().query_selector("[aria-invalid=true]")
                && let Ok(field) = field.dyn_into::<web_sys::HtmlElement>()
            {
                drop(field.focus());
            }
        });
    }
}

/// What the button that was pressed asks for; Enter presses the first.
fn asked(event: &SubmitEvent) -> String {
    event
        .submitter()
        .and_then(|button| button.dyn_into::<HtmlButtonElement>().ok())
        .map(|button| button.value())
        .unwrap_or_default()
}

/// What the form's inputs hold.
fn read(form: &HtmlFormElement) -> Option<PlanForm> {
    let data = web_sys::FormData::new_with_form(form).ok()?;
    let params = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    Some(PlanForm::parse(&pairs(&String::from(params.to_string()))))
}
