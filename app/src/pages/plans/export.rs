use leptos::prelude::*;
use tidemark_domain::exchange::{ExchangeFormat, PlanExport};

use crate::{
    components::{Copyable, Crumb, Notice, PageHead, Tone, load_page},
    pages::search,
    query::pairs,
    server_fns::plans::{PlanAddress, export_plan},
};

/// A plan in the form of others, to copy or to keep as a file.
#[component]
pub(crate) fn PlanExportPage() -> impl IntoView {
    let search = search();
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
    let href = |path: &str, format: &str| {
        let mut query = address.query();
        query.push("format", format);
        query.on(path)
    };
    let forms = ExchangeFormat::ALL
        .map(|form| {
            let current = (form.as_str() == format).then_some("true");
            view! {
                <a class="choice" href=href("/plans/export", form.as_str()) aria-current=current>{form.label()}</a>
            }
        })
        .collect_view();
    let (download, plan) = (
        href("/api/v1/plan/export", format),
        address.on("/plans/view"),
    );
    let lost = (!exported.lost.is_empty()).then(|| {
        let fields = exported.lost.join(", ");
        let means = ExchangeFormat::parse(format)
            .unwrap_or_default()
            .lost_means();
        view! {
            <Notice tone=Tone::Warn title="Not everything has a place there">
                <p>{format!("{fields}: {means}.")}</p>
            </Notice>
        }
    });
    view! {
        <PageHead
            title=format!("Export {}", exported.file_name)
            crumbs=vec![
                Crumb::new("Plans", "/plans"),
                Crumb::new("The plan", plan),
            ]
        >
            <a class="button" href=download rel="external" download=exported.file_name>"Keep as a file"</a>
        </PageHead>
        <nav class="choices" aria-label="Form">{forms}</nav>
        {lost}
        <Copyable text=exported.text label="document" block=true/>
    }
}
