use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Privilege,
    sets::{TEMPLATES, Template},
};

use super::{of_query, set_href};
use crate::{
    components::{
        Choice, Crumb, FormError, GetForm, PageHead, PostForm, Select, TextArea, load_page,
    },
    error::AppError,
    outcome::{entered, failure},
    pages::{only, search},
    server_fns::sets::{PutSet, get_set},
};

/// What the editor begins with.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Begin {
    name: String,
    text: String,
    based_on: u32,
}

/// Writes a new set, from a template perhaps, or the next version of one.
#[component]
pub(crate) fn SetEditPage() -> impl IntoView {
    only(
        Privilege::ManagePlans,
        "Ask an operator or an administrator to write the set.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let search = search();
    let begin = Resource::new_blocking(
        move || search.get(),
        |query| async move { begin(&query).await },
    );
    view! {
        {load_page(begin, move |begin| show(begin, &search.get_untracked()))}
    }
}

async fn begin(query: &str) -> Result<Begin, AppError> {
    let name = of_query(query, "name");
    if name.is_empty() {
        let template = Template::named(&of_query(query, "template"));
        return Ok(Begin {
            name,
            text: template.map_or_else(String::new, |template| template.text.to_owned()),
            based_on: 0,
        });
    }
    let set = get_set(name.clone()).await?;
    Ok(Begin {
        name,
        text: set.stored.manifest,
        based_on: set.stored.version,
    })
}

fn show(begin: Begin, query: &str) -> AnyView {
    let is_new = begin.name.is_empty();
    let (title, mut crumbs) = (
        if is_new {
            "New set".to_owned()
        } else {
            format!("Change {}", begin.name)
        },
        vec![Crumb::new("Application sets", "/sets")],
    );
    if !is_new {
        crumbs.push(Crumb::new(begin.name.clone(), set_href(&begin.name)));
    }
    let choice = is_new.then(|| templates(of_query(query, "template")));
    // What was typed comes back as it was typed, with what is wrong.
    let again = failure(PutSet::PATH).is_some();
    let (text, based_on) = if again {
        let based_on = entered(PutSet::PATH, "based_on");
        (entered(PutSet::PATH, "manifest"), based_on)
    } else {
        (begin.text, begin.based_on.to_string())
    };
    let cancel = if is_new {
        "/sets".to_owned()
    } else {
        set_href(&begin.name)
    };
    view! {
        <PageHead title crumbs/>
        {choice}
        <FormError action=PutSet::PATH/>
        {faults()}
        <PostForm action=PutSet::PATH class="form">
            <input type="hidden" name="based_on" value=based_on/>
            <TextArea label="Manifest" name="manifest" value=text rows=28 error=summary()
                hint="YAML or JSON. The set has the name that the manifest says. Nothing is backed up by saving it."/>
            <div class="form-actions">
                <button class="button button-primary">"Check and save"</button>
                <a class="button" href=cancel>"Cancel"</a>
            </div>
        </PostForm>
    }
    .into_any()
}

fn templates(chosen: String) -> impl IntoView {
    let mut choices = vec![Choice::new("", "nothing")];
    choices.extend(TEMPLATES.map(|template| Choice::new(template.id, template.title)));
    view! {
        <GetForm action="/sets/new" class="filters filters-wide" label="Choose a template">
            <Select label="Start from" name="template" choices value=chosen/>
            <button class="button">"Use the template"</button>
        </GetForm>
    }
}

/// What the manifest breaks, a line for each fault.
fn broken() -> Vec<String> {
    let error = failure(PutSet::PATH);
    let rule = error.and_then(|error| error.rule_for("manifest").map(str::to_owned));
    rule.unwrap_or_default()
        .lines()
        .map(str::to_owned)
        .collect()
}

fn summary() -> String {
    match broken().len() {
        0 => String::new(),
        1 => "One thing is wrong; it is named above.".to_owned(),
        many => format!("{many} things are wrong; they are named above."),
    }
}

fn faults() -> Option<impl IntoView> {
    let faults = broken();
    (!faults.is_empty()).then(|| {
        let items = faults
            .into_iter()
            .map(|fault| view! { <li>{fault}</li> })
            .collect_view();
        view! {
            <section aria-labelledby="faults-title">
                <h2 id="faults-title">"What is wrong"</h2>
                <ul>{items}</ul>
            </section>
        }
    })
}
