use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Privilege,
    coverage::{Control, ControlChange, ControlKind},
};

use crate::{
    components::{
        Badge, Choice, Column, Crumb, Field, FormError, Moment, PageHead, PostForm, Select, Style,
        Table, Tone, load,
    },
    outcome::{entered, failure},
    pages::search,
    query::{link, pairs},
    server_fns::coverage::{PutControl, RemoveControl, list_control_changes, list_controls},
    use_session,
};

const PATH: &str = "/coverage/controls";

/// The rules of the house, and how they were changed.
#[component]
pub(crate) fn ControlsPage() -> impl IntoView {
    let search = search();
    // Anew for each address: it says which control the form changes.
    let controls = Resource::new_blocking(move || search.get(), |_| list_controls());
    let changes = Resource::new_blocking(|| (), |()| list_control_changes());
    let may = use_session().may(Privilege::ManageControls);
    view! {
        <PageHead title="Controls" crumbs=vec![Crumb::new("Coverage", "/coverage")]/>
        <p class="prose">
            "A control asks something of resources: that a plan takes them, that they can be restored to a moment not long ago, "
            "that a copy lies elsewhere. Every resource is held against each control that asks something of it."
        </p>
        <FormError action=PutControl::PATH/>
        <FormError action=RemoveControl::PATH/>
        {load(controls, move |controls| show(controls, may, &edited(&search.get_untracked())))}
        <section aria-labelledby="changes-title">
            <h2 id="changes-title">"How the controls were changed"</h2>
            {load(changes, |changes| history(changes).into_any())}
        </section>
    }
}

/// The id of the control that the address asks to change.
fn edited(query: &str) -> String {
    pairs(query)
        .into_iter()
        .find(|(name, _)| name == "change")
        .map(|(_, id)| id)
        .unwrap_or_default()
}

fn show(controls: Vec<Control>, may: bool, change: &str) -> AnyView {
    let changed = controls
        .iter()
        .find(|control| control.id == change)
        .cloned();
    let rows = controls
        .into_iter()
        .map(|control| row(control, may))
        .collect_view();
    let title = match &changed {
        Some(control) => format!("Change “{}”", control.name),
        None => "A new control".to_owned(),
    };
    let remove = changed.as_ref().map(|control| {
        let id = control.id.clone();
        view! {
            <PostForm action=RemoveControl::PATH>
                <input type="hidden" name="id" value=id/>
                <button class="button">"Remove this control"</button>
                " " <a class="button" href=PATH>"Cancel"</a>
            </PostForm>
        }
    });
    let editor = may.then(|| {
        view! {
            <section aria-labelledby="form-title">
                <h2 id="form-title">{title}</h2>
                <div class="narrow">{form(changed.as_ref())} {remove}</div>
            </section>
        }
    });
    view! {
        <Table label="Controls" columns=vec![
            Column::text("Control"), Column::text("Counts"), Column::text("Of"), Column::text("Asks"), Column::text("Actions"),
        ]>{rows}</Table>
        {editor}
    }
    .into_any()
}

fn row(control: Control, may: bool) -> impl IntoView {
    let (tone, word) = if control.enabled {
        (Tone::Good, "counts")
    } else {
        (Tone::Neutral, "off")
    };
    let change = may.then(|| {
        let label = format!("Change {}", control.name);
        view! { <a class="button button-small" href=link(PATH, "change", &control.id) aria-label=label>"Change"</a> }
    });
    view! {
        <tr>
            <td class="cell-name">{control.name.clone()} <p class="cell-note"><code>{control.id.clone()}</code></p></td>
            <td><Badge tone text=word/></td>
            <td>{control.scope.explain()}</td>
            <td class="cell-wide">{control.kind.explain()}</td>
            <td>{change}</td>
        </tr>
    }
}

/// The form of a control; of a new one when none is given.
fn form(control: Option<&Control>) -> impl IntoView + use<> {
    let id = control
        .map(|control| control.id.clone())
        .unwrap_or_default();
    // What was entered goes back into the form that it was entered in.
    let again = failure(PutControl::PATH).is_some() && entered(PutControl::PATH, "id") == id;
    let value = |field: &str, own: fn(&Control) -> String| {
        if again {
            entered(PutControl::PATH, field)
        } else {
            control.map(own).unwrap_or_default()
        }
    };
    let rule = |field: &str| {
        failure(PutControl::PATH)
            .filter(|_| again)
            .and_then(|error| error.rule_for(field).map(str::to_owned))
            .unwrap_or_default()
    };
    let kinds = ControlKind::ALL
        .map(|kind| {
            let unit = kind.limit().map(|(_, unit)| format!(" ({unit})"));
            Choice::new(
                kind.word(),
                format!("{}{}", name_of(kind), unit.unwrap_or_default()),
            )
        })
        .to_vec();
    let name = value("name", |control| control.name.clone());
    let kind = value("kind", |control| control.kind.word().to_owned());
    let limit = value("limit", |control| {
        let limit = control.kind.limit();
        limit
            .map(|(number, _)| number.to_string())
            .unwrap_or_default()
    });
    let scope = value("of", |control| control.scope.typed());
    let (name_rule, kind_rule, limit_rule, scope_rule) =
        (rule("name"), rule("kind"), rule("limit"), rule("of"));
    let enabled = control.is_none_or(|control| control.enabled);
    let button = match control {
        Some(_) => "Save the control",
        None => "Add the control",
    };
    view! {
        <PostForm action=PutControl::PATH class="form">
            <input type="hidden" name="id" value=id/>
            <Field label="Name" name="name" value=name required=true error=name_rule/>
            <Select label="Asks" name="kind" choices=kinds value=kind error=kind_rule/>
            <Field label="Limit" name="limit" kind="number" min="1" value=limit error=limit_rule
                hint="Hours or days, as said above; empty where none is asked."/>
            <Field label="Of" name="of" value=scope error=scope_rule
                hint="Types, account ids, Regions and a tag, separated by commas: DynamoDB, eu-west-1, stage=prod. Empty takes every resource."/>
            <div class="field">
                <label for="field-enabled">
                    <input type="checkbox" id="field-enabled" name="enabled" value="on" checked=enabled/>
                    " It counts"
                </label>
            </div>
            <div class="form-actions">
                <button class="button button-primary">{button}</button>
            </div>
        </PostForm>
    }
}

fn name_of(kind: ControlKind) -> &'static str {
    match kind {
        ControlKind::InPlan => "taken by a plan",
        ControlKind::Frequency { .. } => "backed up at least every",
        ControlKind::Retention { .. } => "kept for at least",
        ControlKind::OtherRegion { .. } => "copied to another Region at least every",
        ControlKind::OtherAccount { .. } => "copied to another account at least every",
        ControlKind::Locked { .. } => "a point in a locked vault at least every",
        ControlKind::Encrypted => "encrypted, where that is known",
        ControlKind::RestoreTested { .. } => "restore tried at least every",
    }
}

fn history(changes: Vec<ControlChange>) -> impl IntoView {
    if changes.is_empty() {
        return view! { <p class="muted">"Nobody has changed one yet: these are the console's own."</p> }
            .into_any();
    }
    let rows = changes
        .into_iter()
        .map(|change| {
            let after = match change.control {
                Some(control) => format!(
                    "{}: {}, {}{}",
                    control.name,
                    control.scope.explain(),
                    control.kind.explain(),
                    if control.enabled { "" } else { " (off)" }
                ),
                None => "removed".to_owned(),
            };
            view! {
                <tr>
                    <td><Moment at=change.at style=Style::Both/></td>
                    <td>{change.by}</td>
                    <td><code>{change.id}</code></td>
                    <td class="cell-wide">{after}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Changes of controls" columns=vec![
            Column::text("When"), Column::text("Who"), Column::text("Control"), Column::text("Since then"),
        ]>{rows}</Table>
    }
    .into_any()
}
