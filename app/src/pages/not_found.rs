use leptos::prelude::*;

use super::answer_with;
use crate::{components::PageHead, error::ErrorKind};

/// There is no such page.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    // The router makes its fallback for every page, and shows it only where no route matches.
    move || {
        answer_with(ErrorKind::NotFound);
        view! {
            <PageHead title="There is no such page"/>
            <p>"The address may be mistyped, or what it named is gone."</p>
            <p>
                <a href="/">"Go to the overview"</a> " or "
                <a href="/resources">"look for a resource"</a> "."
            </p>
        }
    }
}
