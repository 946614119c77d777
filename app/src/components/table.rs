use leptos::prelude::*;

/// A column's heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Column {
    title: &'static str,
    numeric: bool,
    sort: Option<(String, Option<bool>)>,
}

impl Column {
    /// A column of text.
    pub(crate) fn text(title: &'static str) -> Self {
        Self {
            title,
            ..Self::default()
        }
    }

    /// A column of figures, set to the right.
    pub(crate) fn number(title: &'static str) -> Self {
        Self {
            numeric: true,
            ..Self::text(title)
        }
    }

    /// Makes the heading a link that sorts. `descending` is how the list is sorted by it now.
    #[must_use]
    pub(crate) fn sorted(mut self, href: String, descending: Option<bool>) -> Self {
        self.sort = Some((href, descending));
        self
    }
}

/// A table with a sticky heading that scrolls sideways by itself where the screen is narrow.
#[component]
pub(crate) fn Table(
    /// What it lists; read out, not shown.
    #[prop(into)]
    label: String,
    /// The columns.
    columns: Vec<Column>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads = columns.into_iter().map(head).collect_view();
    let caption = label.clone();
    view! {
        <div class="table-frame" role="group" aria-label=label tabindex="0">
            <table class="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

fn head(column: Column) -> impl IntoView {
    let class = if column.numeric { "numeric" } else { "" };
    match column.sort {
        None => view! { <th scope="col" class=class>{column.title}</th> }.into_any(),
        Some((href, descending)) => {
            let order = descending.map(|d| if d { "descending" } else { "ascending" });
            view! {
                <th scope="col" class=class aria-sort=order>
                    <a class="sort" href=href>{column.title}</a>
                </th>
            }
            .into_any()
        }
    }
}
