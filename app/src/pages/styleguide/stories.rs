use leptos::prelude::*;

use crate::components::PageHead;

/// All of them.
pub(super) fn stories() -> impl IntoView {
    view! { <PageHead title="Styleguide"/> }
}
