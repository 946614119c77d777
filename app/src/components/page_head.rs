use leptos::prelude::*;
use leptos_meta::Title;

/// A step of the way from the overview to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Crumb {
    /// What it is called.
    pub(crate) text: String,
    /// Where it leads.
    pub(crate) href: String,
}

impl Crumb {
    /// A step.
    pub(crate) fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
        }
    }
}

/// The top of a page: the way here, its heading, what can be done.
#[component]
pub(crate) fn PageHead(
    /// The heading, and the document's title.
    #[prop(into)]
    title: String,
    /// The way here.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// What can be done, and other things beside the heading.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let way = (!crumbs.is_empty()).then(|| {
        let steps = crumbs
            .into_iter()
            .map(|crumb| view! { <li><a href=crumb.href>{crumb.text}</a></li> })
            .collect_view();
        view! { <nav class="crumbs" aria-label="Breadcrumbs"><ol>{steps}</ol></nav> }
    });
    view! {
        <Title text=title.clone()/>
        <header class="page-head">
            {way}
            <div class="page-head-row">
                <h1 id="page-title" tabindex="-1">{title}</h1>
                {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
            </div>
        </header>
    }
}
