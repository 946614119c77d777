use leptos::prelude::*;

/// The way through a list that is read page by page.
#[component]
pub(crate) fn Pagination(
    /// How much is shown and how much there is, in words.
    #[prop(into)]
    summary: String,
    /// The first page, when this is another.
    #[prop(into)]
    first: Option<String>,
    /// The next page, when there is one.
    #[prop(into)]
    next: Option<String>,
) -> impl IntoView {
    view! {
        <nav class="pagination" aria-label="Pages">
            <p>{summary}</p>
            {first.map(|href| view! { <a class="button" href=href rel="prev">"First page"</a> })}
            {next.map(|href| view! { <a class="button" href=href rel="next">"Next page"</a> })}
        </nav>
    }
}
