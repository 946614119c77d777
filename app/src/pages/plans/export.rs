use leptos::prelude::*;

use crate::{
    components::{Copyable, Crumb, Notice, PageHead, Tone, load_page},
    pages::search_here,
    query::{encode, pairs},
    server_fns::plans::{PlanAddress, PlanExport, export_plan},
};

/// The forms: name in addresses, title, ending of the file.
pub(super) const FORMS: [(&str, &str, &str); 4] = [
    ("json", "JSON", "json"),
    ("cloudformation", "CloudFormation (JSON)", "template.json"),
    (
        "cloudformation-yaml",
        "CloudFormation (YAML)",
        "template.yaml",
    ),
    ("terraform", "Terraform", "tf"),
];

/// A plan in the form of others, to copy or to keep as a file.
#[component]
pub(crate) fn PlanExportPage() -> impl IntoView {
    let search = search_here();
    let exported = Resource::new_blocking(
        move || search.get(),
        |query| export_plan(PlanAddress::parse(&query), form_of(&query)),
    );
    load_page(exported, move |exported| {
        let query = search.get_untracked();
        show(exported, &PlanAddress::parse(&query), &form_of(&query)).into_any()
    })
}

fn form_of(query: &str) -> String {
    pairs(query)
        .into_iter()
        .find(|(name, _)| name == "format")
        .map_or_else(|| "json".to_owned(), |(_, format)| format)
}

fn show(exported: PlanExport, address: &PlanAddress, format: &str) -> impl IntoView + use<> {
    let forms = FORMS
        .map(|(name, title, _)| {
            let mut query = address.query();
            query.push("format", name);
            let current = (name == format).then_some("true");
            view! { <a class="choice" href=query.on("/plans/export") aria-current=current>{title}</a> }
        })
        .collect_view();
    let ending = FORMS
        .into_iter()
        .find(|(name, _, _)| *name == format)
        .map_or("txt", |(_, _, ending)| ending);
    let file = format!("{}.{ending}", exported.name);
    let data = format!("data:text/plain;charset=utf-8,{}", encode(&exported.text));
    let lost = (!exported.lost.is_empty()).then(|| {
        let fields = exported.lost.join(", ");
        view! {
            <Notice tone=Tone::Warn title="Not everything has a place there">
                <p>{format!("The provider of Terraform knows no field for: {fields}.")}</p>
            </Notice>
        }
    });
    view! {
        <PageHead
            title=format!("Export {}", exported.name)
            crumbs=vec![
                Crumb::new("Plans", "/plans"),
                Crumb::new(exported.name.clone(), address.on("/plans/view")),
            ]
        >
            <a class="button" href=data download=file>"Keep as a file"</a>
        </PageHead>
        <nav class="choices" aria-label="Form">{forms}</nav>
        {lost}
        <Copyable text=exported.text label="document" block=true/>
    }
}
